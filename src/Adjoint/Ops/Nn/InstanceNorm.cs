namespace Adjoint;

/// <summary>x̂·w + b with x̂ = (x − mean)/√(variance + ε) over each channel of each sample (Ulyanov et al. 2016).</summary>
internal static class InstanceNormalization
{
    /// <summary>By the mean and variance of each sample.</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="x">[N, C, …].</param>
    /// <param name="weight">w [C], or null for 1.</param>
    /// <param name="bias">b [C], or null for 0.</param>
    /// <param name="eps">ε.</param>
    /// <param name="mean">The mean of each channel of each sample, [N, C], without history.</param>
    /// <param name="variance">Their (biased) variance.</param>
    internal static Tensor Of(
        string operation, Tensor x, Tensor? weight, Tensor? bias, double eps, out Tensor mean, out Tensor variance)
    {
        if (!x.DType.IsFloatingPoint) throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}.");
        (int samples, int channels) = (x.Shape[0], x.Shape[1]);
        GroupNormalization.Check(operation, weight, channels, nameof(weight));
        GroupNormalization.Check(operation, bias, channels, nameof(bias));
        Shape each = [samples, channels];
        (mean, variance) = (Tensor.Zeros(each, x.DType), Tensor.Ones(each, x.DType));
        if (x.NumEl == 0) return x;
        int places = x.NumEl / samples / channels;
        try
        {
            // A batch of one sample that has the channels of all.
            Tensor y = BatchNormOp.Apply(
                x.Reshape(1, samples * channels, places), weight?.Repeat(samples), bias?.Repeat(samples), null, eps, out Tensor means,
                out Tensor variances);
            (mean, variance) = (means.Reshape(each), variances.Reshape(each));
            return y.Reshape(x.Shape);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }
}

public static partial class OpTable
{
    private static Op InstanceNorm => Op.Of(OpKind.Composite, "instance_norm",
        (x, w, b) => InstanceNormalization.Of("InstanceNorm", x, w, b, 1e-5, out _, out _), new OpInput([2, 4, 3], Domain.Reals), Row, Row,
        new()
        {
            Formula = "(x − mean x)/√(var x + ε)·y + z over each channel of a sample",
            Torch = "F.instance_norm(x, None, None, y, z, True, eps=1e-5)",
        });
}
