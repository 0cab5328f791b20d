using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites every element with a number whose logarithm is normally distributed.</summary>
    /// <param name="mean">The mean of the logarithms.</param>
    /// <param name="std">Their standard deviation; above 0.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not above 0.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LogNormalInPlace(double mean = 1, double std = 2, Generator? generator = null) =>
        Draw.InPlace("LogNormalInPlace", new LogNormalOp(mean.In(Interval.Finite), std.In(Interval.Positive)), this, generator);
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

    public void Write(Hand hand, string source, HandTensor x, bool contiguous)
    {
        hand.Needs(HandRandomText.OneNormal, "");
        string normal = $"NextNormal({source}, {CodeWriter.Number(mean, "double")}, {CodeWriter.Number(std, "double")})";
        HandRandom.Each(hand, x, word => Hand.Converted($"Math.Exp({normal})", "double", word));
    }
}

public static partial class OpTable
{
    private static Op LogNormal => Op.Of(OpKind.Zero, "log_normal",
        x => Tensor.Empty(x.Shape, x.DType).LogNormalInPlace(1, 0.5, new Generator(1)), Matrix,
        new()
        {
            Formula = "numbers whose logarithm is normally distributed",
            Torch = "seeded(1, torch.empty_like(x).log_normal_, 1, 0.5)"
        });
}
