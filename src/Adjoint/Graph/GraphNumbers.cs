using System.Numerics;

namespace Adjoint;

/// <summary>Numbers out of the memory of a tensor, by their places in it, without a tensor that shows them.</summary>
internal static class GraphNumbers
{
    /// <summary>The number at a place.</summary>
    internal static double At(Tensor x, int place)
    {
        var work = new Reading(x, place, 1, new double[1]);
        Dispatch.Number(x.DType, ref work);
        return work.To[0];
    }

    /// <summary>Numbers that lie at equal distances.</summary>
    internal static double[] Row(Tensor x, int first, int step, int count)
    {
        var work = new Reading(x, first, step, new double[count]);
        if (count > 0) Dispatch.Number(x.DType, ref work);
        return work.To;
    }

    private readonly struct Reading(Tensor x, int first, int step, double[] to) : INumberWork
    {
        internal double[] To => to;

        public void Run<T>() where T : unmanaged, INumber<T>
        {
            using var memory = new Loan();
            Copy(memory.Around<T>(x), first, step, to);
        }
    }

    private static void Copy<T>(ReadOnlySpan<T> from, int first, int step, double[] to) where T : unmanaged, INumber<T>
    {
        for (int i = 0, place = first; i < to.Length; i++, place += step) to[i] = double.CreateTruncating(from[place]);
    }
}
