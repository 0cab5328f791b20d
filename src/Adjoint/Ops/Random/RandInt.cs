using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whole numbers from <paramref name="low"/> up to but without <paramref name="high"/>.</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">One above the largest.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">By default Int64.</param>
    /// <param name="requiresGrad">Whether gradients are wanted, for a dtype of floating point.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">low is not less than high, or the dtype cannot hold them.</exception>
    public static Tensor RandInt(
        long low, long high, Shape shape, DType dtype = DType.Int64, bool requiresGrad = false, Generator? generator = null) =>
        Draw.New("RandInt", "randint", shape.Given(), RandIntOp.Of("RandInt", low, high, dtype), dtype, generator)
        .RequiresGradInPlace(requiresGrad);

    /// <summary>Whole numbers from 0 up to but without <paramref name="high"/>.</summary>
    /// <inheritdoc cref="RandInt(long, long, Adjoint.Shape, DType, bool, Generator)"/>
    public static Tensor RandInt(
        long high, Shape shape, DType dtype = DType.Int64, bool requiresGrad = false, Generator? generator = null) =>
        high > 0 ? RandInt(0, high, shape.Given(), dtype, requiresGrad, generator)
        : throw new ArgumentOutOfRangeException(nameof(high), high, $"RandInt: high must be above 0, but is {high}.");

    /// <summary>Whole numbers in [low, high) of this tensor's shape and, unless given, its dtype.</summary>
    /// <exception cref="ArgumentException">low is not less than high, or the dtype cannot hold them.</exception>
    /// <inheritdoc cref="RandLike"/>
    public Tensor RandIntLike(long low, long high, DType? dtype = null, Generator? generator = null) =>
        Draw.Like("RandIntLike", "randint_like", RandIntOp.Of("RandIntLike", low, high, dtype ?? DType), this, dtype ?? DType, generator);

    /// <summary>Whole numbers in [0, high) of this tensor's shape and, unless given, its dtype.</summary>
    /// <exception cref="ArgumentException">high is not above 0, or the dtype cannot hold them.</exception>
    /// <inheritdoc cref="RandLike"/>
    public Tensor RandIntLike(long high, DType? dtype = null, Generator? generator = null) =>
        high > 0 ? RandIntLike(0, high, dtype, generator)
        : throw new ArgumentOutOfRangeException(nameof(high), high, $"RandIntLike: high must be above 0, but is {high}.");

    /// <summary>Overwrites every element with a whole number in [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above all.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">low is not less than high, or the dtype cannot hold the numbers between them.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor RandomInPlace(long low, long high, Generator? generator = null) =>
        Draw.InPlace("RandomInPlace", RandIntOp.Of("RandomInPlace", low, high, DType), this, generator);
}

/// <summary>Whole numbers in [low, high).</summary>
internal readonly struct RandIntOp(long low, long high) : IDrawOp
{
    internal static RandIntOp Of(string method, long low, long high, DType dtype)
    {
        (long least, long most) = (dtype.Row.Least, dtype.Row.Most);
        if (low >= high)
            throw new ArgumentException($"{method}: low must be less than high, but low is {low} and high is {high}.", nameof(low));
        return low >= least && high - 1 <= most ? new RandIntOp(low, high)
            : throw new ArgumentException(
                $"{method}: the numbers from {low} to {high - 1} do not fit {dtype}, which holds {least} to {most}.", nameof(high));
    }

    public string Name => "random";

    public void Describe(OpAttributes to)
    {
        to.Add("from", low);
        to.Add("to", high);
    }

    public static bool IsReal => false;

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> => stream.RandInt(x, low, high);

    public string Element(string source, string word)
    {
        (long from, ulong range, bool isWide) = word switch
        {
            "float" => RandomStream.Range<float>(low, high),
            "double" => RandomStream.Range<double>(low, high),
            "long" => RandomStream.Range<long>(low, high),
            _ => RandomStream.Range<int>(low, high),
        };
        string part = isWide ? $"(long)({source}.NextLong() % {range}UL)"
            : range > uint.MaxValue ? $"{source}.Next()" : $"{source}.Next() % {range}";
        string number = from switch
        {
            0 => part,
            long.MinValue => $"{part} + long.MinValue",
            < 0 => $"{part} - {-from}L",
            _ => $"{part} + {from}L",
        };
        return Hand.Converted(number, "long", word);
    }
}

public static partial class OpTable
{
    private static Op RandInt =>
        Op.Of(OpKind.Zero, "random", x => Tensor.Empty(x.Shape, x.DType).RandomInPlace(-3, 7, new Generator(1)), Matrix,
        new() { Formula = "whole numbers in [a, b)", Torch = "seeded(1, torch.empty_like(x).random_, -3, 7)" });
}
