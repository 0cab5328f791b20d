using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>max(x, 0), element by element.</summary>
    public Tensor Relu() => Unary.Apply(new ReluOp(), this);

    /// <summary>x = max(x, 0), in place.</summary>
    public Tensor ReluInPlace() => Unary.ApplyInPlace(new ReluOp(), this);
}

/// <summary>y = max(x, 0),   dy/dx = 0 for y = 0, else 1.</summary>
internal readonly struct ReluOp : IPrimitive
{
    public static string Name => "relu";
    public static OpInfo Info => new()
    {
        Formula = "max(x, 0)",
        Torch = "torch.relu(x)",
        FormulaNames = ["relu"],
        Onnx = "Relu",
        Facts = OpFacts.NotNegative | OpFacts.Total,
        Module = "ReLU({inplace})",
    };
    public static Saves Saves => Saves.Output;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Domain Domain => Domain.Reals.Without(0);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<ReluOp>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(y, V.Constant(0), V.Constant(0), V.Constant(1));
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T>
        where T : unmanaged =>
        R.IfLess(x, R.Constant(0), R.Constant(0), x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>max(x, 0).</summary>
        public V Relu() => V.Apply<ReluOp>(x);
    }
}
