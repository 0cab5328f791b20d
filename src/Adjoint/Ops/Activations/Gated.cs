namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>a·σ(b) of the two halves a and b along a dimension: a gated linear unit.</summary>
    /// <param name="dim">The dimension; its size must be even.</param>
    /// <exception cref="ShapeException">There is no such dimension, or its size is odd.</exception>
    public Tensor Glu(int dim = -1)
    {
        try
        {
            return Gates.Linear(this, dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Glu)))
        {
            throw;
        }
    }

    /// <summary>e⁻ˣ/Σ e⁻ˣ along a dimension: shares that are the larger, the smaller the element is.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="dtype">What the elements become before; by default they stay what they are.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Softmin(int dim, DType? dtype = null)
    {
        try
        {
            return (-this).Softmax(dim, dtype);
        }
        catch (TensorException e) when (e.IsOf(nameof(Softmin)))
        {
            throw;
        }
    }

    /// <summary>
    /// Divided by its p-norm along a dimension: (Σ|x|ᵖ)^(1/p), but by no less than <paramref name="eps"/>.
    /// </summary>
    /// <param name="p">The order of the norm.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="eps">The least divisor.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Normalize(double p = 2, int dim = 1, double eps = 1e-12)
    {
        try
        {
            return this / Norm(p, [dim], keepDim: true).ClampMin(eps);
        }
        catch (TensorException e) when (e.IsOf(nameof(Normalize)))
        {
            throw;
        }
    }

    /// <summary>
    /// A softmax of (x + noise)/τ along a dimension with noise of Gumbel's distribution: a draw of one place, with a gradient.
    /// </summary>
    /// <param name="tau">τ; above 0. The smaller, the nearer to one place.</param>
    /// <param name="hard">Whether the result is 1 at the largest place and 0 elsewhere, with the gradient of the soft one.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="generator">Where the noise is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">τ is not above 0.</exception>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor GumbelSoftmax(double tau = 1, bool hard = false, int dim = -1, Generator? generator = null)
    {
        try
        {
            return Gates.Gumbel(this, tau.In(Interval.Positive), hard, dim, generator);
        }
        catch (TensorException e) when (e.IsOf(nameof(GumbelSoftmax)))
        {
            throw;
        }
    }
}

/// <summary>Choices that are made softly.</summary>
internal static class Gates
{
    internal static Tensor Linear(Tensor x, int dim)
    {
        int d = x.Shape.Wrap(dim), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (size % 2 != 0)
            throw new ShapeException($"Glu: dimension {d} of shape {x.Shape} must have an even size to be halved, but has {size}.");
        return x.Narrow(d, 0, size / 2) * x.Narrow(d, size / 2, size / 2).Sigmoid();
    }

    internal static Tensor Gumbel(Tensor x, double tau, bool hard, int dim, Generator? generator)
    {
        Reduction.RequireFloat("GumbelSoftmax", x);
        Tensor noise = -Draw.Like("GumbelSoftmax", "exponential", ExponentialOp.Of(1), x, x.DType, generator).Log();
        Tensor soft = ((x + noise) / tau).Softmax(dim);
        if (!hard) return soft;
        // What is added and subtracted is the same, but for the gradient.
        Tensor one = soft.Detach().ZerosLike().Scatter(dim, soft.Detach().ArgMax(dim, keepDim: true), 1.0);
        return one - soft.Detach() + soft;
    }
}

public static partial class OpTable
{
    private static Op Glu => Op.Of(OpKind.Composite, "glu", x => x.Glu(1), Matrix,
        new()
        {
            Formula = "a·σ(b) of the halves a and b of x",
            Torch = "F.glu(x, 1)",
            Module = "GLU(dim={dim: any dimension})",
        });

    private static Op Softmin => Op.Of(OpKind.Composite, "softmin", x => x.Softmin(1), Cube,
        new() { Formula = "e⁻ˣ / Σ e⁻ˣ over a dimension", Torch = "F.softmin(x, 1)", Module = "Softmin(dim={dim: any dimension})" });

    private static Op Normalize => Op.Of(OpKind.Composite, "normalize", x => x.Normalize(), new OpInput([3, 4], Domain.Positive),
        new() { Formula = "x/max(‖x‖, ε) along a dimension", Torch = "F.normalize(x)" });

    private static Op GumbelSoftmax => Op.Of(OpKind.Composite, "gumbel_softmax",
        x => x.GumbelSoftmax(0.7, generator: new Generator(1)), Matrix,
        new() { Formula = "softmax of (x + noise)/τ", Torch = "seeded(1, F.gumbel_softmax, x, 0.7)" });
}
