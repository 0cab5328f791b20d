using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The largest whole number not above x, element by element.</summary>
    public Tensor Floor() => Unary.Apply(new FloorOp(), this);

    /// <summary>x rounded down, in place.</summary>
    public Tensor FloorInPlace() => Unary.ApplyInPlace(new FloorOp(), this);
}

/// <summary>y = ⌊x⌋,   dy/dx = 0.</summary>
internal readonly struct FloorOp : IPrimitive
{
    public static string Name => "floor";
    public static OpInfo Info => new()
    {
        Formula = "floor(x)",
        Torch = "torch.floor(x)",
        FormulaNames = ["floor"],
        Latex = @"\left\lfloor # \right\rfloor",
        DotNet = "Math.Floor",
        Onnx = "Floor",
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Domain Domain => Domain.Reals.Without(-2, -1, 0, 1, 2);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<FloorOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Floor(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>⌊x⌋.</summary>
        public V Floor() => V.Apply<FloorOp>(x);
    }
}
