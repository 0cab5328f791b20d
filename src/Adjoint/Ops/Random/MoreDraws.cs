using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites every element with a number of trials up to the first success: 1, 2, 3, ….</summary>
    /// <param name="p">The probability of success; between 0 and 1.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor GeometricInPlace(double p, Generator? generator = null) =>
        Draw.InPlace("GeometricInPlace", GeometricOp.Of(p), this, generator);

    /// <summary>Overwrites every element with a number of Cauchy's distribution: median + σ·tan(π(u − ½)).</summary>
    /// <param name="median">The median.</param>
    /// <param name="sigma">σ: half of the numbers are nearer to the median; above 0.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ is not above 0.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor CauchyInPlace(double median = 0, double sigma = 1, Generator? generator = null) =>
        Draw.InPlace("CauchyInPlace", new CauchyOp(median.In(Interval.Finite), sigma.In(Interval.Positive)), this, generator);

    /// <summary>Overwrites every element with a number whose logarithm is normally distributed.</summary>
    /// <param name="mean">The mean of the logarithms.</param>
    /// <param name="std">Their standard deviation; above 0.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not above 0.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LogNormalInPlace(double mean = 1, double std = 2, Generator? generator = null) =>
        Draw.InPlace("LogNormalInPlace", new LogNormalOp(mean.In(Interval.Finite), std.In(Interval.Positive)), this, generator);

    /// <summary>Numbers of events, each drawn with the rate at its place in this tensor: Poisson's distribution. No gradient.</summary>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="TensorException">A rate is negative or no number.</exception>
    public Tensor Poisson(Generator? generator = null) => PoissonOp.Apply(this, generator);
}

/// <summary>⌈ln u/ln(1 − p)⌉ of a uniform number u.</summary>
internal readonly struct GeometricOp(double p) : IDrawOp
{
    internal static GeometricOp Of(double p) => p > 0 && p < 1 ? new GeometricOp(p)
        : throw new ArgumentOutOfRangeException(nameof(p), p, "GeometricInPlace: the probability must be between 0 and 1.");

    public static bool IsReal => false;

    public string Name => "geometric";

    public void Describe(OpAttributes to) => to.Add("p", p);

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> => stream.Geometric(x, p);
}

/// <summary>median + σ·tan(π(u − ½)) of a uniform number u.</summary>
internal readonly struct CauchyOp(double median, double sigma) : IDrawOp
{
    public string Name => "cauchy";

    public void Describe(OpAttributes to)
    {
        to.Add("median", median);
        to.Add("sigma", sigma);
    }

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> =>
        stream.Cauchy(x, median, sigma);
}

/// <summary>eˣ of a normal x.</summary>
internal readonly struct LogNormalOp(double mean, double std) : IDrawOp
{
    public string Name => "log_normal";

    public void Describe(OpAttributes to)
    {
        to.Add("mean", mean);
        to.Add("std", std);
    }

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> =>
        stream.LogNormal(x, mean, std);
}

/// <summary>Numbers of events with the rates of a tensor, in the order of its dimensions.</summary>
internal readonly struct PoissonOp(Generator? generator) : ITensorOperation
{
    internal static Tensor Apply(Tensor rates, Generator? generator)
    {
        Draw.Real("Poisson", rates.DType);
        return Door.Run(new PoissonOp(generator), rates.Detach());
    }

    public string Name => "poisson";

    public void Describe(OpAttributes to) => to.Add("generator", generator);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor rates = Elements.ToContiguous(inputs[0]!), x = Tensor.Uninitialized(here, rates.Shape, rates.DType);
        using Lock.Scope _ = Draw.Source(generator).Enter(out RandomStream stream);
        var work = new Work(rates, x, stream);
        Dispatch.Floating(rates.DType, "Poisson", ref work);
        return x;
    }

    private readonly struct Work(Tensor rates, Tensor x, RandomStream stream) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            stream.Poisson<T>(memory.Of<T>(rates), memory.Of<T>(x));
        }
    }
}

public static partial class OpTable
{
    private static Op Geometric => Op.Of(OpKind.Zero, "geometric",
        x => Tensor.Empty(x.Shape, x.DType).GeometricInPlace(0.3, new Generator(1)), Matrix,
        new() { Formula = "numbers of trials up to a success", Torch = "seeded(1, torch.empty_like(x).geometric_, 0.3)" });

    private static Op Cauchy => Op.Of(OpKind.Zero, "cauchy",
        x => Tensor.Empty(x.Shape, x.DType).CauchyInPlace(0.5, 2, new Generator(1)), Matrix,
        new() { Formula = "numbers of Cauchy's distribution", Torch = "seeded(1, torch.empty_like(x).cauchy_, 0.5, 2)" });

    private static Op LogNormal => Op.Of(OpKind.Zero, "log_normal",
        x => Tensor.Empty(x.Shape, x.DType).LogNormalInPlace(1, 0.5, new Generator(1)), Matrix,
        new() { Formula = "numbers whose logarithm is normally distributed", Torch = "seeded(1, torch.empty_like(x).log_normal_, 1, 0.5)" });

    private static Op Poisson => Op.Of(OpKind.Zero, "poisson", x => (x * 8).Poisson(new Generator(1)), new OpInput([5, 4], Domain.Positive),
        new() { Formula = "numbers of events with the rates x", Torch = "seeded(1, torch.poisson, x * 8)" });
}
