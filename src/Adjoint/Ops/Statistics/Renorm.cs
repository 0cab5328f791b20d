namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy in which no slice along a dimension has a p-norm above a number: those that do are scaled to it.</summary>
    /// <param name="p">The order of the norm; above 0.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="maxNorm">The largest norm; not negative.</param>
    /// <exception cref="ShapeException">There is no such dimension, or there are fewer than two.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p is not above 0, or the norm negative.</exception>
    public Tensor Renorm(double p, int dim, double maxNorm)
    {
        try
        {
            return NormLimit.Of(this, p.In(Interval.Positive), dim, maxNorm.In(Interval.NotNegative));
        }
        catch (TensorException e) when (e.IsOf(nameof(Renorm)))
        {
            throw;
        }
    }

    /// <summary>Slices along a dimension scaled to a norm that they exceed, in place: torch's renorm_.</summary>
    /// <inheritdoc cref="Renorm"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor RenormInPlace(double p, int dim, double maxNorm) =>
        Replacement.InPlace("RenormInPlace", this, x => x.Renorm(p.In(Interval.Positive), dim, maxNorm.In(Interval.NotNegative)));
}

/// <summary>Slices that are not too long.</summary>
internal static class NormLimit
{
    // As in PyTorch: a slice that is scaled stays a little below.
    private const double Margin = 1e-7;

    internal static Tensor Of(Tensor x, double p, int dim, double maxNorm)
    {
        Reduction.RequireFloat("Renorm", x);
        if (x.NDim < 2) throw new ShapeException($"Renorm: needs at least two dimensions, but got shape {x.Shape}.");
        int d = x.Shape.Wrap(dim);
        Tensor norm = x.Norm(p, [.. Enumerable.Range(0, x.NDim).Where(other => other != d)], keepDim: true);
        Tensor isLong = norm.Detach() > maxNorm;
        Tensor factor = Tensor.Where(isLong, maxNorm / (norm + Margin), Tensor.Ones(Shape.Scalar, x.DType));
        return x * factor;
    }
}

public static partial class OpTable
{
    private static Op Renorm => Op.Of(OpKind.Composite, "renorm", x => x.Renorm(2, 1, 3), Matrix,
        new() { Formula = "x with shorter slices", Torch = "x.renorm(2, 1, 3)" });
}
