namespace Adjoint.Nn;

/// <summary>
/// Brings each channel of each sample to mean 0 and variance 1 (Ulyanov et al. 2016), and may scale and shift it: PyTorch's
/// InstanceNorm1d, InstanceNorm2d and InstanceNorm3d.
/// </summary>
public abstract class InstanceNorm : Module, ILazyModule
{
    private readonly double _eps, _momentum;
    private readonly int _dims;

    private protected InstanceNorm(
        int dims, int numFeatures, double eps, double momentum, bool affine, bool trackRunningStats, DType dtype)
    {
        (_dims, NumFeatures, _eps, _momentum) =
            (dims, numFeatures.AtLeast(0), eps.In(Interval.NotNegative), momentum.In(Interval.Unit));
        if (affine)
        {
            Weight = Tensor.Ones([numFeatures], dtype).AsParameter();
            Bias = Tensor.Zeros([numFeatures], dtype).AsParameter();
        }
        if (!trackRunningStats) return;
        RunningMean = Tensor.Zeros([numFeatures], dtype).AsBuffer();
        RunningVar = Tensor.Ones([numFeatures], dtype).AsBuffer();
        NumBatchesTracked = Tensor.Scalar(0, DType.Int64).AsBuffer();
    }

    /// <summary>The number of channels.</summary>
    public int NumFeatures { get; private set; }

    /// <summary>The scale of each channel, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Weight { get => Parametrized(field); set => field = ParameterSlot(field, value, [NumFeatures]); }

    /// <summary>The shift of each channel, or null.</summary>
    /// <exception cref="SlotException">Assigned what is no parameter.</exception>
    /// <exception cref="ShapeException">Assigned a parameter of another shape.</exception>
    public Tensor? Bias { get => Parametrized(field); set => field = ParameterSlot(field, value, [NumFeatures]); }

    /// <summary>The average of the means, or null.</summary>
    /// <exception cref="SlotException">Assigned a parameter.</exception>
    /// <exception cref="ShapeException">Assigned a tensor of another shape.</exception>
    public Tensor? RunningMean { get; set => field = BufferSlot(value, [NumFeatures]); }

    /// <summary>The average of the unbiased variances, or null.</summary>
    /// <exception cref="SlotException">Assigned a parameter.</exception>
    /// <exception cref="ShapeException">Assigned a tensor of another shape.</exception>
    public Tensor? RunningVar { get; set => field = BufferSlot(value, [NumFeatures]); }

    /// <summary>0, which PyTorch keeps but does not count here, or null.</summary>
    /// <exception cref="SlotException">Assigned a parameter.</exception>
    /// <exception cref="ShapeException">Assigned a tensor of another shape.</exception>
    public Tensor? NumBatchesTracked { get; set => field = BufferSlot(value, []); }

    /// <summary>Whether the input decides how many channels there are.</summary>
    internal bool IsLazy { get; private protected set; }

    bool ILazyModule.IsLazy => IsLazy;

    void ILazyModule.Materialize(IReadOnlyDictionary<string, Tensor> state, string prefix)
    {
        if ((state.TryGetValue(prefix + "weight", out Tensor? each) || state.TryGetValue(prefix + "running_mean",
            out each)) && each.NDim == 1)
            Materialize(each.Shape[0]);
    }

    private void Materialize(int channels)
    {
        if (Weight is not null) Grow(Weight, [channels]).FillInPlace(1);
        if (Bias is not null) Grow(Bias, [channels]).FillInPlace(0);
        if (RunningMean is not null) Grow(RunningMean, [channels]).FillInPlace(0);
        if (RunningVar is not null) Grow(RunningVar, [channels]).FillInPlace(1);
        (NumFeatures, IsLazy) = (channels, false);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor input)
    {
        if (IsLazy) Materialize(LazySizes.Channels(TypeName, input, _dims));
        string name = $"InstanceNorm{_dims}d";
        if (input.NDim != _dims + 1 && input.NDim != _dims + 2)
            throw new ShapeException(
                $"{name}: needs a tensor of {_dims + 1} dimensions, or of {_dims + 2} with a batch, but the shape is {input.Shape}.");
        Tensor batch = input.NDim == _dims + 1 ? input.Unsqueeze(0) : input;
        if (batch.Shape[1] != NumFeatures)
            throw new ShapeException($"{name}: expected an input of {NumFeatures} channels, but got {input.Shape}.");
        Tensor y = Normalization.OfInstances(
            name, batch, RunningMean, RunningVar, Weight, Bias, Training || RunningMean is null || RunningVar is null, _momentum, _eps);
        return input.NDim == _dims + 1 ? y.Squeeze(0) : y;
    }

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{NumFeatures}, eps={PythonText.Of(_eps)}, momentum={PythonText.Of(_momentum)}, "
        + $"affine={PythonText.Of(Weight is not null)}, track_running_stats={PythonText.Of(RunningMean is not null)}";
}

/// <summary>Brings each channel of each sample of inputs [N, C, L] or [C, L] to mean 0 and variance 1.</summary>
/// <param name="numFeatures">C, the number of channels; at least 0.</param>
/// <param name="eps">Added to the variance; at least 0.</param>
/// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
/// <param name="affine">Whether there is a scale and a shift.</param>
/// <param name="trackRunningStats">Whether averages are kept, and used in evaluation.</param>
/// <param name="dtype">The dtype of parameters and averages.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public class InstanceNorm1d(
    int numFeatures, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false,
    DType dtype = DType.Float32) : InstanceNorm(1, numFeatures, eps, momentum, affine, trackRunningStats, dtype);

/// <summary>Brings each channel of each sample of inputs [N, C, H, W] or [C, H, W] to mean 0 and variance 1.</summary>
/// <param name="numFeatures">C, the number of channels; at least 0.</param>
/// <param name="eps">Added to the variance; at least 0.</param>
/// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
/// <param name="affine">Whether there is a scale and a shift.</param>
/// <param name="trackRunningStats">Whether averages are kept, and used in evaluation.</param>
/// <param name="dtype">The dtype of parameters and averages.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public class InstanceNorm2d(
    int numFeatures, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false,
    DType dtype = DType.Float32) : InstanceNorm(2, numFeatures, eps, momentum, affine, trackRunningStats, dtype);

/// <summary>Brings each channel of each sample of inputs [N, C, D, H, W] or [C, D, H, W] to mean 0 and variance 1.</summary>
/// <param name="numFeatures">C, the number of channels; at least 0.</param>
/// <param name="eps">Added to the variance; at least 0.</param>
/// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
/// <param name="affine">Whether there is a scale and a shift.</param>
/// <param name="trackRunningStats">Whether averages are kept, and used in evaluation.</param>
/// <param name="dtype">The dtype of parameters and averages.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public class InstanceNorm3d(
    int numFeatures, double eps = 1e-5, double momentum = 0.1, bool affine = false, bool trackRunningStats = false,
    DType dtype = DType.Float32) : InstanceNorm(3, numFeatures, eps, momentum, affine, trackRunningStats, dtype);
