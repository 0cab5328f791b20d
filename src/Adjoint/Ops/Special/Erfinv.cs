using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The x whose erf x is the element, element by element: ±∞ at ±1, NaN beyond.</summary>
    public Tensor Erfinv() => Unary.Apply(new ErfinvOp(), this);

    /// <summary>x = erfinv x, in place: <see cref="Erfinv"/>.</summary>
    public Tensor ErfinvInPlace() => Unary.ApplyInPlace(new ErfinvOp(), this);
}

public static partial class Special
{
    /// <summary>
    /// The x whose erf x is the element, element by element: ±∞ at ±1, NaN beyond: torch.special.erfinv, <see cref="Tensor.Erfinv()"/>.
    /// </summary>
    /// <param name="x">x.</param>
    public static Tensor Erfinv(Tensor x) => x.Given().Erfinv();
}

/// <summary>erf y = x,   dy/dx = √π/2·e^y².</summary>
internal readonly struct ErfinvOp : IPrimitive
{
    public static string Name => "erfinv";
    public static OpInfo Info => new()
    {
        Formula = "erfinv(x)",
        Torch = "torch.special.erfinv(x)",
        FormulaNames = ["erfinv"],
        Ulps = (6, 6),
    };
    // As PyTorch: the result may be changed in place, by √2 for a normal distribution's, say.
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => new(-0.9, 0.9);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<ErfinvOp>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V>
    {
        V inverse = V.Inlined<ErfinvOp>(x);
        return V.Inlined<ExpOp>(inverse * inverse) * 0.8862269254527579;
    }

    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Erfinv<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The x whose erf x is the element, element by element: ±∞ at ±1, NaN beyond.</summary>
        public V Erfinv() => V.Apply<ErfinvOp>(x);
    }
}
