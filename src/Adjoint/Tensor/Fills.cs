using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What is written to every element of a tensor: numbers in a row, or numbers that are drawn.</summary>
internal interface IFill
{
    /// <summary>Tells what decides the numbers.</summary>
    void Describe(OpAttributes to);

    /// <summary>Writes the numbers to a contiguous tensor.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="contiguous">Whether what is filled so lies in memory as it is shown. See Note [Order of drawing].</param>
    void Fill(Tensor x, bool contiguous);
}

/// <summary>Uniform numbers in [low, high).</summary>
internal readonly struct UniformFill(double low, double high, Generator? generator) : IFill
{
    public void Describe(OpAttributes to)
    {
        to.Add("from", low);
        to.Add("to", high);
        to.Add("generator", generator);
    }

    public void Fill(Tensor x, bool contiguous)
    {
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        if (x.DType == DType.Float32) stream.Uniform(x.Span<float>(), low, high);
        else stream.Uniform(x.Span<double>(), low, high);
        GC.KeepAlive(x);
    }
}

/// <summary>Normally distributed numbers.</summary>
internal readonly struct NormalFill(double mean, double std, Generator? generator) : IFill
{
    public void Describe(OpAttributes to)
    {
        to.Add("mean", mean);
        to.Add("std", std);
        to.Add("generator", generator);
    }

    public void Fill(Tensor x, bool contiguous)
    {
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        if (x.DType == DType.Float32) stream.Normal(x.Span<float>(), mean, std, contiguous);
        else stream.Normal(x.Span<double>(), mean, std, contiguous);
        GC.KeepAlive(x);
    }
}

/// <summary>Exponentially distributed numbers.</summary>
internal readonly struct ExponentialFill(double rate, Generator? generator) : IFill
{
    public void Describe(OpAttributes to)
    {
        to.Add("lambd", rate);
        to.Add("generator", generator);
    }

    public void Fill(Tensor x, bool contiguous)
    {
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        if (x.DType == DType.Float32) stream.Exponential(x.Span<float>(), rate);
        else stream.Exponential(x.Span<double>(), rate);
        GC.KeepAlive(x);
    }
}

/// <summary>1 with probability p, else 0.</summary>
internal readonly struct BernoulliFill(double p, Generator? generator) : IFill
{
    public void Describe(OpAttributes to)
    {
        to.Add("p", p);
        to.Add("generator", generator);
    }

    public void Fill(Tensor x, bool contiguous)
    {
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        var work = new Work(x, stream, p);
        Dispatch.Number(x.DType, ref work);
    }

    private readonly struct Work(Tensor x, RandomStream stream, double p) : INumberWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            stream.Bernoulli(x.Span<T>(), p);
            GC.KeepAlive(x);
        }
    }
}

/// <summary>Whole numbers in [low, high).</summary>
internal readonly struct IntegerFill(long low, long high, Generator? generator) : IFill
{
    public void Describe(OpAttributes to)
    {
        to.Add("low", low);
        to.Add("high", high);
        to.Add("generator", generator);
    }

    public void Fill(Tensor x, bool contiguous)
    {
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        var work = new Work(x, stream, low, high);
        Dispatch.Number(x.DType, ref work);
    }

    private readonly struct Work(Tensor x, RandomStream stream, long low, long high) : INumberWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            stream.RandInt(x.Span<T>(), low, high);
            GC.KeepAlive(x);
        }
    }
}

/// <summary>0, 1, … in random order.</summary>
internal readonly struct PermutationFill(Generator? generator) : IFill
{
    public void Describe(OpAttributes to) => to.Add("generator", generator);

    public void Fill(Tensor x, bool contiguous)
    {
        using Lock.Scope _ = (generator ?? Rng.Default).Enter(out RandomStream stream);
        var work = new Work(x, stream);
        Dispatch.Number(x.DType, ref work);
    }

    private readonly struct Work(Tensor x, RandomStream stream) : INumberWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            stream.RandPerm(x.Span<T>());
            GC.KeepAlive(x);
        }
    }
}

/// <summary>Ones on the diagonal, zeros elsewhere.</summary>
internal readonly struct DiagonalFill : IFill
{
    public void Describe(OpAttributes to)
    {
    }

    public void Fill(Tensor x, bool contiguous)
    {
        Elements.Fill(x, 0);
        int count = Math.Min(x.Shape[0], x.Shape[1]);
        if (x.NumEl > 0) Elements.CopyTo(Tensor.Ones([count], x.DType), x.Alias([count], [x.Shape[1] + 1], 0));
    }
}
