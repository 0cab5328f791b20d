namespace Adjoint.Nn;

/// <summary>max(x, 0).</summary>
public sealed class ReLU : Module, IEpilogue
{
    Kernels.Epilogue IEpilogue.Epilogue => Kernels.Epilogue.Relu;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Relu();
}

/// <summary>x limited to [0, 6].</summary>
public sealed class ReLU6 : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Relu6();
}

/// <summary>1/(1 + e^−x).</summary>
public sealed class Sigmoid : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Sigmoid();
}

/// <summary>tanh x.</summary>
public sealed class Tanh : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Tanh();
}

/// <summary>x·σ(x), also called swish.</summary>
public sealed class SiLU : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Silu();
}

/// <summary>x·tanh(ln(1 + eˣ)).</summary>
public sealed class Mish : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Mish();
}

/// <summary>The scaled exponential unit, whose constants keep mean 0 and variance 1.</summary>
public sealed class SELU : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Selu();
}

/// <summary>x/(1 + |x|).</summary>
public sealed class Softsign : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Softsign();
}

/// <summary>x − tanh x.</summary>
public sealed class Tanhshrink : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Tanhshrink();
}

/// <summary>ln σ(x).</summary>
public sealed class LogSigmoid : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.LogSigmoid();
}

/// <summary>x/6 + ½ limited to [0, 1].</summary>
public sealed class Hardsigmoid : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardsigmoid();
}

/// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
public sealed class Hardswish : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Hardswish();
}
