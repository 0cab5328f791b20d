using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// One dimension of a block [outer, inputs, inner] through its <see cref="Taps"/>: y[o, i, j] = Σ weight·x[o, place, j]. Terms are added
/// from the first tap to the last, each rounded, in registers as alone: the sum has the same bits everywhere.
/// </summary>
internal static unsafe class TapPass
{
    /// <summary>Goes through a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* x, T* y, int outer, Taps taps, int inner) where T : unmanaged, INumber<T>
    {
        T[] weights = taps.WeightsOf<T>();
        fixed (int* starts = taps.Starts, places = taps.Places)
        fixed (T* w = weights)
        {
            if (inner == 1)
            {
                TapColumns columns = taps.Columns;
                T[] columnWeights = columns.WeightsOf<T>();
                fixed (int* at = columns.Places)
                fixed (T* cw = columnWeights)
                {
                    for (int o = 0; o < outer; o++, x += taps.Inputs, y += taps.Outputs)
                        Line(x, y, taps, columns, starts, places, w, at, cw);
                }
                return;
            }
            for (int o = 0; o < outer; o++, x += (long)taps.Inputs * inner)
                for (int i = 0; i < taps.Outputs; i++, y += inner)
                    Sum(x, y, places + starts[i], w == null ? null : w + starts[i], starts[i + 1] - starts[i], inner);
        }
    }

    // y = Σ weight·row, for whole rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(T* x, T* y, int* places, T* w, int count, int inner) where T : unmanaged, INumber<T>
    {
        int lanes = Vector256<T>.Count, j = 0;
        if (count == 0)
        {
            new Span<T>(y, inner).Clear();
            return;
        }
        T* first = x + (long)places[0] * inner;
        if (count == 1 && w == null)
        {
            new ReadOnlySpan<T>(first, inner).CopyTo(new Span<T>(y, inner));
            return;
        }
        if (count == 2)
        {
            T* second = x + (long)places[1] * inner;
            if (w == null)
            {
                for (; j <= inner - lanes; j += lanes) (Vector256.Load(first + j) + Vector256.Load(second + j)).Store(y + j);
                for (; j < inner; j++) y[j] = first[j] + second[j];
                return;
            }
            Vector256<T> wa = Vector256.Create(w[0]), wb = Vector256.Create(w[1]);
            for (; j <= inner - lanes; j += lanes) (Vector256.Load(first + j) * wa + Vector256.Load(second + j) * wb).Store(y + j);
            for (; j < inner; j++) y[j] = first[j] * w[0] + second[j] * w[1];
            return;
        }
        for (; j <= inner - 2 * lanes; j += 2 * lanes)
        {
            Vector256<T> a = Vector256.Load(first + j), b = Vector256.Load(first + j + lanes);
            if (w != null) (a, b) = (a * Vector256.Create(w[0]), b * Vector256.Create(w[0]));
            for (int k = 1; k < count; k++)
            {
                T* row = x + (long)places[k] * inner + j;
                Vector256<T> c = Vector256.Load(row), d = Vector256.Load(row + lanes);
                if (w != null) (c, d) = (c * Vector256.Create(w[k]), d * Vector256.Create(w[k]));
                a += c;
                b += d;
            }
            a.Store(y + j);
            b.Store(y + j + lanes);
        }
        if (j <= inner - lanes)
        {
            Vector256<T> a = Vector256.Load(first + j);
            if (w != null) a *= Vector256.Create(w[0]);
            for (int k = 1; k < count; k++)
            {
                Vector256<T> c = Vector256.Load(x + (long)places[k] * inner + j);
                a += w != null ? c * Vector256.Create(w[k]) : c;
            }
            a.Store(y + j);
            j += lanes;
        }
        for (; j < inner; j++)
        {
            T sum = w == null ? first[j] : first[j] * w[0];
            for (int k = 1; k < count; k++)
            {
                T term = x[(long)places[k] * inner + j];
                sum += w == null ? term : term * w[k];
            }
            y[j] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line<T>(T* x, T* y, Taps taps, TapColumns columns, int* starts, int* places, T* w, int* at, T* cw)
        where T : unmanaged, INumber<T>
    {
        int from = columns.First, length = columns.Length, count = columns.Count, done = 0;
        Single(x, y, 0, from, starts, places, w);
        T* run = y + from;
        if (columns.Step == 1 && length >= Vector256<T>.Count)
        {
            // What neighbours read lies beside each other.
            T* begin = x + at[0];
            for (; done <= length - Vector256<T>.Count; done += Vector256<T>.Count)
            {
                Vector256<T> sum = Vector256.Load(begin + done);
                if (cw != null) sum *= Vector256.Load(cw + done);
                for (int k = 1; k < count; k++)
                {
                    Vector256<T> term = Vector256.Load(begin + done + k);
                    if (cw != null) term *= Vector256.Load(cw + k * length + done);
                    sum += term;
                }
                sum.Store(run + done);
            }
        }
        else if (columns.Step == 2 && count == 2 && cw == null && length >= Vector256<T>.Count)
        {
            T* begin = x + at[0];
            for (; done <= length - Vector256<T>.Count; done += Vector256<T>.Count)
            {
                (Vector256<T> even, Vector256<T> odd) = Lanes.Apart<T>(begin + 2 * done);
                (even + odd).Store(run + done);
            }
        }
        else if (Avx2.IsSupported && length >= Vector256<T>.Count)
        {
            for (; done <= length - Vector256<T>.Count; done += Vector256<T>.Count)
            {
                Vector256<T> sum = Lanes.At(x, at + done);
                if (cw != null) sum *= Vector256.Load(cw + done);
                for (int k = 1; k < count; k++)
                {
                    Vector256<T> term = Lanes.At(x, at + k * length + done);
                    if (cw != null) term *= Vector256.Load(cw + k * length + done);
                    sum += term;
                }
                sum.Store(run + done);
            }
        }
        Single(x, y, from + done, taps.Outputs, starts, places, w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Single<T>(T* x, T* y, int from, int to, int* starts, int* places, T* w) where T : unmanaged, INumber<T>
    {
        for (int i = from; i < to; i++)
        {
            int tap = starts[i], end = starts[i + 1];
            if (tap == end)
            {
                y[i] = T.Zero;
                continue;
            }
            T sum = w == null ? x[places[tap]] : x[places[tap]] * w[tap];
            for (tap++; tap < end; tap++) sum += w == null ? x[places[tap]] : x[places[tap]] * w[tap];
            y[i] = sum;
        }
    }
}
