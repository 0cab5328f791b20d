namespace Adjoint.Kernels;

/// <summary>
/// A run of outputs that all have <see cref="Count"/> taps: tap k of output First + i is number k·Length + i of the arrays, so that
/// registers go along the outputs.
/// </summary>
internal sealed class TapColumns
{
    private double[]? _weights;
    private float[]? _singles;

    private TapColumns()
    {
    }

    /// <summary>The first output of the run.</summary>
    public int First { get; private init; }

    /// <summary>How many outputs it has.</summary>
    public int Length { get; private init; }

    /// <summary>How many taps each of them has.</summary>
    public int Count { get; private init; }

    /// <summary>What the taps read.</summary>
    public int[] Places { get; private init; } = [];

    /// <summary>How far apart what neighbouring outputs read is, where it is the same for all; else 0.</summary>
    public int Step { get; private init; }

    /// <summary>Finds the longest run.</summary>
    public static TapColumns Of(Taps taps)
    {
        (int first, int length) = (0, 0);
        for (int i = 0; i < taps.Outputs;)
        {
            int count = CountAt(taps, i), end = i + 1;
            while (end < taps.Outputs && CountAt(taps, end) == count) end++;
            if (count > 0 && end - i > length) (first, length) = (i, end - i);
            i = end;
        }
        int k = length == 0 ? 0 : CountAt(taps, first);
        var places = new int[k * length];
        double[]? weights = taps.Weights is null ? null : new double[places.Length];
        int step = length > 1 ? taps.Places[taps.Starts[first + 1]] - taps.Places[taps.Starts[first]] : 0;
        for (int i = 0; i < length; i++)
        {
            for (int t = 0; t < k; t++)
            {
                int tap = taps.Starts[first + i] + t;
                places[t * length + i] = taps.Places[tap];
                if (weights is not null) weights[t * length + i] = taps.Weights![tap];
                // Of every output the taps lie one beside the other, and the next one's so much further.
                if (taps.Places[tap] != places[0] + i * step + t) step = 0;
            }
        }
        return new() { First = first, Length = length, Count = k, Places = places, Step = step, _weights = weights };
    }

    /// <summary>The weights as numbers of a type; empty for 1 everywhere.</summary>
    public T[] WeightsOf<T>() where T : unmanaged
    {
        if (_weights is null) return [];
        if (typeof(T) == typeof(double)) return (T[])(object)_weights;
        return (T[])(object)(_singles ??= [.. _weights.Select(w => (float)w)]);
    }

    private static int CountAt(Taps taps, int output) => taps.Starts[output + 1] - taps.Starts[output];
}
