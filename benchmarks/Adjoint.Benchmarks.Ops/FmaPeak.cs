using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Benchmarks.Ops;

/// <summary>How many GFLOP/s this core reaches now with float multiply-adds that wait for nothing: what all other figures are to be seen against.</summary>
internal static class FmaPeak
{
    public static double Measure()
    {
        double best = 0;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            double flops = Work(1 << 22);
            best = Math.Max(best, flops / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }
        return best;
    }

    /// <summary>Does the multiply-adds of <paramref name="steps"/> steps, and tells how many floating-point operations that were.</summary>
    public static double Work(int steps)
    {
        float sum = Vector512.IsHardwareAccelerated ? Wide(steps) : Narrow(steps);
        int lanes = Vector512.IsHardwareAccelerated ? 16 : 8;
        return float.IsNaN(sum) ? 0 : 2.0 * 12 * lanes * steps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide(int steps)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, p = x, q = x, r = x, s = x;
        for (int i = 0; i < steps; i++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            p = Vector512.FusedMultiplyAdd(p, x, y);
            q = Vector512.FusedMultiplyAdd(q, x, y);
            r = Vector512.FusedMultiplyAdd(r, x, y);
            s = Vector512.FusedMultiplyAdd(s, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + p + q + r + s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Narrow(int steps)
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(0.001f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, p = x, q = x, r = x, s = x;
        for (int i = 0; i < steps; i++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
            p = Vector256.FusedMultiplyAdd(p, x, y);
            q = Vector256.FusedMultiplyAdd(q, x, y);
            r = Vector256.FusedMultiplyAdd(r, x, y);
            s = Vector256.FusedMultiplyAdd(s, x, y);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + p + q + r + s);
    }
}
