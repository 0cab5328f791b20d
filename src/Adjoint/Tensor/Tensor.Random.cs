using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Uniform numbers in [0, 1).</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Rand(params ReadOnlySpan<int> sizes) => Rand(Adjoint.Shape.Of(sizes));

    /// <summary>Uniform numbers in [0, 1); those PyTorch draws from the same seed, to the bit.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public static Tensor Rand(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null)
    {
        shape.Given();
        return Filled("rand", shape, Floating("Rand", dtype), new UniformFill(0, 1, generator)).RequiresGradInPlace(requiresGrad);
    }

    /// <summary>Normally distributed numbers of mean 0 and variance 1.</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Randn(params ReadOnlySpan<int> sizes) => Randn(Adjoint.Shape.Of(sizes));

    /// <summary>Normally distributed numbers of mean 0 and variance 1; those PyTorch draws from the same seed, to the bit.</summary>
    /// <inheritdoc cref="Rand(Adjoint.Shape, DType, bool, Generator)"/>
    public static Tensor Randn(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null)
    {
        shape.Given();
        return Filled("randn", shape, Floating("Randn", dtype), new NormalFill(0, 1, generator)).RequiresGradInPlace(requiresGrad);
    }

    /// <summary>Whole numbers from <paramref name="low"/> up to but without <paramref name="high"/>.</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">One above the largest.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">By default Int64.</param>
    /// <param name="requiresGrad">Whether gradients are wanted, for a dtype of floating point.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">low is not less than high, or the dtype cannot hold them.</exception>
    public static Tensor RandInt(long low, long high, Shape shape, DType dtype = DType.Int64, bool requiresGrad = false, Generator? generator = null)
    {
        shape.Given();
        CheckRange("RandInt", low, high, dtype);
        return Filled("randint", shape, dtype, new IntegerFill(low, high, generator)).RequiresGradInPlace(requiresGrad);
    }

    private static void CheckRange(string operation, long low, long high, DType dtype)
    {
        (long least, long most) = dtype switch
        {
            DType.Bool => (0L, 1L),
            DType.UInt8 => (byte.MinValue, byte.MaxValue),
            DType.Int32 => (int.MinValue, int.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        if (low >= high) throw new ArgumentException($"{operation}: low must be less than high, but low is {low} and high is {high}.", nameof(low));
        if (low < least || high - 1 > most)
            throw new ArgumentException($"{operation}: the numbers from {low} to {high - 1} do not fit {dtype}, which holds {least} to {most}.", nameof(high));
    }

    /// <summary>Whole numbers from 0 up to but without <paramref name="high"/>.</summary>
    /// <inheritdoc cref="RandInt(long, long, Adjoint.Shape, DType, bool, Generator)"/>
    public static Tensor RandInt(long high, Shape shape, DType dtype = DType.Int64, bool requiresGrad = false, Generator? generator = null) =>
        high > 0 ? RandInt(0, high, shape.Given(), dtype, requiresGrad, generator)
        : throw new ArgumentOutOfRangeException(nameof(high), high, $"RandInt: high must be above 0, but is {high}.");

    /// <summary>The numbers 0 … n − 1 in random order.</summary>
    /// <param name="n">How many.</param>
    /// <param name="dtype">By default Int64.</param>
    /// <param name="generator">Where the order is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is negative.</exception>
    public static Tensor RandPerm(int n, DType dtype = DType.Int64, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return Filled("randperm", [n], dtype, new PermutationFill(generator));
    }

    /// <summary>Normally distributed numbers of the given mean and standard deviation.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation; not negative.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    public static Tensor Normal(double mean, double std, Shape shape, DType dtype = DType.Float32, Generator? generator = null)
    {
        shape.Given();
        return Filled("normal", shape, Floating("Normal", dtype), new NormalFill(mean, std, generator));
    }

    /// <summary>Normally distributed numbers, each with a mean and standard deviation of its own; the two broadcast.</summary>
    public static Tensor Normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        mean.Given();
        std.Given();
        Shape shape = Layout.Broadcast(mean.Shape, std.Shape)
            ?? throw new ShapeException($"Normal: the shapes {mean.Shape} of the means and {std.Shape} of the standard deviations do not broadcast.");
        using Unrecorded _ = Unrecorded.Begin();
        return Randn(shape, mean.DType, generator: generator).MulInPlace(std).AddInPlace(mean);
    }

    /// <summary>Uniform numbers in [0, 1) of this tensor's shape and, unless given, its dtype. Never requires grad.</summary>
    /// <remarks>It lies in memory as this tensor does, and is drawn in that order.</remarks>
    public Tensor RandLike(DType? dtype = null, Generator? generator = null) =>
        FilledLike("rand_like", this, Floating("RandLike", dtype ?? DType), new UniformFill(0, 1, generator));

    /// <summary>Normally distributed numbers of this tensor's shape and, unless given, its dtype. Never requires grad.</summary>
    /// <inheritdoc cref="RandLike"/>
    public Tensor RandnLike(DType? dtype = null, Generator? generator = null) =>
        FilledLike("randn_like", this, Floating("RandnLike", dtype ?? DType), new NormalFill(0, 1, generator));

    /// <summary>Whole numbers in [low, high) of this tensor's shape and, unless given, its dtype.</summary>
    /// <exception cref="ArgumentException">low is not less than high, or the dtype cannot hold them.</exception>
    /// <inheritdoc cref="RandLike"/>
    public Tensor RandIntLike(long low, long high, DType? dtype = null, Generator? generator = null)
    {
        CheckRange("RandIntLike", low, high, dtype ?? DType);
        return FilledLike("randint_like", this, dtype ?? DType, new IntegerFill(low, high, generator));
    }

    /// <summary>Ones with probability <paramref name="p"/>, else zeros, of this tensor's shape and dtype: <c>empty_like(x).bernoulli_(p)</c> of PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    /// <inheritdoc cref="RandLike"/>
    public Tensor BernoulliLike(double p, Generator? generator = null)
    {
        CheckProbability("BernoulliLike", p);
        return FilledLike("bernoulli", this, DType, new BernoulliFill(p, generator));
    }

    /// <summary>One with the probability that stands at each place of this tensor, else zero.</summary>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    /// <exception cref="DTypeException">This tensor is not of floating point.</exception>
    public Tensor Bernoulli(Generator? generator = null)
    {
        Floating("Bernoulli", DType);
        return Door.Run(new BernoulliOp(generator), this);
    }

    /// <summary>Indices drawn with the weights in each row of this tensor.</summary>
    /// <param name="samples">How many from each row.</param>
    /// <param name="replacement">Whether an index may be drawn again.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <returns>An Int64 tensor [samples], or [rows, samples] for a matrix.</returns>
    /// <exception cref="ShapeException">This tensor is no vector or matrix.</exception>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or too few are above zero.</exception>
    public Tensor Multinomial(int samples, bool replacement = false, Generator? generator = null)
    {
        Floating("Multinomial", DType);
        if (NDim is not (1 or 2)) throw new ShapeException($"Multinomial: the weights must be a vector or a matrix, but have shape {Shape}.");
        if (samples <= 0) throw new ArgumentOutOfRangeException(nameof(samples), samples, $"Multinomial: {samples} samples were asked for; it takes at least 1.");
        if (!replacement && samples > Shape[-1])
            throw new ArgumentException($"Multinomial: {samples} samples without replacement were asked for, but there are {Shape[-1]} weights (shape {Shape}).", nameof(samples));
        return Door.Run(new MultinomialOp(samples, replacement, generator), this);
    }

    private static Tensor Filled<TFill>(string name, Shape shape, DType dtype, TFill fill) where TFill : struct, IFill =>
        Door.Run(new FilledOp<TFill>(name, shape, dtype, fill));

    private static DType Floating(string operation, DType dtype) => dtype.IsFloatingPoint ? dtype
        : throw new DTypeException($"{operation}: needs a floating-point dtype, but got {dtype}. Use RandInt for whole numbers.");
}

/// <summary>One with the probability that stands at each place, else zero.</summary>
internal readonly struct BernoulliOp(Generator? generator) : ITensorOperation
{
    public string Name => "bernoulli";

    public void Describe(OpAttributes to) => to.Add("generator", generator);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor p = Elements.ToContiguous(inputs[0]!), x = Tensor.Uninitialized(here, p.Shape, p.DType);
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        if (p.DType == DType.Float32) stream.Bernoulli(p.Span<float>(), x.Span<float>());
        else stream.Bernoulli(p.Span<double>(), x.Span<double>());
        GC.KeepAlive(p);
        GC.KeepAlive(x);
        return x;
    }
}

/// <summary>Indices drawn with the weights in each row.</summary>
internal readonly struct MultinomialOp(int samples, bool replacement, Generator? generator) : ITensorOperation
{
    public string Name => "multinomial";

    public void Describe(OpAttributes to)
    {
        to.Add("num_samples", samples);
        to.Add("replacement", replacement);
        to.Add("generator", generator);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor given = inputs[0]!, weights = Elements.ToContiguous(given);
        int rows = given.NDim == 2 ? given.Shape[0] : 1;
        Tensor x = Tensor.Uninitialized(here, given.NDim == 2 ? [rows, samples] : [samples], DType.Int64);
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        var work = new Work(weights, x, stream, rows, samples, replacement);
        Dispatch.Floating(given.DType, "Multinomial", ref work);
        return x;
    }

    private readonly struct Work(Tensor weights, Tensor x, RandomStream stream, int rows, int samples, bool replacement) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            int n = weights.Shape[-1];
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<T> row = weights.Span<T>().Slice(r * n, n);
                Span<long> target = x.Span<long>().Slice(r * samples, samples);
                if (replacement) stream.Multinomial(row, target);
                else stream.MultinomialWithoutReplacement(row, target);
            }
            GC.KeepAlive(weights);
            GC.KeepAlive(x);
        }
    }
}
