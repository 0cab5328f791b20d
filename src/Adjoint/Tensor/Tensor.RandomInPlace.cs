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
        return Overwrite("UniformInPlace", (x, _) => FillUniform(x, low, high, generator));
    }

    /// <summary>Overwrites every element with a normally distributed number.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation; not negative.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor NormalInPlace(double mean = 0, double std = 1, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(std);
        return Overwrite("NormalInPlace", (x, contiguous) => FillNormal(x, mean, std, generator, contiguous));
    }

    /// <summary>Overwrites every element with 1 with probability <paramref name="p"/>, else with 0.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor BernoulliInPlace(double p = 0.5, Generator? generator = null)
    {
        CheckProbability("BernoulliInPlace", p);
        return Overwrite("BernoulliInPlace", (x, _) => FillBernoulli(x, p, generator));
    }

    /// <summary>Overwrites every element with an exponentially distributed number of rate <paramref name="rate"/>.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor ExponentialInPlace(double rate = 1, Generator? generator = null)
    {
        if (!(rate > 0)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "ExponentialInPlace: the rate must be positive.");
        Floating("ExponentialInPlace", DType);
        return Overwrite("ExponentialInPlace", (x, _) => FillExponential(x, rate, generator));
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
        return Overwrite("RandomInPlace", (x, _) => FillInteger(x, low, high, generator));
    }

    // Note [Order of drawing]: PyTorch fills a tensor in the order of its memory, whatever the order of its dimensions, and what it
    // makes like another tensor lies in memory as that does. So the numbers of a transposed tensor are those of the tensor, transposed.

    /// <summary>Fills the tensor itself, or values that are then copied to it where that is recorded. See Note [Order of drawing].</summary>
    private Tensor Overwrite(string operation, Action<Tensor, bool> fill)
    {
        CheckInPlace(operation, RequiresGrad);
        string name = NodeName.Operation(operation[..^"InPlace".Length]);
        if (Autograd.IsGradEnabled && RequiresGrad) return CopyInPlace(Drawn(name, this, DType, fill));
        return Door.Run(new DrawnOp(name + "_", x => x.Overwritten(fill)), this);
    }

    private Tensor Overwritten(Action<Tensor, bool> fill)
    {
        if (IsContiguous)
        {
            fill(this, true);
        }
        else
        {
            Tensor inMemory = Layout.Permuted(this, Layout.MemoryOrder(Shape, Strides));
            Tensor values = inMemory.IsContiguous ? inMemory : Uninitialized(inMemory.Shape, DType);
            fill(values, false);
            if (!ReferenceEquals(values, inMemory)) Elements.CopyTo(values, inMemory);
        }
        BumpVersion();
        return this;
    }

    /// <summary>A tensor that lies in memory as another does, filled. See Note [Order of drawing].</summary>
    private static Tensor Drawn(string name, Tensor like, DType dtype, Action<Tensor, bool> fill) => Door.Run(new DrawnOp(name, like =>
    {
        if (like.IsContiguous)
        {
            Tensor x = Uninitialized(like.Shape, dtype);
            fill(x, true);
            return x;
        }
        int[] order = Layout.MemoryOrder(like.Shape, like.Strides);
        Tensor values = Uninitialized(Layout.Permuted(like, order).Shape, dtype), seen = Layout.Permuted(values, Layout.Inverse(order));
        fill(values, seen.IsContiguous);
        return seen;
    }), like);

    private static void CheckProbability(string operation, double p)
    {
        if (!(p >= 0 && p <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, $"{operation}: a probability is between 0 and 1.");
    }

    private static void FillUniform(Tensor x, double low, double high, Generator? generator)
    {
        Floating("UniformInPlace", x.DType);
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        var work = new UniformWork(x, stream, low, high);
        Dispatch.Floating(x.DType, "UniformInPlace", ref work);
    }

    private static void FillNormal(Tensor x, double mean, double std, Generator? generator, bool contiguous)
    {
        Floating("NormalInPlace", x.DType);
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        var work = new NormalWork(x, stream, mean, std, contiguous);
        Dispatch.Floating(x.DType, "NormalInPlace", ref work);
    }

    private static void FillExponential(Tensor x, double rate, Generator? generator)
    {
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        var work = new ExponentialWork(x, stream, rate);
        Dispatch.Floating(x.DType, "ExponentialInPlace", ref work);
    }

    private static void FillBernoulli(Tensor x, double p, Generator? generator)
    {
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        var work = new BernoulliWork(x, stream, p);
        Dispatch.Number(x.DType, ref work);
    }

    private static void FillInteger(Tensor x, long low, long high, Generator? generator)
    {
        using Lock.Scope _ = Source(generator).Enter(out RandomStream stream);
        var work = new RandIntWork(x, stream, low, high);
        Dispatch.Number(x.DType, ref work);
    }

    private readonly struct UniformWork(Tensor x, RandomStream stream, double low, double high) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            stream.Uniform<T>(memory.Of<T>(x), low, high);
        }
    }

    private readonly struct NormalWork(Tensor x, RandomStream stream, double mean, double std, bool contiguous) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            stream.Normal<T>(memory.Of<T>(x), mean, std, contiguous);
        }
    }

    private readonly struct ExponentialWork(Tensor x, RandomStream stream, double rate) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            stream.Exponential(memory.Of<T>(x), rate);
        }
    }

    private readonly struct BernoulliWork(Tensor x, RandomStream stream, double p) : INumberWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            using var memory = new Loan();
            stream.Bernoulli(memory.Of<T>(x), p);
        }
    }
}
