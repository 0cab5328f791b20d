using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Uniform numbers in [0, 1).</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Rand(params ReadOnlySpan<int> sizes) => Rand(Adjoint.Shape.Of(sizes));

    /// <summary>Uniform numbers in [0, 1); those PyTorch draws from the same seed, to the bit.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="requiresGrad">Whether gradients are wanted.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public static Tensor Rand(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Draw.New("Rand", "rand", shape, new UniformOp(0, 1), dtype, generator).RequiresGradInPlace(requiresGrad);

    /// <summary>Uniform numbers in [0, 1) of this tensor's shape and, unless given, its dtype. Never requires grad.</summary>
    /// <remarks>It lies in memory as this tensor does, and is drawn in that order.</remarks>
    public Tensor RandLike(DType? dtype = null, Generator? generator = null) =>
        Draw.Like("RandLike", "rand_like", new UniformOp(0, 1), this, dtype ?? DType, generator);

    /// <summary>Overwrites every element with a uniform number in [low, high).</summary>
    /// <param name="low">The smallest.</param>
    /// <param name="high">Above all.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">low is above high.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor UniformInPlace(double low = 0, double high = 1, Generator? generator = null) =>
        Draw.InPlace("UniformInPlace", UniformOp.Of("UniformInPlace", low, high), this, generator);
}

/// <summary>Uniform numbers in [low, high).</summary>
internal readonly struct UniformOp(double low, double high) : IDrawOp
{
    internal static UniformOp Of(string method, double low, double high) => low <= high ? new UniformOp(low, high)
        : throw new ArgumentException($"{method}: low must not be above high, but low is {low} and high is {high}.", nameof(low));

    public string Name => "uniform";

    public void Describe(OpAttributes to)
    {
        to.Add("from", low);
        to.Add("to", high);
    }

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> => stream.Uniform(x, low, high);

    public string Element(string source, string word)
    {
        string number = HandRandom.Uniform(source, word);
        (double from, double width) = word == "float" ? ((float)low, (float)high - (float)low) : (low, high - low);
        return from == 0 && width == 1 ? number
            : $"{(word == "float" ? "MathF" : "Math")}.FusedMultiplyAdd({number}, {CodeWriter.Number(width, word)}, "
                + $"{CodeWriter.Number(from, word)})";
    }
}

public static partial class OpTable
{
    private static Op Uniform =>
        Op.Of(OpKind.Zero, "uniform", x => Tensor.Empty(x.Shape, x.DType).UniformInPlace(-1, 2, new Generator(1)), Matrix,
        new()
        {
            Formula = "uniform numbers in [a, b)",
            Torch = "seeded(1, torch.empty_like(x).uniform_, -1, 2)",
            Onnx = "RandomUniformLike"
        });
}
