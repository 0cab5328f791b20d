namespace Adjoint.Nn;

/// <summary>What all parts of a transformer check.</summary>
internal static class TransformerOptions
{
    /// <summary>More layers than this are a slip of the pen.</summary>
    private const int MostLayers = 10_000;

    /// <summary>How many layers lie on each other; at least a number.</summary>
    internal static int Layers(int count, int least, string name) => count.AtLeast(least, name) <= MostLayers ? count
        : throw new ArgumentOutOfRangeException(name, count, $"{name} must be at most {MostLayers}.");

    internal static void Check(int dModel, int nhead, int dimFeedforward, double dropout, double layerNormEps)
    {
        dModel.AtLeast(1);
        nhead.AtLeast(1);
        dimFeedforward.AtLeast(0);
        dropout.In(Interval.Unit);
        layerNormEps.In(Interval.NotNegative);
        if (dModel > int.MaxValue / 3)
            throw new ArgumentOutOfRangeException(nameof(dModel), dModel, "dModel is too large: three projections of it are one matrix.");
        if (dModel % nhead != 0)
            throw new ArgumentException($"nhead must divide dModel, but {dModel} cannot be divided by {nhead}.", nameof(nhead));
    }

    internal static void Check(string name, string parameter, Tensor x, int dModel, DType dtype)
    {
        if (x.NDim is not (2 or 3) || x.Shape[-1] != dModel)
            throw new ShapeException(
                $"{name}: {parameter} must be of two or three dimensions, of which the last has {dModel} numbers, but its shape is {x.Shape}.");
        if (x.DType != dtype)
            throw new DTypeException(
                $"{name}: {parameter} is {x.DType}, but the weights are {dtype}. Convert one with To(DType.{dtype}).");
    }
}
