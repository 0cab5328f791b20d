namespace Adjoint.Distributions;

/// <summary>The normal distribution: PyTorch's <c>torch.distributions.Normal</c>.</summary>
/// <remarks>p(x) = exp(−(x − μ)²/(2σ²)) / (σ√(2π)).</remarks>
/// <example><code>
/// Tensor mu = Tensor.Zeros(2, requiresGrad: true), sigma = Tensor.Ones(2, requiresGrad: true);
/// var q = new Normal(mu, sigma);
/// Tensor z = q.Rsample();                                  // μ + σε, which can be differentiated
/// (z.Square().Sum() - q.Entropy().Sum()).Backward();
/// </code></example>
public sealed class Normal : Distribution
{
    /// <summary>Makes it from means and standard deviations.</summary>
    /// <param name="loc">μ; broadcast with σ.</param>
    /// <param name="scale">σ; above 0.</param>
    /// <exception cref="ArgumentException">A σ is not above 0, or a number is NaN.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The numbers are whole.</exception>
    public Normal(Tensor loc, Tensor scale) : base(Broadcast("Normal", loc.Given().Shape, scale.Given().Shape))
    {
        foreach (Tensor x in new[] { loc, scale })
            if (!x.DType.IsFloatingPoint) throw new DTypeException($"Normal: needs floating-point numbers, but got {x.DType}.");
        Check(() => scale > 0, () => new ArgumentException("Normal: a standard deviation is not above 0.", nameof(scale)));
        Check(() => loc.IsNaN().LogicalNot(), () => new ArgumentException("Normal: a mean is NaN.", nameof(loc)));
        (Loc, Scale) = (loc.Expand(BatchShape), scale.Expand(BatchShape));
    }

    /// <summary>Makes one from two numbers, of Float32.</summary>
    /// <param name="loc">μ; any number.</param>
    /// <param name="scale">σ; above 0.</param>
    /// <exception cref="ArgumentException">σ is not above 0, or a number is NaN.</exception>
    public Normal(double loc, double scale) : this(Tensor.Scalar((float)loc), Tensor.Scalar((float)scale))
    {
    }

    /// <summary>μ.</summary>
    public Tensor Loc { get; }

    /// <summary>σ.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    public override Tensor Mean => Loc;

    /// <inheritdoc/>
    public override Tensor Variance => Scale.Square();

    /// <inheritdoc/>
    public override Tensor Sample(Shape sampleShape, Generator? generator = null)
    {
        using IDisposable _ = Autograd.NoGrad();
        Shape drawn = Extended(sampleShape);
        return Tensor.Normal(Loc.Expand(drawn), Scale.Expand(drawn), generator);
    }

    /// <summary>μ + σε with a drawn ε: a sample that can be differentiated (Kingma and Welling 2013).</summary>
    /// <param name="generator">Where from; by default <see cref="Rng.Default"/>.</param>
    public Tensor Rsample(Generator? generator = null) => Rsample([], generator);

    /// <summary>The same several times.</summary>
    /// <param name="sampleShape">How many times.</param>
    /// <param name="generator">Where from; by default <see cref="Rng.Default"/>.</param>
    public Tensor Rsample(Shape sampleShape, Generator? generator = null) =>
        Loc + Tensor.Randn(Extended(sampleShape), Loc.DType, generator: generator) * Scale;

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        Tensor x = Number("LogProb", value.Given());
        return -(x - Loc).Square() / (2 * Scale.Square()) - Scale.Log() - Math.Log(Math.Sqrt(2 * Math.PI));
    }

    /// <inheritdoc/>
    public override Tensor Entropy() => 0.5 + 0.5 * Math.Log(2 * Math.PI) + Scale.Log();

    /// <summary>The probability of at most <paramref name="value"/>.</summary>
    /// <param name="value">x; broadcast with the parameters.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">It is no number.</exception>
    public Tensor Cdf(Tensor value) =>
        0.5 * (1 + ((Number("Cdf", value.Given()) - Loc) * Scale.Reciprocal() / Math.Sqrt(2)).Erf());

    private Tensor Number(string method, Tensor value)
    {
        Broadcast($"Normal.{method}", value.Shape, BatchShape);
        if (value.DType.IsBool) throw new DTypeException($"Normal.{method}: needs numbers, but got Bool. Convert with To(DType.Float32).");
        return value;
    }
}
