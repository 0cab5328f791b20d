using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x·tanh(ln(1 + eˣ)), element by element (Misra 2019).</summary>
    public Tensor Mish() => Unary.Apply(new MishOp(), this);

    /// <summary>x = x·tanh(ln(1 + eˣ)), in place.</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor MishInPlace() => Unary.ApplyInPlace(new MishOp(), this);
}

/// <summary>y = x·tanh(s), s = ln(1 + eˣ),   dy/dx = tanh(s) + x·σ(x)·(1 − tanh²(s)).</summary>
internal readonly struct MishOp : IUnaryOp
{
    public static string Name => "mish";
    public static OpInfo Info => new()
    {
        Formula = "x*tanh(ln(1 + exp(x)))",
        Torch = "F.mish(x)",
        FormulaNames = ["mish"],
        Onnx = "Mish",
        Facts = OpFacts.Whole,
        Module = "Mish({inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => x * V.Inlined<TanhOp>(V.Inlined(new SoftplusOp(1, 20), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V>
    {
        V t = V.Inlined<TanhOp>(V.Inlined(new SoftplusOp(1, 20), x));
        return t + x * V.Inlined<SigmoidOp>(x) * (1 - t * t);
    }
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·tanh(ln(1 + eˣ)).</summary>
        public V Mish() => V.Apply(default(MishOp), x);
    }
}
