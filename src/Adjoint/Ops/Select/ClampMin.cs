using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>max(x, a) for a number a, element by element, NaN for an a that is none; the gradient passes on the bound.</summary>
    /// <param name="min">a.</param>
    public Tensor ClampMin(Number min) => double.IsNaN(min.ToDouble())
        ? Clamp(min)
        : NumberBounds.Apply(this, min, null, new ClampMinOp(min.ToDouble()));

    /// <summary>x at least min, in place.</summary>
    public Tensor ClampMinInPlace(Number min)
    {
        try
        {
            return double.IsNaN(min.ToDouble())
            ? ClampInPlace(min, double.PositiveInfinity)
            : NumberBounds.InPlace("clamp_min", this, min, null, new ClampMinOp(min.ToDouble()));
        }
        catch (TensorException e) when (e.IsOf(nameof(ClampMinInPlace)))
        {
            throw;
        }
    }
}

/// <summary>y = max(x, a),   dy/dx = 1 for x ≥ a, else 0.</summary>
internal readonly struct ClampMinOp(double min) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("min", min);

    public static string Name => "clamp_min";
    public static OpInfo Info => new() { Formula = "if(x < a, a, x)", Torch = "torch.clamp_min(x, a)" };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Reals.Without(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(x, V.Constant(min), V.Constant(min), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfEqual(x, Value(x), V.Constant(1), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>max(x, a).</summary>
        public V ClampMin(double min) => double.IsNaN(min) ? x.Clamp(min) : V.Apply(new ClampMinOp(min), x);
    }
}
