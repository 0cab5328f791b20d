using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Numbers in place of what is none: NaN and the infinities are replaced.</summary>
    /// <param name="nan">What replaces NaN.</param>
    /// <param name="posInf">What replaces ∞; by default the largest number of the dtype.</param>
    /// <param name="negInf">What replaces −∞; by default the smallest number of the dtype.</param>
    public Tensor NaNToNum(double nan = 0, double? posInf = null, double? negInf = null) => NanToNumOp.Apply(this, nan, posInf, negInf);

    /// <summary>Numbers in place of what is none, in place.</summary>
    /// <inheritdoc cref="NaNToNum"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor NaNToNumInPlace(double nan = 0, double? posInf = null, double? negInf = null) =>
        NanToNumOp.ApplyInPlace(this, nan, posInf, negInf);
}

/// <summary>y = x, or what replaces it;   dy/dx = 1 for finite x, else 0.</summary>
internal readonly struct NanToNumOp(double nan, double posInf, double negInf) : IUnaryOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("nan", nan);
        to.Add("posinf", posInf);
        to.Add("neginf", negInf);
    }

    public static string Name => "nan_to_num";
    public static OpInfo Info => new()
    {
        Formula = "if(x = x, if(x = Infinity, b, if(x = -Infinity, c, x)), a)",
        Torch = "torch.nan_to_num(x, a, b, c)",
        Word = "NaNToNum",
    };
    public static Saves Saves => Saves.Input;

    internal static Tensor Apply(Tensor x, double nan, double? posInf, double? negInf)
    {
        if (!x.DType.IsFloatingPoint) return x.Clone();
        double largest = x.DType.Row.Largest;
        return Unary.Apply(new NanToNumOp(nan, posInf ?? largest, negInf ?? -largest), x);
    }

    // Of integers all are numbers: only whether it may be written to is asked.
    internal static Tensor ApplyInPlace(Tensor x, double nan, double? posInf, double? negInf)
    {
        double largest = x.DType.Row.Largest;
        return x.DType.IsFloatingPoint ? Unary.ApplyInPlace(new NanToNumOp(nan, posInf ?? largest, negInf ?? -largest), x)
            : Replacement.Plain("NaNToNumInPlace", x, y => y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(double.PositiveInfinity), V.Constant(posInf),
        V.IfEqual(x, V.Constant(double.NegativeInfinity), V.Constant(negInf), V.IfEqual(x, x, x, V.Constant(nan))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(V.Constant(double.NegativeInfinity), x,
        V.IfLess(x, V.Constant(double.PositiveInfinity), V.Constant(1), V.Constant(0)), V.Constant(0));
}
