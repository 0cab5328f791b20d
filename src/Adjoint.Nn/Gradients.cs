namespace Adjoint.Nn;

/// <summary>What is done to the gradients of many parameters at once.</summary>
public static class Gradients
{
    /// <summary>Lets go of a gradient, or sets it to zero in place.</summary>
    internal static void Clear(Tensor parameter, bool setToNone)
    {
        if (setToNone)
        {
            parameter.DropGrad();
        }
        else if (parameter.GradOrNull is { } grad)
        {
            using Unrecorded _ = Unrecorded.Begin();
            if (grad.IsLeaf) grad.ZeroInPlace();
            else parameter.GradOrNull = grad.Detach().ZeroInPlace();
        }
    }

    /// <summary>
    /// Scales all gradients so that their common norm is at most <paramref name="maxNorm"/>: PyTorch's <c>clip_grad_norm_</c>.
    /// </summary>
    /// <param name="parameters">Whose gradients; those without one are left out.</param>
    /// <param name="maxNorm">The largest norm allowed.</param>
    /// <param name="normType">p of the p-norm; infinity for the largest absolute value.</param>
    /// <param name="errorIfNonfinite">Whether a norm that is NaN or infinite is an error.</param>
    /// <returns>The norm before.</returns>
    /// <exception cref="ArithmeticException">The norm is not finite and that is an error; no gradient was changed.</exception>
    public static double ClipNorm(IEnumerable<Tensor> parameters, double maxNorm, double normType = 2, bool errorIfNonfinite = false)
    {
        List<Tensor> grads = Of(parameters.Given());
        maxNorm.In(Interval.NotNegative);
        normType.In(Interval.Numbers);
        if (grads.Count == 0) return 0;
        double total = Norm(grads, normType);
        if (errorIfNonfinite && !double.IsFinite(total))
            throw new ArithmeticException(
                $"ClipNorm: the total norm of order {normType} of the gradients is {total}, so they cannot be clipped. Look for the "
                + "cause, or pass errorIfNonfinite: false to scale them anyway.");
        double factor = maxNorm / (total + 1e-6);
        using Unrecorded _ = Unrecorded.Begin();
        if (!(factor >= 1))
            foreach (Tensor grad in grads) grad.Detach().MulInPlace(factor);
        return total;
    }

    /// <summary>Limits every element of every gradient to [−limit, limit], in place: PyTorch's <c>clip_grad_value_</c>.</summary>
    public static void ClipValue(IEnumerable<Tensor> parameters, double limit)
    {
        List<Tensor> grads = Of(parameters.Given());
        if (!(limit >= 0))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, $"ClipValue: limit must be at least 0, but is {limit}.");
        using Unrecorded _ = Unrecorded.Begin();
        foreach (Tensor grad in grads) grad.Detach().ClampInPlace(-limit, limit);
    }

    // A tensor is itself a sequence, of its slices: given alone it means itself.
    private static List<Tensor> Of(IEnumerable<Tensor> parameters) =>
        [.. (parameters is Tensor one ? Enumerable.Repeat(one, 1) : parameters.Elements()).Select(p => p.GradOrNull).OfType<Tensor>()];

    /// <summary>The norm of the norms of the gradients, which is the norm of all their elements together.</summary>
    private static double Norm(List<Tensor> grads, double p)
    {
        using Unrecorded _ = Unrecorded.Begin();
        double[] norms = [.. grads.Select(grad => grad.Norm(p).Item())];
        if (double.IsPositiveInfinity(p)) return norms.Aggregate(Math.Max);
        return Math.Pow(norms.Sum(norm => Math.Pow(norm, p)), 1 / p);
    }
}
