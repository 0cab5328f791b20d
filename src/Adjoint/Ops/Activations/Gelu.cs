using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x·Φ(x) with the normal distribution function Φ, element by element (Hendrycks and Gimpel 2016).</summary>
    /// <param name="approximate">Exact, or with Φ approximated by a hyperbolic tangent.</param>
    public Tensor Gelu(GeluApproximation approximate = GeluApproximation.None) =>
        approximate == GeluApproximation.Tanh ? Unary.Apply(new GeluTanhOp(), this) : Unary.Apply(new GeluOp(), this);
}

/// <summary>y = x·Φ(x), Φ(x) = (1 + erf(x/√2))/2,   dy/dx = Φ(x) + x·e^(−x²/2)/√(2π).</summary>
internal readonly struct GeluOp : IUnaryOp
{
    public static string Name => "gelu";
    // PyTorch's float32 loses digits in 1 + erf(x) for negative x: see the slack.
    public static OpInfo Info => new()
    {
        Formula = "x*(1 + erf(x/sqrt(2)))/2",
        Torch = "F.gelu(x)",
        FormulaNames = ["gelu"],
        Onnx = "Gelu",
        Slack = 20,
        Module = "GELU(approximate={approximate})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => x * 0.5 * (V.Inlined<ErfOp>(x * Math.Sqrt(0.5)) + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
            0.5 * (V.Inlined<ErfOp>(x * Math.Sqrt(0.5)) + 1) + x * (V.Inlined<ExpOp>(x * x * -0.5) * (1 / Math.Sqrt(2 * Math.PI)));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·Φ(x).</summary>
        public V Gelu(GeluApproximation approximate = GeluApproximation.None) =>
            approximate == GeluApproximation.Tanh ? V.Apply(default(GeluTanhOp), x) : V.Apply(default(GeluOp), x);
    }
}
