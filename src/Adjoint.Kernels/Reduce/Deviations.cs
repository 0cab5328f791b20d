using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Mean and squared deviations of rows.</summary>
/// <remarks>
/// Note [Two passes]: the mean is rounded to where the numbers are coarse (to 8 at 1e8 in float32), and squares of deviations from a wrong
/// mean are too large by its error squared. So the second pass sums the deviations too, which says how wrong the mean was:
/// Σ(x − mean)² = Σ(x − m)² − (Σ(x − m))²/n for any m. Float32 is summed in double, where no square overflows.
/// </remarks>
internal static unsafe class Deviations
{
    /// <summary>The mean of a row, and the sum of squared deviations from it.</summary>
    public static (double Mean, double Squares) Of<T>(T* x, int n) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Of((float*)x, n);
        T m = Numbers.Convert<T>(Numbers.ToDouble(Fold.Range<SumFold, Dense<T>, T>(new(x), 0, (nuint)n)) / n);
        double sum = Numbers.ToDouble(RowSteps.Sum<Shifted, T>(x, x, m, n)),
            squares = Numbers.ToDouble(RowSteps.Sum<SquaredDeviation, T>(x, x, m, n));
        return Corrected(Numbers.ToDouble(m), sum, squares, n);
    }

    /// <summary>Σ x in double.</summary>
    public static double Sum<T>(T* x, int n) where T : unmanaged =>
        typeof(T) == typeof(float) ? Sum((float*)x, n) : Numbers.ToDouble(Fold.Range<SumFold, Dense<T>, T>(new(x), 0, (nuint)n));

    /// <summary>Σ(x − m) and Σ(x − m)² in double.</summary>
    public static (double Sum, double Squares) Around<T>(T* x, int n, double m) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Deviating((float*)x, n, m);
        T shift = Numbers.Convert<T>(m);
        return (Numbers.ToDouble(RowSteps.Sum<Shifted, T>(x, x, shift, n)),
            Numbers.ToDouble(RowSteps.Sum<SquaredDeviation, T>(x, x, shift, n)));
    }

    private static (double Mean, double Squares) Of(float* x, int n)
    {
        double m = Sum(x, n) / n;
        (double sum, double squares) = Deviating(x, n, m);
        return Corrected(m, sum, squares, n);
    }

    /// <summary>The mean and Σ(x − mean)² of n numbers, from a mean m that may be off, Σ(x − m) and Σ(x − m)².</summary>
    public static (double Mean, double Squares) Corrected(double m, double sum, double squares, double n) =>
        (m + sum / n, Math.Max(0, squares - sum * sum / n));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(float* x, int n)
    {
        Vector256<double> s0 = default, s1 = default;
        nint i = 0;
        for (; i <= n - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(x + i));
            s0 += low;
            s1 += high;
        }
        double sum = Vector256.Sum(s0 + s1);
        for (; i < n; i++) sum += x[i];
        return sum;
    }

    /// <summary>Σ(x − shift) and Σ(x − shift)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, double Squares) Deviating(float* x, int n, double shift)
    {
        Vector256<double> m = Vector256.Create(shift);
        Vector256<double> s0 = default, s1 = default, q0 = default, q1 = default;
        nint i = 0;
        for (; i <= n - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(x + i));
            low -= m;
            high -= m;
            s0 += low;
            s1 += high;
            q0 += low * low;
            q1 += high * high;
        }
        double sum = Vector256.Sum(s0 + s1), squares = Vector256.Sum(q0 + q1);
        for (; i < n; i++)
        {
            double d = x[i] - shift;
            sum += d;
            squares += d * d;
        }
        return (sum, squares);
    }
}
