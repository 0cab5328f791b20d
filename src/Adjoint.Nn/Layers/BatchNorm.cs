namespace Adjoint.Nn;

/// <summary>
/// Brings each channel of a batch to mean 0 and variance 1 and then scales and shifts it (Ioffe and Szegedy 2015): PyTorch's BatchNorm1d,
/// BatchNorm2d and BatchNorm3d. While training by the batch itself, otherwise by averages over the batches seen in training.
/// </summary>
public abstract class BatchNorm : Module, ILazyModule
{
    private readonly int _dims;
    private readonly double _eps;

    private protected BatchNorm(
        int dims, int numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, DType dtype)
    {
        (_dims, NumFeatures, _eps, Momentum) =
            (dims, numFeatures.AtLeast(0), eps.In(Interval.NotNegative), momentum?.In(Interval.Unit, nameof(momentum)));
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

    /// <summary>How much of an average comes from the batch at hand; null: all batches count alike.</summary>
    internal double? Momentum { get; set; }

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

    /// <summary>How many batches the averages are over, or null.</summary>
    /// <exception cref="SlotException">Assigned a parameter.</exception>
    /// <exception cref="ShapeException">Assigned a tensor of another shape.</exception>
    public Tensor? NumBatchesTracked { get; set => field = BufferSlot(value, []); }

    /// <summary>What normalises batches in training together with those of other processes, or null.</summary>
    [field: Untracked]
    internal ISharedMoments? Shared { get; set; }

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
        if (IsLazy) Materialize(LazySizes.Channels(TypeName, input, _dims, isFlat: _dims == 1));
        string name = $"BatchNorm{_dims}d";
        try
        {
            bool isFlat = _dims == 1 && input.NDim == 2;
            if ((input.NDim != _dims + 2 && !isFlat) || input.Shape[1] != NumFeatures)
                throw new ShapeException(
                    $"{name}: expected an input {(_dims == 1 ? $"[N, {NumFeatures}] or " : "")}[N, {NumFeatures}, {Sizes}], but got "
                    + $"{input.Shape}.");
            Tensor x = Normalization.Rows(input);
            int count = x.Shape[0] * (x.NDim == 2 ? 1 : x.Shape[2]);
            if (Training || (RunningMean is null && RunningVar is null))
            {
                if (Training && Shared is { } shared)
                {
                    Tensor together = shared.Normalized(name, x, Weight, Bias, _eps, out Tensor center, out Tensor spread, out int all);
                    Track(all, center, spread);
                    return Normalization.Like(together, input);
                }
                // One value is its own mean: whatever it is, the output would be the shift.
                if (count == 1)
                    throw new ShapeException(
                        $"{name}: expected more than 1 value per channel {(Training ? "when training" : "without running averages")}, "
                        + $"but got an input of shape {input.Shape}.");
                Tensor y = BatchNormOp.Apply(x, Weight, Bias, null, _eps, out Tensor mean, out Tensor variance);
                if (Training) Track(count, mean, variance);
                return Normalization.Like(y, input);
            }
            if (RunningMean is null || RunningVar is null)
                throw new TensorException(
                    $"{name}: {(RunningMean is null ? nameof(RunningMean) : nameof(RunningVar))} is null, so there are no averages to "
                    + "use in evaluation. Set both, or neither.");
            return Normalization.Like(BatchNormOp.Apply(x, Weight, Bias, (RunningMean, RunningVar), _eps, out _, out _), input);
        }
        catch (TensorException e) when (e.IsOf(name))
        {
            throw;
        }
    }

    private string Sizes => _dims switch { 1 => "L", 2 => "H, W", _ => "D, H, W" };

    private void Track(int count, Tensor mean, Tensor variance)
    {
        using Unrecorded _ = Unrecorded.Begin();
        NumBatchesTracked?.AddInPlace(Tensor.Scalar(1, DType.Int64));
        if (count == 0) return;
        if (Momentum is null && NumBatchesTracked is { } batches && GraphCapture.IsCapturing)
        {
            // The count is read in every run.
            Tensor share = 1.0 / batches.To(DType.Float64);
            RunningMean?.MulInPlace(1 - share).AddInPlace(mean * share);
            RunningVar?.MulInPlace(1 - share).AddInPlace(variance * ((double)count / (count - 1)) * share);
            return;
        }
        double momentum = Momentum ?? (NumBatchesTracked is null ? 0 : 1.0 / NumBatchesTracked.Item());
        RunningMean?.MulInPlace(1 - momentum).AddInPlace(mean, momentum);
        RunningVar?.MulInPlace(1 - momentum).AddInPlace(variance * ((double)count / (count - 1)), momentum);
    }

    /// <inheritdoc/>
    protected override string ExtraText =>
        $"{NumFeatures}, eps={PythonText.Of(_eps)}, momentum={(Momentum is { } m ? PythonText.Of(m) : "None")}, affine={PythonText.Of(Weight is not null)}, track_running_stats={PythonText.Of(RunningMean is not null)}";
}

/// <summary>
/// Brings each channel of a batch [N, C] or [N, C, L] to mean 0 and variance 1 and then scales and shifts it: by the batch itself while
/// training, otherwise by averages over the batches seen in training.
/// </summary>
/// <param name="numFeatures">C, the number of channels; at least 0.</param>
/// <param name="eps">Added to the variance; at least 0.</param>
/// <param name="momentum">How much a batch changes the averages, in [0, 1], or null to average over all batches alike.</param>
/// <param name="affine">Whether there is a scale and a shift.</param>
/// <param name="trackRunningStats">Whether averages are kept; without them each batch is normalised by itself, in evaluation
/// too.</param>
/// <param name="dtype">The dtype of parameters and averages.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public class BatchNorm1d(
    int numFeatures, double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true,
    DType dtype = DType.Float32) : BatchNorm(1, numFeatures, eps, momentum, affine, trackRunningStats, dtype);

/// <summary>
/// Brings each channel of a batch [N, C, H, W] to mean 0 and variance 1 and then scales and shifts it: by the batch itself while
/// training, otherwise by averages over the batches seen in training.
/// </summary>
/// <param name="numFeatures">C, the number of channels; at least 0.</param>
/// <param name="eps">Added to the variance; at least 0.</param>
/// <param name="momentum">How much a batch changes the averages, in [0, 1], or null to average over all batches alike.</param>
/// <param name="affine">Whether there is a scale and a shift.</param>
/// <param name="trackRunningStats">Whether averages are kept; without them each batch is normalised by itself, in evaluation
/// too.</param>
/// <param name="dtype">The dtype of parameters and averages.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public class BatchNorm2d(
    int numFeatures, double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true,
    DType dtype = DType.Float32) : BatchNorm(2, numFeatures, eps, momentum, affine, trackRunningStats, dtype);

/// <summary>
/// Brings each channel of a batch [N, C, D, H, W] to mean 0 and variance 1 and then scales and shifts it: by the batch itself while
/// training, otherwise by averages over the batches seen in training.
/// </summary>
/// <param name="numFeatures">C, the number of channels; at least 0.</param>
/// <param name="eps">Added to the variance; at least 0.</param>
/// <param name="momentum">How much a batch changes the averages, in [0, 1], or null to average over all batches alike.</param>
/// <param name="affine">Whether there is a scale and a shift.</param>
/// <param name="trackRunningStats">Whether averages are kept; without them each batch is normalised by itself, in evaluation
/// too.</param>
/// <param name="dtype">The dtype of parameters and averages.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public class BatchNorm3d(
    int numFeatures, double eps = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStats = true,
    DType dtype = DType.Float32) : BatchNorm(3, numFeatures, eps, momentum, affine, trackRunningStats, dtype);
