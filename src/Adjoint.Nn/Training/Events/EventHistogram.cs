namespace Adjoint.Training;

/// <summary>Numbers counted in TensorFlow's buckets, whose limits grow by a tenth from 1e−12 to 1e20 on both sides of 0.</summary>
internal sealed class EventHistogram
{
    private static readonly double[] s_limits = MakeLimits();

    private readonly double[] _limits, _counts;
    private readonly double _min, _max, _sum, _squares;
    private readonly int _count;

    private EventHistogram(double[] values)
    {
        double[] counts = new double[s_limits.Length];
        foreach (double value in values)
        {
            // The first limit that is above it; what is above all is in the last bucket.
            int place = Array.BinarySearch(s_limits, value);
            place = place >= 0 ? place + 1 : ~place;
            counts[Math.Min(place, counts.Length - 1)]++;
            _sum += value;
            _squares += value * value;
        }
        (_min, _max, _count) = (values.Min(), values.Max(), values.Length);
        int first = Array.FindIndex(counts, c => c > 0), last = Array.FindLastIndex(counts, c => c > 0);
        // An empty bucket before the first shows where that begins.
        first = Math.Max(0, first - 1);
        _limits = s_limits[first..(last + 1)];
        _counts = counts[first..(last + 1)];
    }

    /// <summary>The histogram of at least one number.</summary>
    public static EventHistogram Of(double[] values) => new(values);

    /// <summary>Writes a <c>HistogramProto</c>.</summary>
    public void WriteTo(ProtoWriter message)
    {
        message.Double(1, _min);
        message.Double(2, _max);
        message.Double(3, _count);
        message.Double(4, _sum);
        message.Double(5, _squares);
        message.Doubles(6, _limits);
        message.Doubles(7, _counts);
    }

    private static double[] MakeLimits()
    {
        var above = new List<double>();
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1) above.Add(limit);
        return [.. above.AsEnumerable().Reverse().Select(limit => -limit), 0, .. above, double.MaxValue];
    }
}
