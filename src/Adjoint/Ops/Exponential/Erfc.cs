using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The complementary error function 1 − erf x, element by element, accurate for large x.</summary>
    public Tensor Erfc() => Unary.Apply(new ErfcOp(), this);

    /// <summary>x = erfc x, in place: <see cref="Erfc"/>.</summary>
    public Tensor ErfcInPlace() => Unary.ApplyInPlace(new ErfcOp(), this);
}

/// <summary>y = 1 − erf x,   dy/dx = −2/√π · e⁻ˣ².</summary>
internal readonly struct ErfcOp : IPrimitive
{
    public static string Name => "erfc";
    public static OpInfo Info => new()
    {
        Formula = "1 - erf(x)",
        Torch = "torch.erfc(x)",
        FormulaNames = ["erfc"],
        Facts = OpFacts.Total | OpFacts.Smooth,
        Ulps = (5, 4),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<ErfcOp>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => -2 / Math.Sqrt(Math.PI) * V.Inlined<ExpOp>(-(x * x));
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Erfc<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>1 − erf x.</summary>
        public V Erfc() => V.Apply<ErfcOp>(x);
    }
}

public static partial class Special
{
    /// <summary>torch.special.erfc, <see cref="Tensor.Erfc()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Erfc(Tensor x) => x.Given().Erfc();
}
