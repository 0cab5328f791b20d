namespace Adjoint.Nn;

/// <summary>x for x > 0, otherwise a·x.</summary>
/// <param name="negativeSlope">a.</param>
public sealed class LeakyReLU(double negativeSlope = 0.01) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.LeakyRelu(negativeSlope);

    /// <inheritdoc/>
    protected override string ExtraText => $"negative_slope={PythonText.Of(negativeSlope)}";
}

/// <summary>x for x > 0, otherwise α·(eˣ − 1).</summary>
/// <param name="alpha">α.</param>
public sealed class ELU(double alpha = 1) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Elu(alpha);

    /// <inheritdoc/>
    protected override string ExtraText => $"alpha={PythonText.Of(alpha)}";
}

/// <summary>x for x > 0, otherwise α·(e^(x/α) − 1).</summary>
/// <param name="alpha">α.</param>
public sealed class CELU(double alpha = 1) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Celu(alpha);

    /// <inheritdoc/>
    protected override string ExtraText => $"alpha={PythonText.Of(alpha)}";
}

/// <summary>ln(1 + e^(βx))/β; x itself where βx is above the threshold.</summary>
/// <param name="beta">β.</param>
/// <param name="threshold">Above it the function is x.</param>
public sealed class Softplus(double beta = 1, double threshold = 20) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softplus(beta, threshold);

    /// <inheritdoc/>
    protected override string ExtraText => $"beta={PythonText.Of(beta)}, threshold={PythonText.Of(threshold)}";
}

/// <summary>x limited to an interval.</summary>
/// <param name="minVal">Its lower end.</param>
/// <param name="maxVal">Its upper end.</param>
public sealed class Hardtanh(double minVal = -1, double maxVal = 1) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardtanh(minVal, maxVal);

    /// <inheritdoc/>
    protected override string ExtraText => $"min_val={PythonText.Of(minVal)}, max_val={PythonText.Of(maxVal)}";
}

/// <summary>x moved towards 0 by λ.</summary>
/// <param name="lambd">λ.</param>
public sealed class Softshrink(double lambd = 0.5) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softshrink(lambd);

    /// <inheritdoc/>
    protected override string ExtraText => $"{PythonText.Of(lambd)}";
}

/// <summary>x for |x| > λ, otherwise 0.</summary>
/// <param name="lambd">λ.</param>
public sealed class Hardshrink(double lambd = 0.5) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardshrink(lambd);

    /// <inheritdoc/>
    protected override string ExtraText => $"{PythonText.Of(lambd)}";
}

/// <summary>x above the threshold, otherwise a value.</summary>
/// <param name="threshold">The threshold.</param>
/// <param name="value">What stands for the rest.</param>
public sealed class Threshold(double threshold, double value) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Threshold(threshold, value);

    /// <inheritdoc/>
    protected override string ExtraText => $"threshold={PythonText.Of(threshold)}, value={PythonText.Of(value)}";
}

/// <summary>x·Φ(x) with the normal distribution function Φ.</summary>
/// <param name="approximate">Exact, or with Φ approximated by a hyperbolic tangent.</param>
public sealed class GELU(GeluApproximation approximate = GeluApproximation.None) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Gelu(approximate);

    /// <inheritdoc/>
    protected override string ExtraText => approximate == GeluApproximation.Tanh ? "approximate='tanh'" : "approximate='none'";
}

/// <summary>e^x / Σ e^x over one dimension.</summary>
/// <param name="dim">The dimension.</param>
public sealed class Softmax(int dim) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softmax(dim);

    /// <inheritdoc/>
    protected override string ExtraText => $"dim={dim}";
}

/// <summary>x − ln Σ e^x over one dimension.</summary>
/// <param name="dim">The dimension.</param>
public sealed class LogSoftmax(int dim) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.LogSoftmax(dim);

    /// <inheritdoc/>
    protected override string ExtraText => $"dim={dim}";
}
