namespace Adjoint.Kernels;

/// <summary>How large a layer of recurrent cells is.</summary>
/// <param name="Kind">What the cells compute.</param>
/// <param name="Steps">The first row of each step and how many it has, in the order of the steps.</param>
/// <param name="Rows">All rows of all steps.</param>
/// <param name="Input">How many numbers the input has.</param>
/// <param name="State">How wide the state is.</param>
/// <param name="Cells">How many cells there are.</param>
internal readonly record struct RecurrentSizes(
    RecurrentKind Kind, (int Start, int Count)[] Steps, int Rows, int Input, int State, int Cells)
{
    /// <summary>How wide the gates are.</summary>
    public int Gates => Kind.Gates() * Cells;

    /// <summary>How much is kept of each row besides.</summary>
    public int Kept => Kind.Kept() * Cells;
}
