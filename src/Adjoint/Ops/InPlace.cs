namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>x += y, in place.</summary>
    public Tensor AddInPlace(Tensor other) => Binary.ApplyInPlace(new AddOp(), this, other.Given());

    /// <summary>x += α·y, in place.</summary>
    public Tensor AddInPlace(Tensor other, Number alpha) => AddScaledOp.ApplyInPlace(this, other.Given(), alpha);

    /// <summary>x −= y, in place.</summary>
    public Tensor SubInPlace(Tensor other) => Binary.ApplyInPlace(new SubOp(), this, other.Given());

    /// <summary>x −= α·y, in place.</summary>
    public Tensor SubInPlace(Tensor other, Number alpha) => SubScaledOp.ApplyInPlace(this, other.Given(), alpha);

    /// <summary>x ·= y, in place.</summary>
    public Tensor MulInPlace(Tensor other) => Binary.ApplyInPlace(new MulOp(), this, other.Given());

    /// <summary>x /= y, in place.</summary>
    public Tensor DivInPlace(Tensor other) => Binary.ApplyInPlace(new DivOp(), this, other.Given());

    /// <summary>x = −x, in place.</summary>
    public Tensor NegInPlace() => Unary.ApplyInPlace(new NegOp(), this);

    /// <summary>x = eˣ, in place.</summary>
    public Tensor ExpInPlace() => Unary.ApplyInPlace(new ExpOp(), this);

    /// <summary>x = ln x, in place.</summary>
    public Tensor LogInPlace() => Unary.ApplyInPlace(new LogOp(), this);

    /// <summary>x = √x, in place.</summary>
    public Tensor SqrtInPlace() => Unary.ApplyInPlace(new SqrtOp(), this);

    /// <summary>x = tanh x, in place.</summary>
    public Tensor TanhInPlace() => Unary.ApplyInPlace(new TanhOp(), this);

    /// <summary>x = σ(x), in place.</summary>
    public Tensor SigmoidInPlace() => Unary.ApplyInPlace(new SigmoidOp(), this);

    /// <summary>x = max(x, 0), in place.</summary>
    public Tensor ReluInPlace() => Unary.ApplyInPlace(new ReluOp(), this);

    /// <summary>x = |x|, in place.</summary>
    public Tensor AbsInPlace() => Unary.ApplyInPlace(new AbsOp(), this);

    /// <summary>x = xⁿ, in place.</summary>
    public Tensor PowInPlace(Number exponent) => PowNumberOp.ApplyInPlace(exponent, Promotion.Holding("pow", this, exponent));

    /// <summary>x = xʸ, in place.</summary>
    public Tensor PowInPlace(Tensor exponent) => Binary.ApplyInPlace(new PowOp(), this, exponent.Given());

    /// <summary>x = x², in place.</summary>
    public Tensor SquareInPlace() => Unary.ApplyInPlace(new SquareOp(), Promotion.Holding("square", this, 2));

    /// <summary>x = 1/x, in place.</summary>
    public Tensor ReciprocalInPlace() => Unary.ApplyInPlace(new ReciprocalOp(), this);

    /// <summary>x = 1/√x, in place.</summary>
    public Tensor RsqrtInPlace() => Unary.ApplyInPlace(new RsqrtOp(), this);

    /// <summary>x = sin x, in place.</summary>
    public Tensor SinInPlace() => Unary.ApplyInPlace(new SinOp(), this);

    /// <summary>x = cos x, in place.</summary>
    public Tensor CosInPlace() => Unary.ApplyInPlace(new CosOp(), this);

    /// <summary>x = sign x, in place.</summary>
    public Tensor SignInPlace() => Unary.ApplyInPlace(new SignOp(), this);

    /// <summary>x rounded down, in place.</summary>
    public Tensor FloorInPlace() => Unary.ApplyInPlace(new FloorOp(), this);

    /// <summary>x rounded up, in place.</summary>
    public Tensor CeilInPlace() => Unary.ApplyInPlace(new CeilOp(), this);

    /// <summary>x rounded to the nearest whole number, ties to even, in place.</summary>
    public Tensor RoundInPlace() => Unary.ApplyInPlace(new RoundOp(), this);

    /// <summary>x = x for x > 0, else slope·x, in place.</summary>
    public Tensor LeakyReluInPlace(double negativeSlope = 0.01) => Unary.ApplyInPlace(new LeakyReluOp(negativeSlope), this);

    /// <summary>x = x for x > 0, else α·(eˣ − 1), in place.</summary>
    public Tensor EluInPlace(double alpha = 1) => Unary.ApplyInPlace(new EluOp(alpha), this);

    /// <summary>x = x·σ(x), in place.</summary>
    public Tensor SiluInPlace() => Unary.ApplyInPlace(new SiluOp(), this);

    /// <summary>x += w·(end − x), in place.</summary>
    public Tensor LerpInPlace(Tensor end, double weight) => Binary.ApplyInPlace(new LerpOp(weight), this, end.Given());

    /// <summary>x at least min, in place.</summary>
    public Tensor ClampMinInPlace(Number min) => double.IsNaN(min.ToDouble())
        ? ClampInPlace(min, double.PositiveInfinity)
        : NumberBounds.InPlace("clamp_min", this, min, null, new ClampMinOp(min.ToDouble()));

    /// <summary>x at most max, in place.</summary>
    public Tensor ClampMaxInPlace(Number max) => double.IsNaN(max.ToDouble())
        ? ClampInPlace(double.NegativeInfinity, max)
        : NumberBounds.InPlace("clamp_max", this, null, max, new ClampMaxOp(max.ToDouble()));

    /// <summary>The lower triangle of each matrix kept, the rest set to 0, in place.</summary>
    public Tensor TrilInPlace(int diagonal = 0) => TriangleCopy.Checked(this, "TrilInPlace").MaskedFillInPlace(Ones(Shape, DType.Bool).Triu((int)Math.Min(diagonal + 1L, int.MaxValue)), 0);

    /// <summary>The upper triangle of each matrix kept, the rest set to 0, in place.</summary>
    public Tensor TriuInPlace(int diagonal = 0) => TriangleCopy.Checked(this, "TriuInPlace").MaskedFillInPlace(Ones(Shape, DType.Bool).Tril((int)Math.Max(diagonal - 1L, int.MinValue)), 0);

    /// <summary>x limited to [min, max], in place.</summary>
    public Tensor ClampInPlace(Number min, Number max) =>
        NumberBounds.InPlace("clamp", this, min, max, new ClampOp(min.ToDouble(), max.ToDouble()));
}

/// <summary>g·c for a number c: how gradients pass functions of constant slope.</summary>
internal static class Scaling
{
    extension(Tensor g)
    {
        internal Tensor Scaled(double factor) => factor switch
        {
            1 => g,
            -1 => -g,
            0 => g.ZerosLike(),
            // A whole factor leaves integers integers: as Float32 they would lose what is beyond 2²⁴.
            _ when !g.DType.IsFloatingPoint && double.IsInteger(factor) => g * (Tensor)(long)factor,
            _ => g * factor,
        };
    }
}
