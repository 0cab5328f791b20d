using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites every element with a number of Gumbel's distribution: the largest of many.</summary>
    /// <param name="scale">How wide it is; above 0.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not above 0.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor GumbelInPlace(double scale = 1, Generator? generator = null) =>
        Draw.InPlace("GumbelInPlace", new GumbelOp(scale.In(Interval.Positive)), this, generator);
}

/// <summary>−s·ln(−ln u) of a uniform number u.</summary>
internal readonly struct GumbelOp(double scale) : IDrawOp
{
    public string Name => "gumbel";

    public void Describe(OpAttributes to) => to.Add("scale", scale);

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T>
    {
        foreach (ref T element in x) element = T.CreateTruncating(-scale * Math.Log(-Math.Log(stream.NextDouble())));
    }

    public string Element(string source, string word)
    {
        string factor = CodeWriter.Number(-scale, "double", isTyped: true);
        return Hand.Converted($"{factor} * Math.Log(-Math.Log({source}.NextDouble()))", "double", word);
    }
}

public static partial class OpTable
{
    private static Op Gumbel => Op.Of(OpKind.Zero, "gumbel", x => Tensor.Empty(x.Shape, x.DType).GumbelInPlace(2, new Generator(1)), Matrix,
        new() { Formula = "−s·ln(−ln u) of uniform u", Torch = "seeded(1, torch.empty_like(x).uniform_).log().neg().log().mul(-2)" });
}
