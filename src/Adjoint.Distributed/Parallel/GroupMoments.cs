using Adjoint.Nn;

namespace Adjoint.Distributed;

/// <summary>Mean and variance over the batches of a group.</summary>
internal sealed class GroupMoments(ProcessGroup group) : ISharedMoments
{
    public Tensor Normalized(
        string name, Tensor x, Tensor? weight, Tensor? bias, double eps, out Tensor mean, out Tensor variance, out int count)
    {
        if (GraphCapture.IsCapturing)
            throw new NotSupportedException($"{name}: moments over several processes cannot be captured in a graph. Call the function as it is.");
        if (!x.DType.IsFloatingPoint) throw new DTypeException($"{name}: needs an input of floating point, but got {x.DType}.");
        int channels = x.Shape[1];
        double[] own = Sums(x.Detach(), channels), all = new double[own.Length * group.Size];
        group.AllGather<double>(own, all);
        double[] means = new double[channels], variances = new double[channels];
        double total = Join(all, channels, group.Size, means, variances);
        if (total == 1)
            throw new ShapeException(
                $"{name}: expected more than 1 value per channel over all ranks when training, but got an input of shape {x.Shape}.");
        count = (int)Math.Min(total, int.MaxValue);
        mean = Tensor.From(means).To(x.DType);
        variance = Tensor.From(variances).To(x.DType);
        Tensor w = weight ?? Tensor.Ones([channels], x.DType), b = bias ?? Tensor.Zeros([channels], x.DType);
        return new SyncBatchNormFunction(group, eps, mean, variance, total).Apply(x, w, b)[0];
    }

    // The number of values, the mean of each channel, and the sum of squares around it.
    private static double[] Sums(Tensor x, int channels)
    {
        using Unrecorded _ = Unrecorded.Begin();
        double[] sums = new double[1 + 2 * channels];
        if (x.NumEl == 0) return sums;
        int values = x.NumEl / channels;
        (Tensor variance, Tensor mean) = x.To(DType.Float64).VarMean(BatchNormOp.Dims(x), correction: 0);
        sums[0] = values;
        mean.CopyTo(sums.AsSpan(1, channels));
        (variance * values).CopyTo(sums.AsSpan(1 + channels, channels));
        return sums;
    }

    // Chan, Golub and LeVeque 1979: moments of parts give those of the whole. All ranks do it in one order, and get the same bits.
    private static double Join(double[] all, int channels, int ranks, double[] means, double[] variances)
    {
        int length = 1 + 2 * channels;
        double total = 0;
        for (int rank = 0; rank < ranks; rank++) total += all[rank * length];
        for (int c = 0; c < channels; c++)
        {
            double mean = 0, squares = 0;
            for (int rank = 0; rank < ranks; rank++) mean += all[rank * length] * all[rank * length + 1 + c];
            if (total > 0) mean /= total;
            for (int rank = 0; rank < ranks; rank++)
            {
                double apart = all[rank * length + 1 + c] - mean;
                squares += all[rank * length + 1 + channels + c] + all[rank * length] * apart * apart;
            }
            (means[c], variances[c]) = total > 0 ? (mean, squares / total) : (0, 1);
        }
        return total;
    }
}

/// <summary>
/// y = x̂·w + b with x̂ = (x − mean)·r over the batches of a group,   dx = r·w·(g − mean(g) − x̂·mean(g·x̂)), with means over all
/// ranks, dw = Σ g·x̂ and db = Σ g over this one.
/// </summary>
internal sealed class SyncBatchNormFunction(ProcessGroup group, double eps, Tensor mean, Tensor variance, double total) : Function
{
    protected internal override bool IsOnceDifferentiable => true;

    protected override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs)
    {
        Tensor x = inputs[0], w = inputs[1], b = inputs[2];
        Save(x, w);
        return [BatchNormOp.Apply(x, w, b, (mean, variance), eps, out _, out _)];
    }

    protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gradients)
    {
        Tensor g = gradients[0]!, x = Saved(0)!, w = Saved(1)!;
        int[] dims = BatchNormOp.Dims(x);
        Tensor inverse = BatchNormOp.Spread((variance + eps).Rsqrt(), x);
        Tensor normalized = (x - BatchNormOp.Spread(mean, x)) * inverse;
        Tensor db = g.Sum(dims), dw = (g * normalized).Sum(dims);
        // Every rank comes here, also where its x needs no gradient: the others wait for it.
        Tensor sums = Tensor.Cat([db.To(DType.Float64), dw.To(DType.Float64)]);
        group.AllReduce(sums);
        sums = (sums / Math.Max(1, total)).To(x.DType);
        int channels = x.Shape[1];
        Tensor centered = g - BatchNormOp.Spread(sums[..channels], x) - normalized * BatchNormOp.Spread(sums[channels..], x);
        return [centered * inverse * BatchNormOp.Spread(w, x), dw, db];
    }
}
