namespace Adjoint.Nn;

/// <summary>Vectors of a table that are not to be longer than a number.</summary>
internal static class EmbeddingNorms
{
    // As in PyTorch: what is shortened stays a little below.
    private const double Margin = 1e-7;

    /// <summary>Shortens the rows that are asked for and too long, in place and without a gradient: torch.embedding_renorm_.</summary>
    internal static void Limit(string operation, Tensor weight, Tensor index, double maxNorm, double normType)
    {
        try
        {
            using (Autograd.NoGrad())
            {
                Tensor places = index.Flatten().To(DType.Int64), rows = weight.Detach().IndexSelect(0, places);
                Tensor norms = rows.Norm(normType, [1], keepDim: true);
                Tensor factors = Tensor.Where(norms > maxNorm, maxNorm / (norms + Margin), Tensor.Ones(Shape.Scalar, rows.DType));
                weight.IndexCopyInPlace(0, places, rows * factors);
            }
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    /// <summary>The options as PyTorch prints them.</summary>
    internal static string Text(double? maxNorm, double normType, bool scaleGradByFreq) =>
        (maxNorm is { } most ? $", max_norm={PythonText.Of(most)}" : "") + (normType != 2 ? $", norm_type={PythonText.Of(normType)}" : "")
        + (scaleGradByFreq ? ", scale_grad_by_freq=True" : "");
}
