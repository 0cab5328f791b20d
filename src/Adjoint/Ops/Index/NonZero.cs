using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The places of the flattened tensor whose elements are not zero.</summary>
internal readonly struct TrueOp : ITensorOperation, IByHand
{
    public string Name => "flatnonzero";

    public void Describe(OpAttributes to)
    {
    }

    public void Write(Hand hand) =>
        HandIndex.True(hand, hand.Input(0), hand.Result.Shape[0], () => hand.Store(hand.Result.At("found"), "place"));

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> mask)
    {
        Tensor flags = Elements.ToContiguous(Binary.Operand(mask[0]!, DType.Bool));
        using var memory = new Loan();
        Tensor places = Tensor.Uninitialized(here, [flags.NumEl - memory.Of<byte>(flags).Count((byte)0)], DType.Int64);
        PlaceLists.OfTrue(memory.Of<byte>(flags), memory.Of<long>(places));
        return places;
    }
}

/// <summary>The places whose elements are not zero, [count, dimensions].</summary>
internal readonly struct NonZeroOp : ITensorOperation, IByHand
{
    public string Name => "nonzero";

    public void Describe(OpAttributes to)
    {
    }

    public void Write(Hand hand)
    {
        HandTensor x = hand.Input(0), y = hand.Result;
        HandIndex.True(hand, x, y.Shape[0], () =>
        {
            int below = x.Shape.NumEl;
            for (int d = 0; d < x.Shape.NDim; d++)
            {
                int size = x.Shape[d];
                below /= size;
                string row = below == 1 ? "place" : $"place / {below}";
                hand.Store(y.At("found").At($"{d}"), d == 0 ? row : $"{row} % {size}");
            }
        });
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, flat = IndexTensors.True(x), y = Tensor.Uninitialized(here, [flat.NumEl, x.NDim], DType.Int64);
        using var memory = new Loan();
        PlaceLists.Coordinates(memory.Of<long>(flat), x.Shape.Sizes, memory.Of<long>(y));
        return y;
    }
}
