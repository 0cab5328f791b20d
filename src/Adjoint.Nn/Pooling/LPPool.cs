namespace Adjoint.Nn;

/// <summary>(Σ xᵖ)^(1/p) over windows: PyTorch's LPPool1d and LPPool2d. With p = 1 sums, with p → ∞ the largest element.</summary>
public abstract class LPPool : Module
{
    private readonly int _dims;

    private protected LPPool(int dims, double normType, Sizes kernelSize, Sizes stride, bool ceilMode)
    {
        string name = $"LPPool{dims}d";
        kernelSize.Over(dims, 1, name, nameof(kernelSize));
        stride.Or(kernelSize).Over(dims, 1, name, nameof(stride));
        (_dims, NormType, KernelSize, Stride, CeilMode) = (dims, normType.In(Interval.Positive), kernelSize, stride, ceilMode);
    }

    /// <summary>p.</summary>
    public double NormType { get; }

    /// <summary>How large a window is.</summary>
    public Sizes KernelSize { get; }

    /// <summary>How far apart windows begin; without numbers as far as they are large.</summary>
    public Sizes Stride { get; }

    /// <summary>Whether a last window that reaches beyond the edge is one too.</summary>
    public bool CeilMode { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) =>
        LpPool.Of($"LPPool{_dims}d", input, _dims, NormType, KernelSize, Stride, CeilMode);

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"norm_type={(NormType % 1 == 0 ? $"{NormType:F0}" : PythonText.Of(NormType))}, kernel_size={KernelSize}, stride={Stride}, ceil_mode={PythonText.Of(CeilMode)}";
}

/// <summary>(Σ xᵖ)^(1/p) over windows of inputs [N, C, L] or [C, L].</summary>
/// <param name="normType">p; above 0.</param>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="ceilMode">Whether a last window that reaches beyond the edge is one too.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class LPPool1d(double normType, Sizes kernelSize, Sizes stride = default, bool ceilMode = false)
    : LPPool(1, normType, kernelSize, stride, ceilMode);

/// <summary>(Σ xᵖ)^(1/p) over windows of inputs [N, C, H, W] or [C, H, W].</summary>
/// <param name="normType">p; above 0.</param>
/// <param name="kernelSize">How large a window is; at least 1.</param>
/// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
/// <param name="ceilMode">Whether a last window that reaches beyond the edge is one too.</param>
/// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
public sealed class LPPool2d(double normType, Sizes kernelSize, Sizes stride = default, bool ceilMode = false)
    : LPPool(2, normType, kernelSize, stride, ceilMode);

public static partial class F
{
    /// <summary>(Σ xᵖ)^(1/p) over windows.</summary>
    /// <param name="input">[N, C, L], or [C, L] without a batch.</param>
    /// <param name="normType">p; above 0.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="ceilMode">Whether a last window that reaches beyond the edge is one too.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor LpPool1d(Tensor input, double normType, Sizes kernelSize, Sizes stride = default, bool ceilMode = false) =>
        LpPool.Of(nameof(LpPool1d), input.Given(), 1, normType.In(Interval.Positive), kernelSize, stride, ceilMode);

    /// <summary>(Σ xᵖ)^(1/p) over windows.</summary>
    /// <param name="input">[N, C, H, W], or [C, H, W] without a batch.</param>
    /// <param name="normType">p; above 0.</param>
    /// <param name="kernelSize">How large a window is; at least 1.</param>
    /// <param name="stride">How far apart windows begin; the kernel size if not given.</param>
    /// <param name="ceilMode">Whether a last window that reaches beyond the edge is one too.</param>
    /// <exception cref="ShapeException">The input has another number of dimensions, or a window has no place in it.</exception>
    /// <exception cref="DTypeException">The input is not of floating point.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or there are too many of them.</exception>
    public static Tensor LpPool2d(Tensor input, double normType, Sizes kernelSize, Sizes stride = default, bool ceilMode = false) =>
        LpPool.Of(nameof(LpPool2d), input.Given(), 2, normType.In(Interval.Positive), kernelSize, stride, ceilMode);
}
