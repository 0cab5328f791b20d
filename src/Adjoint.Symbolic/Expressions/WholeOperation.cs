namespace Adjoint.Symbolic;

/// <summary>
/// Composed operations that a formula keeps whole, because their own slope says more than the derivative of what they are composed
/// of: at a kink, and where a branch that is not taken overflows. The others stand in a formula as their own formulas.
/// </summary>
internal sealed class WholeOperation<TOp>(TOp op) : UnaryFunction where TOp : struct, IUnaryOp
{
    public override string Name => Info.FormulaNames[0];

    public override OpInfo Info { get; } = TOp.Info;

    public override V Value<V>(V x) => V.Apply(op, x);

    public override V Slope<V>(V x, V y) => op.Slope(x, y);
}

/// <summary>The operations that say of themselves that they are kept whole, with the parameters that their name stands for.</summary>
internal static class WholeOperations
{
    private static readonly Dictionary<object, UnaryFunction> Kept = OpTable.ElementWise.OfType<UnaryRow>()
        .Where(row => row.Info.Is(OpFacts.Whole)).Select(row => row.Visit(new Reader()))
        .ToDictionary(kept => kept.Op, kept => kept.Function);

    /// <summary>The function of that name; null for an operation that is not kept whole, or has other parameters.</summary>
    public static UnaryFunction? Find<TOp>(TOp op) where TOp : struct, IUnaryOp => Whole<TOp>.Is ? Kept.GetValueOrDefault(op) : null;

    // Asked of every operation within a formula; most need no look into the table.
    private static class Whole<TOp> where TOp : struct, IUnaryOp
    {
        public static readonly bool Is = TOp.Info.Is(OpFacts.Whole);
    }

    private sealed class Reader : IUnaryVisitor<(object Op, UnaryFunction Function)>
    {
        public (object Op, UnaryFunction Function) Of<TOp>(TOp op) where TOp : struct, IUnaryOp => (op, new WholeOperation<TOp>(op));
    }
}
