namespace Adjoint;

/// <summary>y = x·m with one m for each channel; and dropout that keeps mean and variance: y = x·a·m + b.</summary>
internal static class ChannelDropout
{
    /// <summary>Whole channels dropped.</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="x">[N, C, …].</param>
    /// <param name="unbatched">How many dimensions it has without a batch, if it may be without.</param>
    /// <param name="batched">How many it has at most.</param>
    /// <param name="p">The probability of zero.</param>
    /// <param name="training">Whether anything is drawn.</param>
    /// <param name="inPlace">Whether x is changed.</param>
    /// <param name="generator">Where from.</param>
    internal static Tensor Apply(
        string operation, Tensor x, int? unbatched, int batched, double p, bool training, bool inPlace, Generator? generator)
    {
        if (x.NDim != batched && x.NDim != (unbatched ?? batched - 1))
            throw new ShapeException(
                $"{operation}: needs a tensor of {batched} dimensions, or of {unbatched ?? batched - 1}, but the shape is {x.Shape}.");
        if (!x.DType.IsFloatingPoint) throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}.");
        if (!training || p == 0 || x.NumEl == 0) return x;
        if (p == 1) return Product(operation, x, x.ZerosLike(), inPlace);
        // Of an input without a batch the channels come first.
        Shape channels = x.NDim == unbatched ? [x.Shape[0], .. Enumerable.Repeat(1, x.NDim - 1)] : Channels(operation, x);
        Tensor mask = Tensor.Empty(channels, x.DType).BernoulliInPlace(1 - p, generator);
        using (Unrecorded.Begin()) mask.DivInPlace(1 - p);
        return Product(operation, x, mask, inPlace);
    }

    /// <summary>Elements, or channels, become what SELU makes of −∞.</summary>
    internal static Tensor Alpha(string operation, Tensor x, Shape drawn, double p, bool training, bool inPlace, Generator? generator)
    {
        if (!x.DType.IsFloatingPoint) throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}.");
        if (!training || p == 0 || x.NumEl == 0) return x;
        if (p == 1) return Product(operation, x, x.ZerosLike(), inPlace);
        const double Alpha = 1.7580993408473766;
        double scale = 1 / Math.Sqrt((Alpha * Alpha * p + 1) * (1 - p));
        Tensor mask = Tensor.Empty(drawn, x.DType).BernoulliInPlace(1 - p, generator), shift;
        using (Unrecorded.Begin())
        {
            shift = (mask - 1).MulInPlace(Alpha * scale).AddInPlace(Alpha * scale * p);
            mask.MulInPlace(scale);
        }
        return inPlace ? Product(operation, x, mask, inPlace).AddInPlace(shift) : x * mask + shift;
    }

    private static Tensor Product(string operation, Tensor x, Tensor mask, bool inPlace) =>
        inPlace ? Tensor.Speaking(operation, () => x.MulInPlace(mask)) : x * mask;

    /// <summary>One number for each channel of [N, C, …].</summary>
    internal static Shape Channels(string operation, Tensor x) => x.NDim >= 2
        ? [x.Shape[0], x.Shape[1], .. Enumerable.Repeat(1, x.NDim - 2)]
        : throw new ShapeException($"{operation}: needs a tensor [N, C, …], but the shape is {x.Shape}.");
}

public static partial class OpTable
{
    private static Op Dropout2d => Op.Of(OpKind.Composite, "dropout2d",
        x => ChannelDropout.Apply("Dropout2d", x, null, 4, 0.5, true, false, new Generator(1)), new OpInput([2, 4, 2, 3], Domain.Reals),
        new() { Formula = "channels 0 with probability p, elsewhere x/(1 − p)", Torch = "seeded(1, F.dropout2d, x, 0.5)" });

    private static Op AlphaDropout => Op.Of(OpKind.Composite, "alpha_dropout",
        x => ChannelDropout.Alpha("AlphaDropout", x, x.Shape, 0.3, true, false, new Generator(1)), Matrix,
        new() { Formula = "−λα with probability p, scaled and shifted", Torch = "seeded(1, F.alpha_dropout, x, 0.3, True)" });
}
