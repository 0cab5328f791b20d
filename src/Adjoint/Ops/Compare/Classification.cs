namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whether an element is NaN: a Bool tensor.</summary>
    public Tensor IsNaN() => Ne(this);

    /// <summary>Whether an element is ∞ or −∞: a Bool tensor.</summary>
    public Tensor IsInf()
    {
        try
        {
            return InnerResult.Of(Detach().Abs(), static size => size.Eq(double.PositiveInfinity));
        }
        catch (TensorException e) when (e.IsOf(nameof(IsInf)))
        {
            throw;
        }
    }

    /// <summary>Whether an element is neither infinite nor NaN: a Bool tensor.</summary>
    public Tensor IsFinite()
    {
        try
        {
            return InnerResult.Of(Detach().Abs(), static size => size.Lt(double.PositiveInfinity));
        }
        catch (TensorException e) when (e.IsOf(nameof(IsFinite)))
        {
            throw;
        }
    }

    /// <summary>Whether |x − y| ≤ atol + rtol·|y|, element by element; equal infinities are close.</summary>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="rtol">The part of |y| that counts as close.</param>
    /// <param name="atol">The difference that always counts as close.</param>
    /// <param name="equalNaN">Whether NaN is close to NaN.</param>
    public Tensor IsClose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool equalNaN = false)
    {
        try
        {
            return Eq(other.Given()) | ((Detach() - other.Detach()).Abs().Le(other.Detach().Abs() * rtol + atol) & other.IsFinite())
            | (equalNaN ? IsNaN() & other.IsNaN() : Eq(other));
        }
        catch (TensorException e) when (e.IsOf(nameof(IsClose)))
        {
            throw;
        }
    }

    /// <summary>Whether all elements are close, see <see cref="IsClose"/>.</summary>
    public bool AllClose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool equalNaN = false)
    {
        try
        {
            return (bool)IsClose(other.Given(), rtol, atol, equalNaN).All();
        }
        catch (TensorException e) when (e.IsOf(nameof(AllClose)))
        {
            throw;
        }
    }

    /// <summary>Whether both have one shape and equal elements.</summary>
    public bool ElementsEqual(Tensor other) => Shape.Equals(other.Given().Shape) && (bool)Eq(other).All();
}

public static partial class OpTable
{
    private static Op IsNaN => Op.Of(OpKind.Zero, "isnan", x => x.IsNaN(), Matrix,
        new() { Formula = "x ≠ x", Torch = "x.isnan()", Onnx = "IsNaN" });
}
