namespace Adjoint;

/// <summary>
/// All operations, one line each. The tests of gradients, the comparison with PyTorch, the names of formulas, docs/operations.md and
/// <c>adjoint ops</c> go through it; an operation that is missing here fails a test that says so.
/// </summary>
/// <remarks>
/// An element-wise operation is its own row: <c>Op.Unary&lt;TanhOp&gt;()</c>. The others have theirs at the end of their file, as a part of
/// this class, because only they know what to be tried with.
/// </remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static partial class OpTable
{
    /// <summary>All rows.</summary>
    public static IReadOnlyList<Op> All => Everything.Rows;

    /// <summary>The rows of element-wise operations, without making the others.</summary>
    internal static IReadOnlyList<Op> ElementWise => Elements.Rows;

    /// <summary>What formulas can call.</summary>
    internal static IEnumerable<Op> Formulas => Elements.Rows.Concat(OneSidedElements.Rows);

    private static Shape Row => [4];

    private static Shape Matrix => [3, 4];

    private static Shape Cube => [2, 3, 4];

    private static class Everything
    {
        internal static readonly IReadOnlyList<Op> Rows =
        [
            .. Elements.Rows, .. Shapes(), .. Indices(), .. Reductions(), .. Matrices(), .. Windows(), .. Zeros(), .. Draws(),
            .. Composites(),
        ];
    }

    private static Tensor Places(params long[] places) => Tensor.From(places);

    // Every third element, whatever the values: what is chosen must not change with them.
    private static Tensor Chosen(Tensor x) => (Tensor.Arange(x.NumEl).Remainder(3).Eq(0)).Reshape(x.Shape);

    private static Tensor Parts(Tensor[] parts)
    {
        Tensor sum = parts.Length > 0 ? parts[0].Sum() : Tensor.Zeros(Shape.Scalar, DType.Float64);
        for (int i = 1; i < parts.Length; i++) sum += parts[i].Square().Sum() * i;
        return sum;
    }
}
