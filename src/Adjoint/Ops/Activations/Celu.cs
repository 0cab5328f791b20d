using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x for x > 0, otherwise α·(e^(x/α) − 1), element by element.</summary>
    /// <param name="alpha">α.</param>
    public Tensor Celu(double alpha = 1) => Unary.Apply(new CeluOp(alpha), this);

    /// <summary>x = x for x &gt; 0, else α·(e^(x/α) − 1), in place.</summary>
    /// <inheritdoc cref="Celu(double)"/>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor CeluInPlace(double alpha = 1) => Unary.ApplyInPlace(new CeluOp(alpha), this);
}

/// <summary>y = x for x > 0, else α·(e^(x/α) − 1),   dy/dx = 1 for x > 0, else e^(x/α).</summary>
internal readonly struct CeluOp(double alpha) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("alpha", alpha);

    public static string Name => "celu";
    public static OpInfo Info => new()
    {
        Formula = "if(x > 0, x, alpha*(exp(x/alpha) - 1))",
        Torch = "F.celu(x, alpha)",
        FormulaNames = ["celu"],
        Onnx = "Celu",
        Facts = OpFacts.Whole,
        Module = "CELU(alpha={alpha: above 0}{inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals.Without(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, x, V.Inlined<Expm1Op>(EluOp.Lower(x) / alpha) * alpha);

    // The exponential of what is above 0 is not used, but it would overflow, and 0·∞ spoil a second derivative of tensors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(
        V.Constant(0), x, V.Constant(1), V.Inlined<ExpOp>(V.IfLess(V.Constant(0), x, V.Constant(0), x) / alpha));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x for x > 0, otherwise α·(e^(x/α) − 1).</summary>
        public V Celu(double alpha = 1) => V.Apply(new CeluOp(alpha), x);
    }
}
