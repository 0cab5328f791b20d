using System.Numerics;

namespace Adjoint;

/// <summary>Numbers out of the memory of a tensor, by their places in it, without a tensor that shows them.</summary>
internal static class GraphNumbers
{
    /// <summary>The number at a place.</summary>
    internal static double At(Tensor x, int place)
    {
        Span<double> one = stackalloc double[1];
        Read(x, place, 1, one);
        return one[0];
    }

    /// <summary>Numbers that lie at equal distances.</summary>
    internal static double[] Row(Tensor x, int first, int step, int count)
    {
        var all = new double[count];
        Read(x, first, step, all);
        return all;
    }

    private static void Read(Tensor x, int first, int step, Span<double> to)
    {
        if (to.Length == 0) return;
        var work = new Reading(x, first, step, to);
        switch (x.DType)
        {
            case DType.Float32: work.Of<float>(); break;
            case DType.Float64: work.Of<double>(); break;
            case DType.Int32: work.Of<int>(); break;
            case DType.Int64: work.Of<long>(); break;
            default: work.Of<byte>(); break;
        }
    }

    private readonly ref struct Reading(Tensor x, int first, int step, Span<double> to)
    {
        private readonly Span<double> _to = to;

        internal void Of<T>() where T : unmanaged, INumberBase<T>
        {
            using var memory = new Loan();
            ReadOnlySpan<T> all = memory.Around<T>(x);
            for (int i = 0, place = first; i < _to.Length; i++, place += step) _to[i] = double.CreateTruncating(all[place]);
        }
    }
}
