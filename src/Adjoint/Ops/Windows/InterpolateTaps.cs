using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What an interpolation reads along a dimension.</summary>
internal static class InterpolateTaps
{
    /// <summary>One element each.</summary>
    /// <param name="n">How many elements there are.</param>
    /// <param name="count">How many are made.</param>
    /// <param name="scale">How much longer, where it is not said by the sizes.</param>
    /// <param name="isExact">Whether middles are compared.</param>
    internal static Taps Nearest(int n, int count, double? scale, bool isExact)
    {
        // In single precision as PyTorch, whatever the dtype: which element is nearest must not depend on it.
        float step = scale is { } given && given > 0 ? (float)(1 / given) : (float)n / count;
        var places = new int[count];
        for (int i = 0; i < count; i++)
        {
            float at = isExact ? MathF.Floor((float)((i + 0.5) * step))
                : count == n ? i : count == 2L * n ? i >> 1 : MathF.Floor(i * step);
            places[i] = (int)Math.Min(at, n - 1);
        }
        return new Taps(n, [.. Enumerable.Range(0, count + 1)], places, null);
    }

    /// <summary>Two elements each.</summary>
    internal static Taps Linear(int n, int count, double? scale, bool alignCorners)
    {
        double step = Step(n, count, scale, alignCorners);
        var (places, weights) = (new int[2 * count], new double[2 * count]);
        for (int i = 0; i < count; i++)
        {
            double at = alignCorners ? step * i : Math.Max(0, step * (i + 0.5) - 0.5);
            int first = (int)Math.Min(at, n - 1);
            double share = Math.Clamp(at - first, 0, 1);
            (places[2 * i], places[2 * i + 1]) = (first, Math.Min(first + 1, n - 1));
            (weights[2 * i], weights[2 * i + 1]) = (1 - share, share);
        }
        return new Taps(n, Every(2, count), places, weights);
    }

    /// <summary>Four elements each; those at the ends stand for what would be beyond.</summary>
    internal static Taps Cubic(int n, int count, double? scale, bool alignCorners)
    {
        double step = Step(n, count, scale, alignCorners);
        var (places, weights) = (new int[4 * count], new double[4 * count]);
        for (int i = 0; i < count; i++)
        {
            double at = alignCorners ? step * i : step * (i + 0.5) - 0.5, floor = Math.Floor(at);
            for (int k = 0; k < 4; k++)
            {
                places[4 * i + k] = (int)Math.Clamp(floor - 1 + k, 0, n - 1);
                weights[4 * i + k] = Keys(at - (floor - 1 + k), -0.75);
            }
        }
        return new Taps(n, Every(4, count), places, weights);
    }

    /// <summary>All elements under a triangle, or a cubic, that is as wide as what an element of the result covers.</summary>
    internal static Taps Smooth(int n, int count, double? scale, bool alignCorners, bool isCubic)
    {
        double step = Step(n, count, scale, alignCorners), wide = Math.Max(step, 1), reach = (isCubic ? 2 : 1) * wide;
        var starts = new int[count + 1];
        var (places, weights) = (new List<int>(), new List<double>());
        for (int i = 0; i < count; i++)
        {
            double middle = step * (i + 0.5);
            int first = (int)Math.Max(middle - reach + 0.5, 0), end = (int)Math.Min(middle + reach + 0.5, n);
            double total = 0;
            for (int j = first; j < end; j++)
            {
                double away = Math.Abs((j - middle + 0.5) / wide);
                double weight = isCubic ? Keys(away, -0.5) : Math.Max(0, 1 - away);
                total += weight;
                places.Add(j);
                weights.Add(weight);
            }
            for (int t = starts[i]; t < places.Count && total != 0; t++) weights[t] /= total;
            starts[i + 1] = places.Count;
        }
        return new Taps(n, starts, [.. places], [.. weights]);
    }

    private static double Step(int n, int count, double? scale, bool alignCorners) =>
        alignCorners ? count > 1 ? (n - 1.0) / (count - 1) : 0 : scale is { } given && given > 0 ? 1 / given : (double)n / count;

    private static int[] Every(int taps, int count) => [.. Enumerable.Range(0, count + 1).Select(i => i * taps)];

    // The cubic convolution kernel.
    private static double Keys(double x, double a)
    {
        x = Math.Abs(x);
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((x - 5) * x + 8) * a * x - 4 * a : 0;
    }
}
