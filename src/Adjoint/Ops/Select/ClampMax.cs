using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>min(x, b) for a number b, element by element, NaN for a b that is none; the gradient passes on the bound.</summary>
    /// <param name="max">b.</param>
    public Tensor ClampMax(Number max) => double.IsNaN(max.ToDouble())
        ? Clamp(max: max)
        : NumberBounds.Apply(this, null, max, new ClampMaxOp(max.ToDouble()));

    /// <summary>x at most max, in place.</summary>
    public Tensor ClampMaxInPlace(Number max)
    {
        try
        {
            return double.IsNaN(max.ToDouble())
            ? ClampInPlace(double.NegativeInfinity, max)
            : NumberBounds.InPlace("clamp_max", this, null, max, new ClampMaxOp(max.ToDouble()));
        }
        catch (TensorException e) when (e.IsOf(nameof(ClampMaxInPlace)))
        {
            throw;
        }
    }
}

/// <summary>y = min(x, b),   dy/dx = 1 for x ≤ b, else 0.</summary>
internal readonly struct ClampMaxOp(double max) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("max", max);

    public static string Name => "clamp_max";
    public static OpInfo Info => new() { Formula = "if(x > b, b, x)", Torch = "torch.clamp_max(x, b)" };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Reals.Without(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(max), x, V.Constant(max), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, Value(x), V.Constant(1), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(x, b).</summary>
        public V ClampMax(double max) => double.IsNaN(max) ? x.Clamp(max: max) : V.Apply(new ClampMaxOp(max), x);
    }
}
