using Adjoint.Kernels;

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
        return Overwrite("UniformInPlace", x => FillUniform(x, low, high, generator));
    }

    /// <summary>Overwrites every element with a normally distributed number.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation; not negative.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor NormalInPlace(double mean = 0, double std = 1, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(std);
        return Overwrite("NormalInPlace", x => FillNormal(x, mean, std, generator));
    }

    /// <summary>Overwrites every element with 1 with probability <paramref name="p"/>, else with 0.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor BernoulliInPlace(double p = 0.5, Generator? generator = null)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "BernoulliInPlace: a probability is between 0 and 1.");
        return Overwrite("BernoulliInPlace", x =>
        {
            using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
            var work = new BernoulliWork(x, stream, p);
            Dispatch.Number(x.DType, ref work);
        });
    }

    /// <summary>Overwrites every element with an exponentially distributed number of rate <paramref name="rate"/>.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor ExponentialInPlace(double rate = 1, Generator? generator = null)
    {
        if (!(rate > 0)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "ExponentialInPlace: the rate must be positive.");
        Floating("ExponentialInPlace", DType);
        return Overwrite("ExponentialInPlace", x =>
        {
            using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
            if (x.DType == DType.Float32) stream.Exponential(x.Span<float>(), rate);
            else stream.Exponential(x.Span<double>(), rate);
        });
    }

    /// <summary>Overwrites every element with a whole number in [low, high).</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor RandomInPlace(long low, long high, Generator? generator = null)
    {
        if (low >= high) throw new ArgumentException($"RandomInPlace: low must be less than high, but low is {low} and high is {high}.", nameof(low));
        return Overwrite("RandomInPlace", x =>
        {
            using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
            var work = new RandIntWork(x, stream, low, high);
            Dispatch.Number(x.DType, ref work);
        });
    }

    /// <summary>Fills the tensor itself where its elements lie side by side, otherwise a copy that is then written over it.</summary>
    private Tensor Overwrite(string operation, Action<Tensor> fill)
    {
        CheckInPlace(operation, RequiresGrad);
        if (IsContiguous && !(Autograd.IsGradEnabled && RequiresGrad))
        {
            fill(this);
            BumpVersion();
            GC.KeepAlive(this);
            return this;
        }
        Tensor values = Uninitialized(Shape, DType);
        fill(values);
        return CopyInPlace(values);
    }

    private static void FillUniform(Tensor x, double low, double high, Generator? generator)
    {
        Floating("UniformInPlace", x.DType);
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        if (x.DType == DType.Float32) stream.Uniform(x.Span<float>(), low, high);
        else stream.Uniform(x.Span<double>(), low, high);
    }

    private static void FillNormal(Tensor x, double mean, double std, Generator? generator)
    {
        Floating("NormalInPlace", x.DType);
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        if (x.DType == DType.Float32) stream.Normal(x.Span<float>(), mean, std);
        else stream.Normal(x.Span<double>(), mean, std);
    }

    private readonly struct BernoulliWork(Tensor x, RandomStream stream, double p) : INumberWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T> => stream.Bernoulli(x.Span<T>(), p);
    }
}
