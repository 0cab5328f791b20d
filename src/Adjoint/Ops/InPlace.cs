namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>x += y, in place.</summary>
    public Tensor AddInPlace(Tensor other) => Binary.ApplyInPlace(new AddOp(), this, other);

    /// <summary>x += α·y, in place.</summary>
    public Tensor AddInPlace(Tensor other, double alpha) => Binary.ApplyInPlace(new AddScaledOp(alpha), this, other);

    /// <summary>x += c, in place.</summary>
    public Tensor AddInPlace(double value) => Binary.ApplyInPlace(new AddOp(), this, Number(value));

    /// <summary>x −= y, in place.</summary>
    public Tensor SubInPlace(Tensor other) => Binary.ApplyInPlace(new SubOp(), this, other);

    /// <summary>x −= α·y, in place.</summary>
    public Tensor SubInPlace(Tensor other, double alpha) => Binary.ApplyInPlace(new SubScaledOp(alpha), this, other);

    /// <summary>x −= c, in place.</summary>
    public Tensor SubInPlace(double value) => Binary.ApplyInPlace(new SubOp(), this, Number(value));

    /// <summary>x ·= y, in place.</summary>
    public Tensor MulInPlace(Tensor other) => Binary.ApplyInPlace(new MulOp(), this, other);

    /// <summary>x ·= c, in place.</summary>
    public Tensor MulInPlace(double value) => Binary.ApplyInPlace(new MulOp(), this, Number(value));

    /// <summary>x /= y, in place.</summary>
    public Tensor DivInPlace(Tensor other) => Binary.ApplyInPlace(new DivOp(), this, other);

    /// <summary>x /= c, in place.</summary>
    public Tensor DivInPlace(double value) => Binary.ApplyInPlace(new DivOp(), this, Number(value));

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
    public Tensor PowInPlace(double exponent) => Unary.ApplyInPlace(new PowNumberOp(exponent), this);

    /// <summary>x limited to [min, max], in place.</summary>
    public Tensor ClampInPlace(double min, double max) => Unary.ApplyInPlace(new ClampOp(min, max), this);
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
            _ => g * factor,
        };
    }
}
