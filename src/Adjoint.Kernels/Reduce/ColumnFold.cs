using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Combines the elements of columns, in the order in which <see cref="Fold"/> combines those of a row.</summary>
/// <remarks>
/// See Note [Order of summation]. What stands there in one lane of one of the four registers is a row of results here, one for each
/// column, so a leaf has as many of those as four registers have lanes.
/// </remarks>
internal static unsafe class ColumnFold
{
    private const int Leaf = 1024;

    /// <summary>results[j] = f(x₀ⱼ, y₀ⱼ, aⱼ) ∘ f(x₁ⱼ, y₁ⱼ, aⱼ) ∘ … for the columns j of <paramref name="lines"/>.</summary>
    public static void Run<TFold, TElement, T>(T* x, T* y, T* a, T* results, Lines lines)
        where TFold : struct, IFold where TElement : struct, IRowElement where T : unmanaged =>
        new Columns<TFold, TElement, T>(x, y, a, lines.Stride, lines.Count).Range(0, lines.N, results);

    /// <summary>The same, one row after the other: for what is the same in any order.</summary>
    public static void RunInAnyOrder<TFold, TElement, T>(T* x, T* y, T* a, T* results, Lines lines)
        where TFold : struct, IFold where TElement : struct, IRowElement where T : unmanaged =>
        new Columns<TFold, TElement, T>(x, y, a, lines.Stride, lines.Count).InAnyOrder(lines.N, results);

    private readonly struct Columns<TFold, TElement, T>(T* x, T* y, T* a, long stride, int width)
        where TFold : struct, IFold where TElement : struct, IRowElement where T : unmanaged
    {
        public void InAnyOrder(int rows, T* results)
        {
            new Span<T>(results, width).Fill(Numbers.Convert<T>(TFold.Identity));
            Add(0, rows, results, sumStride: 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public void Range(int start, int end, T* results)
        {
            int length = end - start;
            if (length <= Leaf)
            {
                OfLeaf(start, end, results);
                return;
            }
            int half = (length / 2 + Leaf - 1) / Leaf * Leaf;
            T* right = stackalloc T[Lines.Most<T>()];
            Range(start, start + half, results);
            Range(start + half, end, right);
            Combine(results, right, width);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        private void OfLeaf(int start, int end, T* results)
        {
            int lanes = Lanes256<T>.Count, register = lanes * width, k = start;
            T* slots = stackalloc T[4 * Lanes256<T>.Count * Lines.Most<T>()];
            bool hasFour = end - start >= 4 * lanes, hasOne = end - start >= lanes;
            new Span<T>(slots, hasFour ? 4 * register : hasOne ? register : width).Fill(Numbers.Convert<T>(TFold.Identity));
            for (; k + 4 * lanes <= end; k += 4 * lanes) Add(k, 4 * lanes, slots, width);
            for (; k + lanes <= end; k += lanes) Add(k, lanes, slots, width);
            if (hasFour)
            {
                Combine(slots + 2 * register, slots + 3 * register, register);
                Combine(slots, slots + register, register);
                Combine(slots, slots + 2 * register, register);
            }
            if (hasOne)
                for (int half = lanes / 2; half > 0; half /= 2) Combine(slots, slots + half * width, half * width);
            for (; k < end; k++) Add(k, 1, slots, width);
            new Span<T>(slots, width).CopyTo(new Span<T>(results, width));
        }

        // Costly elements are computed before they are combined: see Note [One place].
        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        private void Add(int k, int rows, T* sums, int sumStride)
        {
            long at = k * stride;
            if (!TElement.IsCostly)
            {
                AddRows<TElement>(x + at, y + at, rows, sums, sumStride);
                return;
            }
            T* values = stackalloc T[Lines.Most<T>()];
            for (; rows > 0; rows--, at += stride, sums += sumStride)
            {
                Sweep.Range(new ColumnElements<TElement, T>(x + at, y + at, a), values, 0, (nuint)width, false);
                AddRows<Itself>(values, values, 1, sums, 0);
            }
        }

        private void AddRows<TTerm>(T* terms, T* others, int rows, T* sums, int sumStride) where TTerm : struct, IRowElement
        {
            if (Vector512.IsHardwareAccelerated) AddRows<TTerm, Lanes512<T>>(terms, others, rows, sums, sumStride);
            else if (Vector256.IsHardwareAccelerated) AddRows<TTerm, Lanes256<T>>(terms, others, rows, sums, sumStride);
            else AddRows<TTerm, Lanes128<T>>(terms, others, rows, sums, sumStride);
        }

        // The last register of a row overlaps the one before it, and is computed before that is stored.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddRows<TTerm, R>(T* terms, T* others, int rows, T* sums, int sumStride)
            where TTerm : struct, IRowElement where R : struct, IRegister<R, T>
        {
            nuint last = (nuint)(width - R.Count);
            for (; rows > 0; rows--, terms += stride, others += stride, sums += sumStride)
            {
                var row = new ColumnElements<TTerm, T>(terms, others, a);
                R tail = TFold.Combine(R.Load(in *sums, last), row.At<R>(last));
                for (nuint i = 0; i < last; i += (nuint)R.Count) R.Store(TFold.Combine(R.Load(in *sums, i), row.At<R>(i)), ref *sums, i);
                R.Store(tail, ref *sums, last);
            }
        }

        private static void Combine(T* sums, T* terms, int count) =>
            Sweep.Range(new Combined<TFold, T>(sums, terms), sums, 0, (nuint)count, false);
    }

    private readonly struct Combined<TFold, T>(T* x, T* y) : IElements<T> where TFold : struct, IFold where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint index) where R : struct, IRegister<R, T> => TFold.Combine(R.Load(in *x, index), R.Load(in *y, index));
    }
}
