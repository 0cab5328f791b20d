using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x rounded towards 0, element by element.</summary>
    public Tensor Trunc() => Unary.Apply(new TruncOp(), this);

    /// <summary>x = trunc x, in place: <see cref="Trunc"/>.</summary>
    public Tensor TruncInPlace() => Unary.ApplyInPlace(new TruncOp(), this);
}

/// <summary>y = x without its fraction,   dy/dx = 0.</summary>
internal readonly struct TruncOp : IPrimitive
{
    public static string Name => "trunc";
    public static OpInfo Info => new()
    {
        Formula = "trunc(x)",
        Torch = "torch.trunc(x)",
        FormulaNames = ["trunc"],
        NamesElsewhere = ["truncate"],
        DotNet = "Math.Truncate",
        Facts = OpFacts.Total,
    };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static bool TakesBool => false;
    public static Domain Domain => Domain.Reals.Without(-2, -1, 0, 1, 2);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<TruncOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.CopySign(R.Floor(R.Abs(x)), x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x rounded towards 0.</summary>
        public V Trunc() => V.Apply<TruncOp>(x);
    }
}
