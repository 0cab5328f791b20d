namespace Adjoint;

/// <summary>An element-wise function of two arguments: its value and its two slopes, written once over any algebra.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public interface IBinaryOp
{
    /// <summary>The name in lower case, as PyTorch spells it: <c>mul</c>, <c>atan2</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The number at the end of the node's name, where PyTorch has several nodes of one name: 1 for <c>PowBackward1</c>.</summary>
    static virtual int Overload => 0;

    /// <summary>How the operation is written, called and asked for elsewhere; nothing that computing with it needs.</summary>
    static virtual OpInfo Info => OpInfo.None;

    /// <summary>What <see cref="SlopeX"/> and <see cref="SlopeY"/> read; nothing else is kept for the backward pass.</summary>
    static abstract Saves Saves { get; }

    /// <summary>Whether integers give integers (add, mul, maximum); otherwise they are converted to Float32 first.</summary>
    static virtual bool KeepsIntegers => false;

    /// <summary>Whether Bool tensors are taken as the integers 0 and 1; otherwise they are refused.</summary>
    static virtual bool TakesBool => true;

    /// <summary>
    /// Whether the formula contains the code of primitives, so that a sum over it first computes what it adds up. See Note [Calls in
    /// formulas] in <see cref="IPrimitive"/>.
    /// </summary>
    static virtual bool IsLong => false;

    /// <summary>What <see cref="SlopeX"/> reads, where that is less than all of <see cref="Saves"/>.</summary>
    static virtual Reads SlopeXReads => Reads.All;

    /// <summary>What <see cref="SlopeY"/> reads, where that is less than all of <see cref="Saves"/>.</summary>
    static virtual Reads SlopeYReads => Reads.All;

    /// <summary>Where the first argument may be sampled by the gradient tests.</summary>
    static virtual Domain DomainX => Domain.Reals;

    /// <summary>Where the second argument may be sampled by the gradient tests.</summary>
    static virtual Domain DomainY => Domain.Reals;

    /// <summary>Tells the parameters by PyTorch's names (an exponent, a negative slope); those without need not have it.</summary>
    /// <param name="to">Who is told.</param>
    void Describe(OpAttributes to)
    {
    }

    /// <summary>z = f(x, y).</summary>
    V Value<V>(V x, V y) where V : IAlgebra<V>;

    /// <summary>∂z/∂x.</summary>
    V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>;

    /// <summary>∂z/∂y.</summary>
    V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V>;
}

/// <summary>A binary function with code of its own for numbers and registers; its value is <c>V.Inlined&lt;TOp&gt;(x, y)</c>.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public interface IBinaryPrimitive : IBinaryOp
{
    /// <summary>
    /// Whether the function is a few instructions, which take less time than a call: then its code stands inside formulas.
    /// </summary>
    static virtual bool IsShort => false;

    /// <summary>The function of every pair of lanes.</summary>
    static abstract R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged;
}
