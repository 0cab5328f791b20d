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
    /// <returns>The norm before, without dimensions; 0 where there are no gradients.</returns>
    /// <exception cref="ArithmeticException">The norm is not finite and that is an error; no gradient was changed.</exception>
    /// <remarks>In a <see cref="Graph"/> it is computed and compared in every run.</remarks>
    public static Tensor ClipNorm(IEnumerable<Tensor> parameters, double maxNorm, double normType = 2, bool errorIfNonfinite = false)
    {
        List<Tensor> grads = Of(parameters.Given());
        maxNorm.In(Interval.NotNegative);
        normType.In(Interval.Numbers);
        if (grads.Count == 0) return Tensor.Scalar(0.0);
        using Unrecorded _ = Unrecorded.Begin();
        Tensor total = Norm(grads, normType);
        if (errorIfNonfinite && total.Item() is var norm && !double.IsFinite(norm))
            throw new ArithmeticException(
                $"ClipNorm: the total norm of order {normType} of the gradients is {norm}, so they cannot be clipped. Look for the "
                + "cause, or pass errorIfNonfinite: false to scale them anyway.");
        Tensor factor = maxNorm / (total + 1e-6);
        // Times 1 is the same bits; what is looked at is only whether that can be left out.
        if (GraphCapture.IsCapturing) factor = factor.Clamp(max: 1);
        else if (factor.Item() >= 1) return total.To(grads[0].DType);
        foreach (Tensor grad in grads) grad.Detach().MulInPlace(factor);
        return total.To(grads[0].DType);
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
    private static Tensor Norm(List<Tensor> grads, double p)
    {
        List<Tensor> norms = [.. grads.Select(grad => grad.Norm(p).To(DType.Float64))];
        if (double.IsPositiveInfinity(p)) return norms.Aggregate((a, b) => a.Maximum(b));
        return p == 2 ? norms.Select(norm => norm * norm).Aggregate((a, b) => a + b).Sqrt()
            : norms.Select(norm => norm.Pow(p)).Aggregate((a, b) => a + b).Pow(1 / p);
    }
}
