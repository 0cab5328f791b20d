using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites every element with a number of Cauchy's distribution: median + σ·tan(π(u − ½)).</summary>
    /// <param name="median">The median.</param>
    /// <param name="sigma">σ: half of the numbers are nearer to the median; above 0.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ is not above 0.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor CauchyInPlace(double median = 0, double sigma = 1, Generator? generator = null) =>
        Draw.InPlace("CauchyInPlace", new CauchyOp(median.In(Interval.Finite), sigma.In(Interval.Positive)), this, generator);
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

    public string Element(string source, string word)
    {
        string middle = CodeWriter.Number(median, "double", isTyped: true), width = CodeWriter.Number(sigma, "double", isTyped: true);
        return Hand.Converted($"{middle} + {width} * Math.Tan(Math.PI * ({source}.NextDouble() - 0.5))", "double", word);
    }
}

public static partial class OpTable
{
    private static Op Cauchy => Op.Of(OpKind.Zero, "cauchy",
        x => Tensor.Empty(x.Shape, x.DType).CauchyInPlace(0.5, 2, new Generator(1)), Matrix,
        new() { Formula = "numbers of Cauchy's distribution", Torch = "seeded(1, torch.empty_like(x).cauchy_, 0.5, 2)" });
}
