namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites every element with a uniform number in [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above all.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">low is above high.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor UniformInPlace(double low = 0, double high = 1, Generator? generator = null)
    {
        if (!(low <= high)) throw new ArgumentException($"UniformInPlace: low must not be above high, but low is {low} and high is {high}.", nameof(low));
        Floating("UniformInPlace", DType);
        return Overwrite("UniformInPlace", new UniformFill(low, high, generator));
    }

    /// <summary>Overwrites every element with a normally distributed number.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation; not negative.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor NormalInPlace(double mean = 0, double std = 1, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(std);
        Floating("NormalInPlace", DType);
        return Overwrite("NormalInPlace", new NormalFill(mean, std, generator));
    }

    /// <summary>Overwrites every element with 1 with probability <paramref name="p"/>, else with 0.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor BernoulliInPlace(double p = 0.5, Generator? generator = null)
    {
        CheckProbability("BernoulliInPlace", p);
        return Overwrite("BernoulliInPlace", new BernoulliFill(p, generator));
    }

    /// <summary>Overwrites every element with an exponentially distributed number of rate <paramref name="rate"/>.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor ExponentialInPlace(double rate = 1, Generator? generator = null)
    {
        if (!(rate > 0)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "ExponentialInPlace: the rate must be positive.");
        Floating("ExponentialInPlace", DType);
        return Overwrite("ExponentialInPlace", new ExponentialFill(rate, generator));
    }

    /// <summary>Overwrites every element with a whole number in [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above all.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">low is not less than high, or the dtype cannot hold the numbers between them.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor RandomInPlace(long low, long high, Generator? generator = null)
    {
        CheckRange("RandomInPlace", low, high, DType);
        return Overwrite("RandomInPlace", new IntegerFill(low, high, generator));
    }

    // Note [Order of drawing]: PyTorch fills a tensor in the order of its memory, whatever the order of its dimensions, and what it
    // makes like another tensor lies in memory as that does. So the numbers of a transposed tensor are those of the tensor, transposed.

    /// <summary>Fills the tensor itself, or values that are then copied to it where that is recorded. See Note [Order of drawing].</summary>
    private Tensor Overwrite<TFill>(string operation, TFill fill) where TFill : struct, IFill
    {
        CheckInPlace(operation, RequiresGrad);
        string name = NodeName.Operation(operation[..^"InPlace".Length]);
        if (Autograd.IsGradEnabled && RequiresGrad) return CopyInPlace(FilledLike(name, this, DType, fill));
        return Door.Run(new OverwriteOp<TFill>(name + "_", fill), this);
    }

    private static Tensor FilledLike<TFill>(string name, Tensor like, DType dtype, TFill fill) where TFill : struct, IFill =>
        Door.Run(new FilledLikeOp<TFill>(name, dtype, fill), like);

    private static void CheckProbability(string operation, double p)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, $"{operation}: a probability is between 0 and 1.");
    }
}
