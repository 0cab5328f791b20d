using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Running sums, products and recurrences along the middle dimension of [outer, n, inner].</summary>
/// <remarks>
/// Note [Running in double]: the k-th result of a running sum is the k-th rounding of the one before, a million of them for a million
/// numbers. So float32 runs in double, and every result is rounded once; so does PyTorch. Integers run as they are.
/// One row is a chain in which each step waits for the one before: four rows go side by side, or neighbouring columns in a register.
/// </remarks>
internal static unsafe class Scan
{
    // So many neighbouring columns run side by side.
    private const int Columns = 128;

    /// <summary>y[o, k, i] = Σ x[o, j, i] for j ≤ k; or for j ≥ k.</summary>
    public static void Sums<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y, bool fromEnd = false) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Run<RunningSum, T, double>(x, x, outer, n, inner, y, fromEnd);
        else Run<RunningSum, T, T>(x, x, outer, n, inner, y, fromEnd);
    }

    /// <summary>y[o, k, i] = Π x[o, j, i] for j ≤ k.</summary>
    public static void Products<T>(ReadOnlySpan<T> x, int outer, int n, int inner, Span<T> y) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Run<RunningProduct, T, double>(x, x, outer, n, inner, y, false);
        else Run<RunningProduct, T, T>(x, x, outer, n, inner, y, false);
    }

    /// <summary>y[o, k, i] = x[o, k, i] + a[o, k, i]·y[o, k − 1, i], where y begins as 0; or from the end, with y[o, k + 1, i].</summary>
    public static void Recurrence<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> a, int outer, int n, int inner, Span<T> y, bool fromEnd)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Run<LinearRecurrence, T, double>(x, a, outer, n, inner, y, fromEnd);
        else Run<LinearRecurrence, T, T>(x, a, outer, n, inner, y, fromEnd);
    }

    // See Note [Running in double].
    private static void Run<TStep, T, TRun>(ReadOnlySpan<T> x, ReadOnlySpan<T> a, int outer, int n, int inner, Span<T> y, bool fromEnd)
        where TStep : struct, IRunning where T : unmanaged where TRun : unmanaged
    {
        long length = (long)outer * n * inner;
        if (x.Length != length || a.Length != length || y.Length != length)
            throw new ArgumentException(
                $"A scan of [{outer}, {n}, {inner}]: the arrays have {x.Length}, {a.Length} and {y.Length} elements; they should have "
                + $"{length}.");
        if (length == 0) return;
        int pieces = inner == 1 ? (outer + 3) / 4 : (inner + Columns - 1) / Columns;
        long tasks = inner == 1 ? pieces : (long)outer * pieces;
        fixed (T* px = x, pa = a, py = y)
        {
            long work = Math.Max(1, length / tasks);
            var body =
                new Body<TStep, T, TRun>(
                    px, pa, py, outer, n, inner, fromEnd, pieces, new Chunks(tasks, (int)Math.Clamp(Chunks.Cheap / work, 1, int.MaxValue)));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<TStep, T, TRun>(T* x, T* a, T* y, int outer, int n, int inner, bool fromEnd, int pieces, Chunks chunks)
        : IChunkBody
        where TStep : struct, IRunning where T : unmanaged where TRun : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            for (long task = Chunks.Start(chunk); task < Chunks.End(chunk); task++)
            {
                if (inner > 1) Band(task / pieces, (int)(task % pieces) * Columns);
                else if (4 * task + 4 <= outer) FourRows(4 * task);
                else for (long row = 4 * task; row < outer; row++) OneRow(row);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void FourRows(long row)
        {
            long at = row * n + (fromEnd ? n - 1 : 0), step = fromEnd ? -1 : 1;
            T* x0 = x + at, x1 = x0 + n, x2 = x1 + n, x3 = x2 + n, a0 = a + at, a1 = a0 + n, a2 = a1 + n, a3 = a2 + n;
            T* y0 = y + at, y1 = y0 + n, y2 = y1 + n, y3 = y2 + n;
            Lane<TRun> r0 = Lane<TRun>.Constant(TStep.Start), r1 = r0, r2 = r0, r3 = r0;
            for (long k = 0, i = 0; k < n; k++, i += step)
            {
                r0 = TStep.Next(r0, One(x0[i]), TStep.HasFactor ? One(a0[i]) : default);
                r1 = TStep.Next(r1, One(x1[i]), TStep.HasFactor ? One(a1[i]) : default);
                r2 = TStep.Next(r2, One(x2[i]), TStep.HasFactor ? One(a2[i]) : default);
                r3 = TStep.Next(r3, One(x3[i]), TStep.HasFactor ? One(a3[i]) : default);
                y0[i] = Back(r0);
                y1[i] = Back(r1);
                y2[i] = Back(r2);
                y3[i] = Back(r3);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void OneRow(long row)
        {
            long at = row * n + (fromEnd ? n - 1 : 0), step = fromEnd ? -1 : 1;
            Lane<TRun> r = Lane<TRun>.Constant(TStep.Start);
            for (long k = 0; k < n; k++, at += step)
            {
                r = TStep.Next(r, One(x[at]), TStep.HasFactor ? One(a[at]) : default);
                y[at] = Back(r);
            }
        }

        /// <summary>Neighbouring columns of one matrix, row by row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Band(long matrix, int left)
        {
            int width = Math.Min(Columns, inner - left), lanes = Lanes256<TRun>.Count;
            TRun* running = stackalloc TRun[Columns];
            for (int i = 0; i < width; i++) running[i] = Numbers.Convert<TRun>(TStep.Start);
            long at = (matrix * n + (fromEnd ? n - 1 : 0)) * inner + left, step = fromEnd ? -inner : inner;
            for (long k = 0; k < n; k++, at += step)
            {
                int i = 0;
                for (; i + lanes <= width; i += lanes)
                {
                    Lanes256<TRun> r =
                        TStep.Next(Lanes256<TRun>.Load(in *running, (nuint)i), Many(x + at + i),
                            TStep.HasFactor ? Many(a + at + i) : default);
                    Lanes256<TRun>.Store(r, ref *running, (nuint)i);
                    Back(r, y + at + i);
                }
                for (; i < width; i++)
                {
                    Lane<TRun> r =
                        TStep.Next(Lane<TRun>.Load(in *running, (nuint)i), One(x[at + i]), TStep.HasFactor ? One(a[at + i]) : default);
                    Lane<TRun>.Store(r, ref *running, (nuint)i);
                    y[at + i] = Back(r);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Lane<TRun> One(T value) =>
            new(Vector128.CreateScalar(typeof(T) == typeof(TRun)
                ? Unsafe.BitCast<T, TRun>(value) : Unsafe.BitCast<double, TRun>(Unsafe.BitCast<T, float>(value))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Back(Lane<TRun> value) =>
            typeof(T) == typeof(TRun)
            ? Unsafe.BitCast<TRun, T>(value.Value.ToScalar())
            : Unsafe.BitCast<float, T>((float)Unsafe.BitCast<TRun, double>(value.Value.ToScalar()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Lanes256<TRun> Many(T* source)
        {
            if (typeof(T) == typeof(TRun)) return Lanes256<TRun>.Load(in *(TRun*)source, 0);
            return new(Doubles.Load(source).As<double, TRun>());
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Back(Lanes256<TRun> value, T* target)
        {
            if (typeof(T) == typeof(TRun)) Lanes256<TRun>.Store(value, ref *(TRun*)target, 0);
            else Doubles.Store(value.Value.AsDouble(), target);
        }
    }

    /// <summary>One step of what runs along a dimension.</summary>
    private interface IRunning
    {
        /// <summary>What it begins with.</summary>
        static abstract double Start { get; }

        /// <summary>Whether there are factors.</summary>
        static virtual bool HasFactor => false;

        /// <summary>The next value, from the one before, the next element and its factor.</summary>
        static abstract R Next<R>(R before, R x, R a) where R : struct, IAlgebra<R>;
    }

    private readonly struct RunningSum : IRunning
    {
        public static double Start => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Next<R>(R before, R x, R a) where R : struct, IAlgebra<R> => before + x;
    }

    private readonly struct RunningProduct : IRunning
    {
        public static double Start => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Next<R>(R before, R x, R a) where R : struct, IAlgebra<R> => before * x;
    }

    private readonly struct LinearRecurrence : IRunning
    {
        public static double Start => 0;

        public static bool HasFactor => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static R Next<R>(R before, R x, R a) where R : struct, IAlgebra<R> => x + a * before;
    }
}
