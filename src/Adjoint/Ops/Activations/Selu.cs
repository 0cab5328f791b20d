using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// λ·x for x > 0, otherwise λ·α·(eˣ − 1), element by element, with the λ and α that keep mean 0 and variance 1 (Klambauer et al.
    /// 2017).
    /// </summary>
    public Tensor Selu() => Unary.Apply(new SeluOp(), this);

    /// <summary>x = λ·x for x &gt; 0, else λ·α·(eˣ − 1), in place.</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor SeluInPlace() => Tensor.Speaking("SeluInPlace", () => Unary.ApplyInPlace(new SeluOp(), this));
}

/// <summary>y = λ·x for x > 0, else λ·α·(eˣ − 1),   dy/dx = λ for x > 0, else λ·α·eˣ.</summary>
internal readonly struct SeluOp : IUnaryOp
{
    public static string Name => "elu";
    public static OpInfo Info => new()
    {
        Formula = "1.0507009873554805*if(x > 0, x, 1.6732632423543772*(exp(x) - 1))",
        Torch = "F.selu(x)",
        FormulaNames = ["selu"],
        Onnx = "Selu",
        Facts = OpFacts.Whole,
        Module = "SELU({inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Reals.Without(0);

    private const double Alpha = 1.6732632423543772848170429916717;
    private const double Scale = 1.0507009873554804934193349852946;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : IAlgebra<V> =>
        V.IfLess(V.Constant(0), x, x * Scale, V.Inlined<Expm1Op>(EluOp.Lower(x)) * (Scale * Alpha));

    // The exponential of what is above 0 is not used, but it would overflow, and 0·∞ spoil a second derivative of tensors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(
        V.Constant(0), x, V.Constant(Scale), V.Inlined<ExpOp>(V.IfLess(V.Constant(0), x, V.Constant(0), x)) * (Scale * Alpha));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>λ·x for x > 0, otherwise λ·α·(eˣ − 1).</summary>
        public V Selu() => V.Apply(default(SeluOp), x);
    }
}
