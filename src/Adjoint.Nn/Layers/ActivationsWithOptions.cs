namespace Adjoint.Nn;

/// <summary>x for x > 0, otherwise a·x.</summary>
/// <param name="negativeSlope">a; any finite number.</param>
public sealed class LeakyReLU(double negativeSlope = 0.01) : Module
{
    private readonly double _negativeSlope = negativeSlope.In(Interval.Finite);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.LeakyRelu(_negativeSlope);

    /// <inheritdoc/>
    protected override string ExtraText => $"negative_slope={PythonText.Of(_negativeSlope)}";
}

/// <summary>x for x > 0, otherwise α·(eˣ − 1).</summary>
/// <param name="alpha">α; any finite number.</param>
public sealed class ELU(double alpha = 1) : Module
{
    private readonly double _alpha = alpha.In(Interval.Finite);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Elu(_alpha);

    /// <inheritdoc/>
    protected override string ExtraText => $"alpha={PythonText.Of(_alpha)}";
}

/// <summary>x for x > 0, otherwise α·(e^(x/α) − 1).</summary>
/// <param name="alpha">α; above 0.</param>
public sealed class CELU(double alpha = 1) : Module
{
    private readonly double _alpha = alpha.In(Interval.Positive);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Celu(_alpha);

    /// <inheritdoc/>
    protected override string ExtraText => $"alpha={PythonText.Of(_alpha)}";
}

/// <summary>ln(1 + e^(βx))/β; x itself where βx is above the threshold.</summary>
/// <param name="beta">β; above 0.</param>
/// <param name="threshold">Above it the function is x; any number.</param>
public sealed class Softplus(double beta = 1, double threshold = 20) : Module
{
    private readonly double _beta = beta.In(Interval.Positive);
    private readonly double _threshold = threshold.In(Interval.Numbers);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softplus(_beta, _threshold);

    /// <inheritdoc/>
    protected override string ExtraText => $"beta={PythonText.Of(_beta)}, threshold={PythonText.Of(_threshold)}";
}

/// <summary>x limited to an interval.</summary>
/// <param name="minVal">Its lower end; any number below the upper one.</param>
/// <param name="maxVal">Its upper end; any number above the lower one.</param>
public sealed class Hardtanh(double minVal = -1, double maxVal = 1) : Module
{
    private readonly double _maxVal = maxVal.In(Interval.Numbers);
    private readonly double _minVal = minVal.In(new Interval(double.NegativeInfinity, maxVal, true, false));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardtanh(_minVal, _maxVal);

    /// <inheritdoc/>
    protected override string ExtraText => $"min_val={PythonText.Of(_minVal)}, max_val={PythonText.Of(_maxVal)}";
}

/// <summary>x moved towards 0 by λ.</summary>
/// <param name="lambd">λ; at least 0.</param>
public sealed class Softshrink(double lambd = 0.5) : Module
{
    private readonly double _lambd = lambd.In(Interval.NotNegative);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softshrink(_lambd);

    /// <inheritdoc/>
    protected override string ExtraText => $"{PythonText.Of(_lambd)}";
}

/// <summary>x for |x| > λ, otherwise 0.</summary>
/// <param name="lambd">λ; any finite number.</param>
public sealed class Hardshrink(double lambd = 0.5) : Module
{
    private readonly double _lambd = lambd.In(Interval.Finite);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardshrink(_lambd);

    /// <inheritdoc/>
    protected override string ExtraText => $"{PythonText.Of(_lambd)}";
}

/// <summary>x above the threshold, otherwise a value.</summary>
/// <param name="threshold">The threshold; any number.</param>
/// <param name="value">What stands for the rest; any number, NaN too.</param>
public sealed class Threshold(double threshold, double value) : Module
{
    private readonly double _threshold = threshold.In(Interval.Numbers);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Threshold(_threshold, value);

    /// <inheritdoc/>
    protected override string ExtraText => $"threshold={PythonText.Of(_threshold)}, value={PythonText.Of(value)}";
}

/// <summary>x·Φ(x) with the normal distribution function Φ.</summary>
/// <param name="approximate">Exact, or with Φ approximated by a hyperbolic tangent.</param>
public sealed class GELU(GeluApproximation approximate = GeluApproximation.None) : Module
{
    private readonly GeluApproximation _approximate = approximate.Known();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Gelu(_approximate);

    /// <inheritdoc/>
    protected override string ExtraText => _approximate == GeluApproximation.Tanh ? "approximate='tanh'" : "approximate='none'";
}

/// <summary>e^x / Σ e^x over one dimension.</summary>
/// <param name="dim">The dimension; any dimension.</param>
public sealed class Softmax(int dim) : Module
{

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softmax(dim);

    /// <inheritdoc/>
    protected override string ExtraText => $"dim={dim}";
}

/// <summary>x − ln Σ e^x over one dimension.</summary>
/// <param name="dim">The dimension; any dimension.</param>
public sealed class LogSoftmax(int dim) : Module
{

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.LogSoftmax(dim);

    /// <inheritdoc/>
    protected override string ExtraText => $"dim={dim}";
}
