using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>y[o, k, i] = ln Σ e^x[o, j, i] for j ≤ k: in double (Note [Running in double]), each result rounded once.</summary>
/// <remarks>
/// Each step waits for the one before and takes some hundred cycles of that: so lines go beside each other, as many as two registers
/// have lanes, wherever they lie.
/// </remarks>
internal static unsafe class RunningLogSum
{
    private const int Together = 8;

    /// <summary>Runs along the middle dimension of [outer, n, inner].</summary>
    public static void Run<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length != (long)outer * n * inner || y.Length != x.Length)
            throw new ArgumentException($"Sums along [{outer}, {n}, {inner}]: the arrays have {x.Length} and {y.Length} elements.");
        if (x.IsEmpty) return;
        int lines = outer * inner;
        fixed (T* px = x, py = y)
            Rows.Run<Lines<T>>(
                new(px, py, lines, n, inner), (lines + Together - 1) / Together, (int)Math.Min((long)n * Together, int.MaxValue));
    }

    private readonly struct Lines<T>(T* x, T* y, int lines, int n, int inner) : IRowOfMatrix
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int row)
        {
            long* at = stackalloc long[Together];
            // Where there are no eight more the last one goes along several times, to the same result.
            for (int i = 0; i < Together; i++)
            {
                int line = Math.Min(row * Together + i, lines - 1);
                at[i] = (long)(line / inner) * n * inner + line % inner;
            }
            Lanes256<double> a = Lanes256<double>.Constant(double.NegativeInfinity), b = a;
            for (long k = 0, end = (long)n * inner; k < end; k += inner)
            {
                Lanes256<double> left = Four(at, x + k), right = Four(at + 4, x + k);
                a = Registers.LogAddExp<Lanes256<double>, double>(a, left);
                b = Registers.LogAddExp<Lanes256<double>, double>(b, right);
                Store(a.Value, at, y + k);
                Store(b.Value, at + 4, y + k);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Lanes256<double> Four(long* at, T* x) =>
            typeof(T) == typeof(float)
            ? new(Vector256.Create((double)((float*)x)[at[0]], ((float*)x)[at[1]], ((float*)x)[at[2]], ((float*)x)[at[3]]))
            : new(Vector256.Create(((double*)x)[at[0]], ((double*)x)[at[1]], ((double*)x)[at[2]], ((double*)x)[at[3]]));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(Vector256<double> value, long* at, T* y)
        {
            for (int i = 0; i < Vector256<double>.Count; i++) y[at[i]] = T.CreateTruncating(value[i]);
        }
    }
}
