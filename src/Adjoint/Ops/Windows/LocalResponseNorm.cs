using Adjoint.Kernels;

namespace Adjoint;

/// <summary>x/(k + α·mean x²)^β, the mean over neighbouring channels (Krizhevsky et al. 2012).</summary>
internal static class LocalResponseNormalization
{
    internal static Tensor Of(string operation, Tensor x, int size, double alpha, double beta, double k)
    {
        if (x.NDim < 3)
            throw new ShapeException($"{operation}: needs a tensor of at least 3 dimensions, [N, C, …], but the shape is {x.Shape}.");
        if (!x.DType.IsFloatingPoint) throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}.");
        if (x.NumEl == 0) return x;
        int channels = x.Shape[1], places = x.NumEl / x.Shape[0] / channels;
        Window.Limit(operation, Math.Max(places, (long)channels * Math.Min(size, channels)));
        try
        {
            // Beyond the first and the last channel there are zeros, which count.
            Tensor mean = TapsOp.Apply("AvgPool3DBackward0", x.Square().Reshape(x.Shape[0], channels, places),
                [Neighbours(channels, size), Every(places)], [size], ("size", size), ("channels", channels), ("places", places));
            return x / (mean * alpha + k).Pow(beta).Reshape(x.Shape);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    private static Taps Neighbours(int channels, int size)
    {
        var starts = new int[channels + 1];
        var places = new List<int>();
        for (int i = 0; i < channels; i++)
        {
            long first = (long)i - size / 2;
            for (long c = Math.Max(0, first); c < Math.Min(channels, first + size); c++) places.Add((int)c);
            starts[i + 1] = places.Count;
        }
        return new Taps(channels, starts, [.. places], null);
    }

    private static Taps Every(int n) => new(n, [.. Enumerable.Range(0, n + 1)], [.. Enumerable.Range(0, n)], null);
}

public static partial class OpTable
{
    private static Op LocalResponseNorm => Op.Of(OpKind.Composite, "local_response_norm",
        x => LocalResponseNormalization.Of("LocalResponseNorm", x, 3, 0.5, 0.75, 1), new OpInput([2, 4, 3], Domain.Reals),
        new() { Formula = "x/(k + α·mean x²)^β over channels", Torch = "F.local_response_norm(x, 3, 0.5, 0.75, 1.)" });
}
