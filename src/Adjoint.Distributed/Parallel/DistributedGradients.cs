namespace Adjoint.Distributed;

/// <summary>What is done to gradients that lie on several ranks.</summary>
public static class DistributedGradients
{
    /// <summary>
    /// Scales the gradients of all ranks so that the norm of all of them together is at most <paramref name="maxNorm"/>. All ranks
    /// call it.
    /// </summary>
    /// <remarks>
    /// It is for parameters of which each rank has others. Those of a <see cref="DistributedDataParallel"/> have the same gradients
    /// everywhere:
    /// there <see cref="Nn.Gradients.ClipNorm"/> gives every rank the same result without asking the others.
    /// </remarks>
    /// <param name="parameters">The parameters of this rank; those without a gradient are left out.</param>
    /// <param name="maxNorm">The largest norm allowed; at least 0.</param>
    /// <param name="group">The processes.</param>
    /// <param name="normType">p of the p-norm, above 0; infinity for the largest absolute value.</param>
    /// <returns>The norm before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public static double ClipNorm(IEnumerable<Tensor> parameters, double maxNorm, ProcessGroup group, double normType = 2)
    {
        Tensor[] gradients = [.. parameters.Elements().Select(p => p.GradOrNull).OfType<Tensor>()];
        group.Given();
        maxNorm.In(Interval.NotNegative);
        if (!(normType > 0))
            throw new ArgumentOutOfRangeException(nameof(normType), normType, $"ClipNorm: normType must be above 0, but is {normType}.");
        using Unrecorded _ = Unrecorded.Begin();
        bool isLargest = double.IsPositiveInfinity(normType);
        double[] norms = [.. gradients.Select(g => g.Detach().To(DType.Float64).Norm(normType).Item())];
        double[] own = [norms.Length == 0 ? 0 : isLargest ? norms.Max() : norms.Sum(norm => Math.Pow(norm, normType))];
        group.AllReduce(own.AsSpan(), isLargest ? ReduceOp.Max : ReduceOp.Sum);
        double total = isLargest ? own[0] : Math.Pow(own[0], 1 / normType), factor = maxNorm / (total + 1e-6);
        if (factor < 1 || double.IsNaN(factor))
            foreach (Tensor g in gradients) g.Detach().MulInPlace(factor);
        return total;
    }
}
