using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Normally distributed numbers of mean 0 and variance 1.</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Randn(params ReadOnlySpan<int> sizes) => Randn(Adjoint.Shape.Of(sizes));

    /// <summary>Normally distributed numbers of mean 0 and variance 1; those PyTorch draws from the same seed, to the bit.</summary>
    /// <inheritdoc cref="Rand(Adjoint.Shape, DType, bool, Generator)"/>
    public static Tensor Randn(Shape shape, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Draw.New("Randn", "randn", shape, new NormalOp(0, 1), dtype, generator).RequiresGradInPlace(requiresGrad);

    /// <summary>Normally distributed numbers of the given mean and standard deviation.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation; not negative.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="dtype">Float32 or Float64.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    public static Tensor Normal(double mean, double std, Shape shape, DType dtype = DType.Float32, Generator? generator = null)
    {
        try
        {
            return Draw.New("Normal", "normal", shape, new NormalOp(mean, std), dtype, generator);
        }
        catch (TensorException e) when (e.IsOf(nameof(Normal)))
        {
            throw;
        }
    }

    /// <summary>Normally distributed numbers, each with a mean and standard deviation of its own; the two broadcast.</summary>
    public static Tensor Normal(Tensor mean, Tensor std, Generator? generator = null)
    {
        try
        {
            return NormalOp.Each(mean.Given(), std.Given(), generator);
        }
        catch (TensorException e) when (e.IsOf(nameof(Normal)))
        {
            throw;
        }
    }

    /// <summary>Normally distributed numbers of this tensor's shape and, unless given, its dtype. Never requires grad.</summary>
    /// <inheritdoc cref="RandLike"/>
    public Tensor RandnLike(DType? dtype = null, Generator? generator = null) =>
        Draw.Like("RandnLike", "randn_like", new NormalOp(0, 1), this, dtype ?? DType, generator);

    /// <summary>Overwrites every element with a normally distributed number.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation; not negative.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor NormalInPlace(double mean = 0, double std = 1, Generator? generator = null) =>
        Draw.InPlace("NormalInPlace", NormalOp.Of(mean, std), this, generator);
}

/// <summary>Normally distributed numbers.</summary>
internal readonly struct NormalOp(double mean, double std) : IDrawOp
{
    internal static NormalOp Of(double mean, double std)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(std);
        return new NormalOp(mean, std);
    }

    internal static Tensor Each(Tensor mean, Tensor std, Generator? generator)
    {
        Shape shape = Layout.Broadcast(mean.Shape, std.Shape)
            ?? throw new ShapeException(
                $"Normal: the shapes {mean.Shape} of the means and {std.Shape} of the standard deviations do not broadcast.");
        using Unrecorded _ = Unrecorded.Begin();
        return Tensor.Randn(shape, mean.DType, generator: generator).MulInPlace(std).AddInPlace(mean);
    }

    public string Name => "normal";

    public void Describe(OpAttributes to)
    {
        to.Add("mean", mean);
        to.Add("std", std);
    }

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> =>
        stream.Normal(x, mean, std, contiguous);

    public void Write(Hand hand, string source, HandTensor x, bool contiguous) =>
        HandRandom.Normal(hand, source, x, contiguous, mean, std);
}

public static partial class OpTable
{
    private static Op Normal =>
        Op.Of(OpKind.Zero, "normal", x => Tensor.Empty(x.Shape, x.DType).NormalInPlace(1, 2, new Generator(1)), Matrix,
        new()
        {
            Formula = "normally distributed numbers",
            Torch = "seeded(1, torch.empty_like(x).normal_, 1, 2)",
            Onnx = "RandomNormalLike"
        });
}
