using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x for x > 0, otherwise α·(eˣ − 1), element by element.</summary>
    /// <param name="alpha">α.</param>
    public Tensor Elu(double alpha = 1) => Unary.Apply(new EluOp(alpha), this);

    /// <summary>x = x for x > 0, else α·(eˣ − 1), in place.</summary>
    public Tensor EluInPlace(double alpha = 1) => Unary.ApplyInPlace(new EluOp(alpha), this);
}

/// <summary>y = x for x > 0, else α·(eˣ − 1),   dy/dx = 1 for x > 0, else α·eˣ.</summary>
internal readonly struct EluOp(double alpha) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("alpha", alpha);

    public static string Name => "elu";
    public static OpInfo Info => new()
    {
        Formula = "if(x > 0, x, alpha*(exp(x) - 1))",
        Torch = "F.elu(x, alpha)",
        FormulaNames = ["elu"],
        Onnx = "Elu",
        Facts = OpFacts.Whole,
        Module = "ELU(alpha={alpha: any finite number}{inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals.Without(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, x, V.Inlined<Expm1Op>(Lower(x)) * alpha);

    // Of what is above 0 nothing is asked for, so that registers without anything below are quick; a formula needs no such care.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Lower<V>(V x) where V : IAlgebra<V> => V.IsFormula ? x : V.IfLess(V.Constant(0), x, V.Constant(0), x);

    // The exponential of what is above 0 is not used, but it would overflow, and 0·∞ spoil a second derivative of tensors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(
        V.Constant(0), x, V.Constant(1), V.Inlined<ExpOp>(V.IfLess(V.Constant(0), x, V.Constant(0), x)) * alpha);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x for x > 0, otherwise α·(eˣ − 1).</summary>
        public V Elu(double alpha = 1) => V.Apply(new EluOp(alpha), x);
    }
}
