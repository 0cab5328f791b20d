namespace Adjoint.Distributions;

/// <summary>A distribution of random variables, or a batch of them: PyTorch's <c>torch.distributions.Distribution</c>.</summary>
/// <remarks>
/// What is random is drawn from a generator, with PyTorch's bits. Densities and entropies can be differentiated with respect to the
/// parameters, and densities to the value where it is real.
/// </remarks>
public abstract class Distribution
{
    private protected Distribution(Shape batchShape) => BatchShape = batchShape;

    /// <summary>How many there are.</summary>
    public Shape BatchShape { get; }

    /// <summary>The expectation of each; NaN where there is none.</summary>
    public abstract Tensor Mean { get; }

    /// <summary>The variance of each; NaN where there is none.</summary>
    public abstract Tensor Variance { get; }

    /// <summary>Draws from each; no gradient goes back to the parameters.</summary>
    /// <param name="generator">Where from; by default <see cref="Rng.Default"/>.</param>
    /// <returns>Of the shape <see cref="BatchShape"/>.</returns>
    public Tensor Sample(Generator? generator = null) => Sample([], generator);

    /// <summary>Draws several times from each.</summary>
    /// <param name="sampleShape">How many times.</param>
    /// <param name="generator">Where from; by default <see cref="Rng.Default"/>.</param>
    /// <returns>Of the shape <paramref name="sampleShape"/>, and behind it <see cref="BatchShape"/>.</returns>
    public abstract Tensor Sample(Shape sampleShape, Generator? generator = null);

    /// <summary>log p(value), of a density or of a probability.</summary>
    /// <param name="value">What was drawn; broadcast with the parameters.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It cannot be drawn.</exception>
    public abstract Tensor LogProb(Tensor value);

    /// <summary>−E log p.</summary>
    public abstract Tensor Entropy();

    /// <summary>The shape of what is drawn.</summary>
    private protected Shape Extended(Shape sampleShape) => [.. sampleShape.Given().Sizes, .. BatchShape.Sizes];

    /// <summary>Looks at numbers, which a graph that is captured has none of.</summary>
    /// <param name="isTrue">What holds for each number.</param>
    /// <param name="fault">What is said if it does not.</param>
    private protected static void Check(Func<Tensor> isTrue, Func<ArgumentException> fault)
    {
        if (GraphCapture.IsAnywhere) return;
        using IDisposable _ = Autograd.NoGrad();
        if (!isTrue().All().Item<bool>()) throw fault();
    }

    /// <summary>The shape to which both are broadcast.</summary>
    private protected static Shape Broadcast(string operation, Shape a, Shape b) =>
        Layout.Broadcast(a, b) ?? throw new ShapeException($"{operation}: the shapes {a} and {b} cannot be broadcast to one.");
}
