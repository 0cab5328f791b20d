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

    public string Element(string source, string word) => Hand.Converted(
        $"Math.Ceiling(Math.Log({source}.NextDouble()) / Math.Log(1 - {CodeWriter.Number(p, "double", isTyped: true)}))", "double", word);
}

public static partial class OpTable
{
    private static Op Geometric => Op.Of(OpKind.Zero, "geometric",
        x => Tensor.Empty(x.Shape, x.DType).GeometricInPlace(0.3, new Generator(1)), Matrix,
        new() { Formula = "numbers of trials up to a success", Torch = "seeded(1, torch.empty_like(x).geometric_, 0.3)" });
}
