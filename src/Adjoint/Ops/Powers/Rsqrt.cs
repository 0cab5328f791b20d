using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>1/√x, element by element; NaN below 0.</summary>
    public Tensor Rsqrt() => Unary.Apply(new RsqrtOp(), this);

    /// <summary>x = 1/√x, in place.</summary>
    public Tensor RsqrtInPlace() => Unary.ApplyInPlace(new RsqrtOp(), this);
}

/// <summary>y = 1/√x,   dy/dx = −y³/2.</summary>
internal readonly struct RsqrtOp : IPrimitive
{
    public static string Name => "rsqrt";
    public static OpInfo Info => new()
    {
        Formula = "1/sqrt(x)",
        Torch = "torch.rsqrt(x)",
        FormulaNames = ["rsqrt"],
        Facts = OpFacts.Smooth,
    };
    public static Saves Saves => Saves.Output;
    public static Domain Domain => Domain.Positive;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<RsqrtOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => -0.5 * (y * y * y);
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => 1 / R.Sqrt(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>1/√x.</summary>
        public V Rsqrt() => V.Apply<RsqrtOp>(x);
    }
}
