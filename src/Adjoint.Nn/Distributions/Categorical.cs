namespace Adjoint.Distributions;

/// <summary>One of K classes, by their probabilities: PyTorch's <c>torch.distributions.Categorical</c>.</summary>
/// <remarks>Samples are Int64 from 0 to K − 1. There is no mean and no variance: they are NaN.</remarks>
/// <example><code>
/// Tensor logits = Tensor.Randn(8, 4).RequiresGradInPlace();        // what a policy gives for 8 states
/// var policy = new Categorical(logits: logits);
/// Tensor action = policy.Sample();
/// Tensor loss = -(policy.LogProb(action) * Tensor.Ones(8)).Mean() - 0.01 * policy.Entropy().Mean();
/// loss.Backward();
/// </code></example>
public sealed class Categorical : Distribution
{
    private readonly Tensor? _probs, _logits;

    /// <summary>Makes it from probabilities, or from their logarithms.</summary>
    /// <param name="probs">[…, K]: how probable each class is; at least 0, not all 0. They are divided by their sum.</param>
    /// <param name="logits">[…, K]: logarithms of it, up to a sum that does not matter; any numbers.</param>
    /// <exception cref="ArgumentException">Both are given, or none; or they are no probabilities.</exception>
    /// <exception cref="ShapeException">There is no dimension of classes.</exception>
    /// <exception cref="DTypeException">The numbers are whole.</exception>
    public Categorical(Tensor? probs = null, Tensor? logits = null) : base(Batch(probs, logits))
    {
        if (probs is not null)
        {
            Check(() => (probs >= 0) & probs.IsFinite(),
                () => new ArgumentException("Categorical: a probability is negative, infinite or NaN.", nameof(probs)));
            Tensor sum = probs.Sum(-1, keepDim: true);
            Check(() => sum > 0, () => new ArgumentException("Categorical: the probabilities of all classes are 0.", nameof(probs)));
            _probs = probs / sum;
        }
        else
        {
            _logits = logits! - logits!.LogSumExp(-1, keepDim: true);
            Check(() => _logits.IsNaN().LogicalNot(),
                () => new ArgumentException("Categorical: a logit is NaN, or all of a row are infinite.", nameof(logits)));
        }
    }

    /// <summary>[…, K]: the probabilities, whose sum is 1.</summary>
    public Tensor Probs => _probs ?? _logits!.Softmax(-1);

    /// <summary>[…, K]: their logarithms. Those of 0 and 1 are of what is an ε away, as in PyTorch.</summary>
    public Tensor Logits => _logits ?? Clamped(_probs!).Log();

    /// <summary>The most probable class.</summary>
    public Tensor Mode => Probs.ArgMax(-1);

    /// <inheritdoc/>
    public override Tensor Mean => Tensor.Full(BatchShape, double.NaN, Parameter.DType);

    /// <inheritdoc/>
    public override Tensor Variance => Mean;

    private Tensor Parameter => _probs ?? _logits!;

    /// <inheritdoc/>
    public override Tensor Sample(Shape sampleShape, Generator? generator = null)
    {
        using IDisposable _ = Autograd.NoGrad();
        Shape drawn = Extended(sampleShape);
        int count = sampleShape.NumEl;
        if (count == 0 || BatchShape.NumEl == 0) return Tensor.Empty(drawn, DType.Int64);
        Tensor rows = Probs.Reshape(BatchShape.NumEl, Parameter.Shape[-1]);
        return rows.Multinomial(count, replacement: true, generator).T.Reshape(drawn);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        if (value.Given().DType.IsFloatingPoint) value = value.Long();
        int classes = Parameter.Shape[-1];
        Check(() => (value >= 0) & (value < classes),
            () => new ArgumentOutOfRangeException(nameof(value), $"Categorical.LogProb: a class is not one of 0 to {classes - 1}."));
        Tensor logits = Logits;
        Shape batch = Broadcast("Categorical.LogProb", value.Shape, BatchShape);
        return logits.Expand([.. batch.Sizes, classes]).Gather(-1, value.Expand(batch).Unsqueeze(-1)).Squeeze(-1);
    }

    /// <inheritdoc/>
    // What cannot be drawn has a logarithm of −∞, and takes no part.
    public override Tensor Entropy() => -(Logits.Clamp(min: -Parameter.DType.Row.Largest) * Probs).Sum(-1);

    private static Tensor Clamped(Tensor probs)
    {
        double epsilon = probs.DType.Row.Epsilon;
        return probs.Clamp(epsilon, 1 - epsilon);
    }

    private static Shape Batch(Tensor? probs, Tensor? logits)
    {
        if (probs is null == logits is null)
            throw new ArgumentException("Categorical: give probs or logits, and not both.", nameof(probs));
        Tensor given = (probs ?? logits)!;
        if (given.NDim == 0 || given.Shape[-1] == 0)
            throw new ShapeException($"Categorical: needs a dimension of classes, but the shape is {given.Shape}.");
        if (!given.DType.IsFloatingPoint) throw new DTypeException($"Categorical: needs floating-point numbers, but got {given.DType}.");
        return [.. given.Shape.Sizes[..^1]];
    }
}
