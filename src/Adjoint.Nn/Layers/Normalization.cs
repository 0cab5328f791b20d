namespace Adjoint.Nn;

/// <summary>What normalisation by batches and by instances, as layers and as functions, have in common.</summary>
internal static class Normalization
{
    /// <summary>The dimensions behind the channels as one: [N, C] stays, [N, C, …] is [N, C, L].</summary>
    internal static Tensor Rows(Tensor x)
    {
        if (x.NDim < 4) return x;
        int places = 1;
        foreach (int size in x.Shape.Sizes[2..]) places *= size;
        return x.Reshape(x.Shape[0], x.Shape[1], places);
    }

    /// <summary>A result in the shape of what it was made of.</summary>
    internal static Tensor Like(Tensor y, Tensor x) => y.NDim == x.NDim ? y : y.Reshape(x.Shape);

    /// <summary>By the channels of each sample, or by averages.</summary>
    internal static Tensor OfInstances(
        string name, Tensor x, Tensor? runningMean, Tensor? runningVar, Tensor? weight, Tensor? bias, bool useInputStats, double momentum,
        double eps)
    {
        try
        {
            if (!useInputStats) return Like(BatchNormOp.Apply(Rows(x), weight, bias, (runningMean!, runningVar!), eps, out _, out _), x);
            int count = 1;
            foreach (int size in x.Shape.Sizes[2..]) count *= size;
            if (count == 1)
                throw new ShapeException($"{name}: expected more than 1 value in each channel, but got an input of shape {x.Shape}.");
            Tensor y = InstanceNormalization.Of(name, x, weight, bias, eps, out Tensor mean, out Tensor variance);
            if (x.NumEl > 0) Track(runningMean, runningVar, mean, variance, count, momentum);
            return y;
        }
        catch (TensorException e) when (e.IsOf(name))
        {
            throw;
        }
    }

    /// <summary>Averages become (1 − momentum)·average + momentum·what was found, the variance unbiased.</summary>
    internal static void Track(Tensor? runningMean, Tensor? runningVar, Tensor mean, Tensor variance, int count, double momentum)
    {
        using Unrecorded _ = Unrecorded.Begin();
        if (mean.NDim == 2) (mean, variance) = (mean.Mean(0), variance.Mean(0));
        runningMean?.MulInPlace(1 - momentum).AddInPlace(mean, momentum);
        runningVar?.MulInPlace(1 - momentum).AddInPlace(variance * ((double)count / (count - 1)), momentum);
    }

    /// <summary>Averages are of one value for each channel.</summary>
    internal static void Check(string name, Tensor x, Tensor? runningMean, Tensor? runningVar)
    {
        if (x.NDim < 2) throw new ShapeException($"{name}: needs a tensor [N, C, …], but the shape is {x.Shape}.");
        foreach (Tensor? average in (Tensor?[])[runningMean, runningVar])
            if (average is not null && (average.NDim != 1 || average.NumEl != x.Shape[1]))
                throw new ShapeException(
                    $"{name}: averages of {x.Shape[1]} channels must have shape [{x.Shape[1]}], but one has {average.Shape}.");
    }
}

public static partial class F
{
    /// <summary>
    /// (x − mean)/√(variance + ε)·w + b, mean and variance of each channel: of the batch in training, which changes the averages in place,
    /// and otherwise the averages.
    /// </summary>
    /// <param name="input">[N, C, …].</param>
    /// <param name="runningMean">The average of the means [C]; may be null in training.</param>
    /// <param name="runningVar">The average of the unbiased variances [C]; may be null in training.</param>
    /// <param name="weight">w [C], or null for 1.</param>
    /// <param name="bias">b [C], or null for 0.</param>
    /// <param name="training">Whether the batch counts.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or each channel has one value in training.</exception>
    /// <exception cref="ArgumentException">There are no averages, and no training; or a number is out of range.</exception>
    public static Tensor BatchNorm(
        Tensor input, Tensor? runningMean, Tensor? runningVar, Tensor? weight = null, Tensor? bias = null, bool training = false,
        double momentum = 0.1, double eps = 1e-5)
    {
        Normalization.Check(nameof(BatchNorm), input.Given(), runningMean, runningVar);
        eps.In(Interval.NotNegative);
        momentum.In(Interval.Unit);
        if (!training && (runningMean is null || runningVar is null))
            throw new ArgumentException("BatchNorm: runningMean and runningVar must be given unless training.", nameof(runningMean));
        try
        {
            Tensor x = Normalization.Rows(input);
            if (!training)
                return Normalization.Like(BatchNormOp.Apply(x, weight, bias, (runningMean!, runningVar!), eps, out _, out _), input);
            int count = x.Shape[0] * (x.NDim == 2 ? 1 : x.Shape[2]);
            if (count == 1)
                throw new ShapeException($"BatchNorm: expected more than 1 value per channel when training, but got {input.Shape}.");
            Tensor y = BatchNormOp.Apply(x, weight, bias, null, eps, out Tensor mean, out Tensor variance);
            if (count > 0) Normalization.Track(runningMean, runningVar, mean, variance, count, momentum);
            return Normalization.Like(y, input);
        }
        catch (TensorException e) when (e.IsOf(nameof(BatchNorm)))
        {
            throw;
        }
    }

    /// <summary>
    /// (x − mean)/√(variance + ε)·w + b, mean and variance of each channel of each sample, whose means over the batch change the averages
    /// in place; or the averages.
    /// </summary>
    /// <param name="input">[N, C, …].</param>
    /// <param name="runningMean">The average of the means [C], or null.</param>
    /// <param name="runningVar">The average of the unbiased variances [C], or null.</param>
    /// <param name="weight">w [C], or null for 1.</param>
    /// <param name="bias">b [C], or null for 0.</param>
    /// <param name="useInputStats">Whether the samples count, and not the averages.</param>
    /// <param name="momentum">How much a batch changes the averages, in [0, 1].</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or each channel has one value.</exception>
    /// <exception cref="ArgumentException">There are no averages to use; or a number is out of range.</exception>
    public static Tensor InstanceNorm(
        Tensor input, Tensor? runningMean = null, Tensor? runningVar = null, Tensor? weight = null, Tensor? bias = null,
        bool useInputStats = true, double momentum = 0.1, double eps = 1e-5)
    {
        Normalization.Check(nameof(InstanceNorm), input.Given(), runningMean, runningVar);
        eps.In(Interval.NotNegative);
        momentum.In(Interval.Unit);
        if (!useInputStats && (runningMean is null || runningVar is null))
            throw new ArgumentException(
                "InstanceNorm: runningMean and runningVar must be given where those of the input are not used.", nameof(runningMean));
        return Normalization.OfInstances(
            nameof(InstanceNorm), input, runningMean, runningVar, weight, bias, useInputStats, momentum, eps);
    }
}
