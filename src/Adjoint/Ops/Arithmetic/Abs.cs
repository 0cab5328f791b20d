using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>|x|, element by element.</summary>
    public Tensor Abs() => Unary.Apply(new AbsOp(), this);

    /// <summary>x = |x|, in place.</summary>
    public Tensor AbsInPlace() => Unary.ApplyInPlace(new AbsOp(), this);
}

/// <summary>y = |x|,   dy/dx = sign x (0 at 0).</summary>
internal readonly struct AbsOp : IPrimitive
{
    public static string Name => "abs";
    public static OpInfo Info => new()
    {
        Formula = "abs(x)",
        Torch = "torch.abs(x)",
        FormulaNames = ["abs"],
        Latex = @"\left|#\right|",
        DotNet = "Math.Abs",
        Onnx = "Abs",
        Facts = OpFacts.Even | OpFacts.NotNegative | OpFacts.Total,
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Domain Domain => Domain.Reals.Without(0);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<AbsOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => x.Sign();
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Abs(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>|x|.</summary>
        public V Abs() => V.Apply<AbsOp>(x);
    }
}
