namespace Adjoint;

public static partial class Special
{
    /// <summary>
    /// Hurwitz's ζ(x, q) = Σ (k + q)⁻ˣ over k ≥ 0, element by element: torch.special.zeta. It is differentiated with respect to q.
    /// </summary>
    /// <param name="x">x, above 1; at 1 it is ∞, below NaN.</param>
    /// <param name="other">q; the shapes broadcast. At 0 and the negative whole numbers it is ∞.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="MissingRuleException">A gradient of x is wanted, for which there is no formula.</exception>
    public static Tensor Zeta(Tensor x, Tensor other) =>
        Tensor.Speaking("Zeta", () =>
            Binary.Apply(new ZetaOp(), OneSided.Constant("Zeta", x.Given(), nameof(x), other.Given()), other));
}

/// <summary>z = ζ(x, y),   ∂z/∂y = −x·ζ(x + 1, y).</summary>
internal readonly struct ZetaOp : IBinaryPrimitive
{
    public static string Name => "special_zeta";
    public static OpInfo Info => new()
    {
        Formula = "Σ (k + q)⁻ˣ",
        Torch = "torch.special.zeta(torch.tensor(3.5, dtype=x.dtype), x)",
        Gradient = "−g·x·ζ(x + 1, q)",
        FormulaNames = ["zeta"],
        Latex = @"\zeta",
        Word = "Zeta",
    };
    public static Saves Saves => Saves.Input;
    public static Reads SlopeXReads => Reads.None;
    public static bool IsLong => true;
    public static Domain DomainX => new(2, 4);
    public static Domain DomainY => new(0.5, 3);
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<ZetaOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => OneSided.Unknown<V>("zeta");
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -x * V.Inlined<ZetaOp>(x + 1, y);
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Zeta<R, T>(x, y);
}

/// <summary>Functions of two arguments of which the first has no gradient by a formula, in PyTorch neither.</summary>
internal static class OneSided
{
    /// <summary>The argument.</summary>
    /// <exception cref="MissingRuleException">Its gradient is wanted.</exception>
    internal static Tensor Constant(string operation, Tensor x, string parameter, Tensor other)
    {
        if (History.IsWanted(x))
            throw new MissingRuleException(
                $"{operation}: there is no derivative with respect to {parameter}, as in PyTorch, but {parameter} requires grad. Pass "
                + $"{parameter}.Detach() for that with respect to the other argument, of shape {other.Shape}.");
        return x;
    }

    /// <summary>The slope by it: not a number, and no formula.</summary>
    /// <exception cref="MissingRuleException">A formula of it is wanted.</exception>
    internal static V Unknown<V>(string function) where V : IAlgebra<V> => !V.IsFormula ? V.Constant(double.NaN)
        : throw new MissingRuleException($"{function}: there is no formula of the derivative with respect to the first argument.");
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>Hurwitz's ζ(x, y) = Σ (k + y)⁻ˣ over k ≥ 0. It is differentiated with respect to y.</summary>
        /// <param name="y">y.</param>
        public V Zeta(V y) => V.Apply<ZetaOp>(x, y);
    }
}

public static partial class OpTable
{
    private static Op Zeta =>
        Op.Of(OpKind.Other, "special_zeta", q => Special.Zeta(3.5, q), new OpInput([2, 3], new Domain(0.5, 3)), ZetaOp.Info);
}
