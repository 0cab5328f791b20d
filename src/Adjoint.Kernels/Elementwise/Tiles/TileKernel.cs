namespace Adjoint.Kernels;

/// <summary>One operation on a tile: on so many elements that what is computed in between stays in the nearest cache.</summary>
internal abstract unsafe class TileKernel
{
    /// <summary>Whether one element may stand for all of an operand.</summary>
    public virtual bool MayRepeat(int operand) => false;

    /// <summary>Whether a result may lie where an operand of its type does.</summary>
    public virtual bool MayOverwrite => true;

    /// <summary>Computes the tile.</summary>
    /// <param name="at">Where the operands and then the results of the tile lie; null for one that is not there.</param>
    /// <param name="repeated">By bits, the operands that are one element.</param>
    /// <param name="start">Which element of all the first one is.</param>
    /// <param name="count">How many elements the tile has.</param>
    public abstract void Run(void** at, ulong repeated, long start, int count);
}
