namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>xʸ in double precision, whatever the dtypes: a Float64 tensor. The shapes broadcast.</summary>
    /// <param name="exponent">y; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor FloatPower(Tensor exponent)
    {
        try
        {
            return To(DType.Float64).Pow(exponent.Given().To(DType.Float64));
        }
        catch (TensorException e) when (e.IsOf(nameof(FloatPower)))
        {
            throw;
        }
    }

    /// <summary>x = x to a power, in place, of a Float64 tensor: torch's float_power_.</summary>
    /// <param name="exponent">The exponent; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="DTypeException">x is not Float64, which the result is.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor FloatPowerInPlace(Tensor exponent) => Exponents.PowerInPlace(this, exponent.Given());

    /// <summary>x·2ʸ, element by element, with broadcasting; integers are taken as Float32.</summary>
    /// <param name="other">y; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LdExp(Tensor other)
    {
        try
        {
            return Exponents.Scaled(this, other.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(LdExp)))
        {
            throw;
        }
    }

    /// <summary>x = x·2ᵉ, in place: torch's ldexp_.</summary>
    /// <param name="other">e; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than x.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor LdExpInPlace(Tensor other) =>
        Replacement.InPlace("LdExpInPlace", this, x => x.LdExp(other), other.Given());
}

/// <summary>Numbers and the powers of two in them.</summary>
internal static class Exponents
{
    internal static Tensor PowerInPlace(Tensor x, Tensor exponent)
    {
        if (x.DType != DTypes.Of<double>())
            throw new DTypeException(
                $"FloatPowerInPlace: the result is Float64 and cannot be stored in place in a {x.DType} tensor. Use FloatPower.");
        return Replacement.InPlace("FloatPowerInPlace", x, before => before.FloatPower(exponent), exponent);
    }

    internal static Tensor Scaled(Tensor x, Tensor exponent) =>
        x * exponent.To(x.DType.IsFloatingPoint ? x.DType : DType.Float32).Exp2();
}

public static partial class OpTable
{
    private static Op FloatPower => Op.Of(OpKind.Composite, "float_power", (x, y) => x.FloatPower(y).To(x.DType), new OpInput([3, 4],
        Domain.Positive), Row,
        new() { Formula = "x^y in double precision", Torch = "torch.float_power(x, y).to(x.dtype)" });

    private static Op LdExp => Op.Of(OpKind.Composite, "ldexp", (x, y) => x.LdExp(y), Matrix, Row,
        new() { Formula = "x·2^y", Torch = "torch.ldexp(x, y)" });
}
