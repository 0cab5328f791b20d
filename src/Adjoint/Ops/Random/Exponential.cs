using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Overwrites every element with an exponentially distributed number of rate <paramref name="rate"/>.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor ExponentialInPlace(double rate = 1, Generator? generator = null) =>
        Draw.InPlace("ExponentialInPlace", ExponentialOp.Of(rate), this, generator);
}

/// <summary>−ln(1 − u)/rate of a uniform number u.</summary>
internal readonly struct ExponentialOp(double rate) : IDrawOp
{
    internal static ExponentialOp Of(double rate) => rate > 0 ? new ExponentialOp(rate)
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "ExponentialInPlace: the rate must be positive.");

    public string Name => "exponential";

    public void Describe(OpAttributes to) => to.Add("lambd", rate);

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> => stream.Exponential(x, rate);

    public string Element(string source, string word) =>
        Hand.Converted($"{CodeWriter.Number(-1 / rate, "double", isTyped: true)} * Math.Log(1 - {source}.NextDouble())", "double", word);
}

public static partial class OpTable
{
    private static Op Exponential => Op.Of(OpKind.Zero, "exponential",
        x => Tensor.Empty(x.Shape, x.DType).ExponentialInPlace(1.5, new Generator(1)), Matrix,
        new() { Formula = "exponentially distributed numbers", Torch = "seeded(1, torch.empty_like(x).exponential_, 1.5)" });
}
