using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The numbers 0 … n − 1 in random order.</summary>
    /// <param name="n">How many.</param>
    /// <param name="dtype">By default Int64.</param>
    /// <param name="generator">Where the order is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is negative.</exception>
    public static Tensor RandPerm(int n, DType dtype = DType.Int64, Generator? generator = null) => RandPermOp.Apply(n, dtype, generator);
}

/// <summary>Whole numbers from 0 on in random order.</summary>
internal readonly struct RandPermOp : IDrawOp
{
    internal static Tensor Apply(int n, DType dtype, Generator? generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return Draw.New("RandPerm", "randperm", [n], new RandPermOp(), dtype, generator);
    }

    public string Name => "randperm";

    public static bool IsReal => false;

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> => stream.RandPerm(x);

    public void Write(Hand hand, string source, HandTensor x, bool contiguous)
    {
        hand.Needs(HandRandomText.Shuffle, x.Word);
        hand.Line($"Shuffle({source}, {hand.Whole(x)}, {x.Offset}, {x.Shape.NumEl});");
    }
}

public static partial class OpTable
{
    private static Op RandPerm => Op.Of(OpKind.Zero, "randperm", x => Tensor.RandPerm(x.NumEl, generator: new Generator(1)), Row,
        new() { Formula = "as many whole numbers as x has elements, in random order", Torch = "seeded(1, torch.randperm, x.numel())" });
}
