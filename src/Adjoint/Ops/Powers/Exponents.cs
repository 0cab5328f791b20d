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

    /// <summary>
    /// Each element as m·2ᵉ with ½ ≤ |m| &lt; 1: the m, and the e as Int32. Of 0, the infinities and NaN it is the element itself, and
    /// e = 0. The gradient passes to m; e has none.
    /// </summary>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public (Tensor Mantissa, Tensor Exponent) FrExp()
    {
        try
        {
            return Exponents.Apart(this);
        }
        catch (TensorException e) when (e.IsOf(nameof(FrExp)))
        {
            throw;
        }
    }
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

    // In two steps, since 2⁻ᵉ alone may be no number of the dtype.
    internal static (Tensor Mantissa, Tensor Exponent) Apart(Tensor x)
    {
        Reduction.RequireFloat("FrExp", x);
        Tensor exponent = Door.Run(new ExponentOp(), x), e = exponent.To(x.DType), half = (e * 0.5).Floor();
        return (x * (-half).Exp2() * (half - e).Exp2(), exponent);
    }

    /// <summary>The e of x = m·2ᵉ with ½ ≤ |m| &lt; 1, as Int32; 0 where there is none.</summary>
    private readonly struct ExponentOp : ITensorOperation, IByHand
    {
        public string Name => "frexp_exponent";

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = Elements.ToContiguous(inputs[0]!), e = Tensor.Uninitialized(here, x.Shape, DType.Int32);
            var work = new Work(x, e);
            Dispatch.Floating(x.DType, "FrExp", ref work);
            return e;
        }

        public void Write(Hand hand) => hand.Each(e =>
        {
            string x = hand.Element(e[1]), word = e[1].Word;
            hand.Store(e[0], $"{x} == 0 || !{word}.IsFinite({x}) ? 0 : {word}.ILogB({x}) + 1");
        }, hand.Result, hand.Input(0));
    }

    private readonly struct Work(Tensor x, Tensor e) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Each<T>(memory.Of<T>(x), memory.Of<int>(e));
        }

        private static void Each<T>(ReadOnlySpan<T> x, Span<int> e) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            for (int i = 0; i < x.Length; i++) e[i] = x[i] == T.Zero || !T.IsFinite(x[i]) ? 0 : T.ILogB(x[i]) + 1;
        }
    }
}

public static partial class OpTable
{
    private static Op FloatPower => Op.Of(OpKind.Composite, "float_power", (x, y) => x.FloatPower(y).To(x.DType), new OpInput([3, 4],
        Domain.Positive), Row,
        new() { Formula = "x^y in double precision", Torch = "torch.float_power(x, y).to(x.dtype)" });

    private static Op LdExp => Op.Of(OpKind.Composite, "ldexp", (x, y) => x.LdExp(y), Matrix, Row,
        new() { Formula = "x·2^y", Torch = "torch.ldexp(x, y)" });

    private static Op FrExp => Op.Of(OpKind.Composite, "frexp", x => (x * 4).FrExp().Mantissa + x.FrExp().Exponent, Matrix,
        new() { Formula = "m + e of x = m·2^e", Torch = "torch.frexp(x * 4)[0] + torch.frexp(x)[1]" });
}
