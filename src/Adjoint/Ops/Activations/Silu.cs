using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x·σ(x), element by element; also called swish.</summary>
    public Tensor Silu() => Unary.Apply(new SiluOp(), this);

    /// <summary>x = x·σ(x), in place.</summary>
    public Tensor SiluInPlace() => Unary.ApplyInPlace(new SiluOp(), this);
}

/// <summary>y = x·σ(x),   dy/dx = σ(x)·(1 + x·(1 − σ(x))).</summary>
internal readonly struct SiluOp : IUnaryOp
{
    public static string Name => "silu";
    public static OpInfo Info => new()
    {
        Formula = "x/(1 + exp(-x))",
        Torch = "F.silu(x)",
        FormulaNames = ["silu"],
        Module = "SiLU({inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => x * V.Inlined<SigmoidOp>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V>
    {
        V s = V.Inlined<SigmoidOp>(x);
        return s * (x * (1 - s) + 1);
    }
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·σ(x).</summary>
        public V Silu() => V.Apply(default(SiluOp), x);
    }
}
