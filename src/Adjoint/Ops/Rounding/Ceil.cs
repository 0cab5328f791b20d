using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The smallest whole number not below x, element by element.</summary>
    public Tensor Ceil() => Unary.Apply(new CeilOp(), this);

    /// <summary>x rounded up, in place.</summary>
    public Tensor CeilInPlace() => Unary.ApplyInPlace(new CeilOp(), this);
}

/// <summary>y = ⌈x⌉,   dy/dx = 0.</summary>
internal readonly struct CeilOp : IPrimitive
{
    public static string Name => "ceil";
    public static OpInfo Info => new()
    {
        Formula = "ceil(x)",
        Torch = "torch.ceil(x)",
        FormulaNames = ["ceil"],
        NamesElsewhere = ["ceiling"],
        Latex = @"\left\lceil # \right\rceil",
        DotNet = "Math.Ceiling",
        Onnx = "Ceil",
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Domain Domain => Domain.Reals.Without(-2, -1, 0, 1, 2);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<CeilOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => -R.Floor(-x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>⌈x⌉.</summary>
        public V Ceil() => V.Apply<CeilOp>(x);
    }
}
