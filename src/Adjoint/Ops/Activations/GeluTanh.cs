using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>y = x·(1 + t)/2 with t = tanh u, u = √(2/π)·(x + 0.044715·x³),   dy/dx = (1 + t)/2 + x·(1 − t²)·u′/2.</summary>
internal readonly struct GeluTanhOp : IUnaryOp
{
    private static readonly double Factor = Math.Sqrt(2 / Math.PI);
    private const double Cubic = 0.044715;

    public static string Name => "gelu";
    public static OpInfo Info => new()
    {
        Formula = "x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))/2",
        Torch = "F.gelu(x, approximate=\"tanh\")",
        Word = "Gelu",
        Onnx = "Gelu",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;

    public V Value<V>(V x) where V : IAlgebra<V> => 0.5 * x * (V.Inlined<TanhOp>(Inner(Near(x))) + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V>
    {
        V near = Near(x), t = V.Inlined<TanhOp>(Inner(near));
        V innerSlope = (near * near * (3 * Cubic) + 1) * Factor;
        return 0.5 * (t + 1) + 0.5 * x * (1 - t * t) * innerSlope;
    }

    // Beyond ±30 the tangent is ±1 to the last bit; the cube would overflow, and 0·∞ be no number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Near<V>(V x) where V : IAlgebra<V> => V.IsFormula ? x : new ClampOp(-30, 30).Value(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inner<V>(V x) where V : IAlgebra<V> => (x + x * x * x * Cubic) * Factor;
}
