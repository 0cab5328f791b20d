using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// The largest element of each window of blocks [depth, height, width], and its number in the block: of equal ones the first, and of NaNs,
/// which are larger than all, the last. The windows are the <see cref="Taps"/> of each dimension.
/// </summary>
/// <remarks>
/// // Note [Largest of columns first]
/// The rows of a window are compared a register at a time, which gives the largest of each column and the row it is in; then the columns.
/// That the order of equal ones is that of rows and then columns is seen to when columns are compared: of equal ones the upper, then the
/// left. Rows are kept as bits in registers of the elements' size, as what has to be added to a column: row · width.
/// </remarks>
internal static unsafe class MaxWindows
{
    /// <summary>Goes through all blocks.</summary>
    /// <param name="x">[outer, depth, height, width].</param>
    /// <param name="outer">How many blocks.</param>
    /// <param name="axes">The windows along depth, height and width; each has at least one place.</param>
    /// <param name="y">The largest elements.</param>
    /// <param name="index">Where they are.</param>
    public static void Run<T>(ReadOnlySpan<T> x, int outer, Taps[] axes, Span<T> y, Span<long> index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long inputs = (long)axes[0].Inputs * axes[1].Inputs * axes[2].Inputs;
        long outputs = (long)axes[0].Outputs * axes[1].Outputs * axes[2].Outputs;
        if (x.Length != outer * inputs || y.Length != outer * outputs || index.Length != y.Length)
            throw new ArgumentException(
                $"{outer} blocks of {inputs} and {outputs} elements, but {x.Length}, {y.Length} and {index.Length}.");
        if (y.IsEmpty) return;
        fixed (T* px = x, py = y)
        fixed (long* pi = index)
            Rows.Run<Block<T>>(new(px, py, pi, axes, inputs, outputs), outer, (int)Math.Max(inputs, outputs));
    }

    private readonly struct Block<T>(T* x, T* y, long* index, Taps[] axes, long inputs, long outputs) : IRowOfMatrix
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int row) => MaxWindows.Run(x + row * inputs, y + row * outputs, index + row * outputs, axes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T>(T* x, T* y, long* index, Taps[] axes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Taps depth, Taps height, Taps wide) = (axes[0], axes[1], axes[2]);
        int width = wide.Inputs;
        using var memory = new Scratch<T>(2L * width + 2 * Vector256<T>.Count);
        T* best = memory.Data, from = best + width + Vector256<T>.Count;
        TapColumns columns = wide.Columns;
        fixed (int* starts = wide.Starts, places = wide.Places, at = columns.Places)
        {
            for (int d = 0; d < depth.Outputs; d++)
            {
                for (int h = 0; h < height.Outputs; h++, y += wide.Outputs, index += wide.Outputs)
                {
                    bool isFirst = true;
                    for (int td = depth.Starts[d]; td < depth.Starts[d + 1]; td++)
                    {
                        for (int th = height.Starts[h]; th < height.Starts[h + 1]; th++)
                        {
                            int row = (depth.Places[td] * height.Inputs + height.Places[th]) * width;
                            Raise(x + row, best, from, Bits<T>(row), width, isFirst);
                            isFirst = false;
                        }
                    }
                    int first = columns.First, done = 0;
                    Choose(best, from, y, index, starts, places, 0, first);
                    if (Avx2.IsSupported) done = Choose(best, from, y + first, index + first, columns, at);
                    Choose(best, from, y, index, starts, places, first + done, wide.Outputs);
                }
            }
        }
    }

    // The larger ones of a row go to the best, and where they come from.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Raise<T>(T* row, T* best, T* from, T bits, int width, bool isFirst)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int j = 0, lanes = Vector256<T>.Count;
        Vector256<T> number = Vector256.Create(bits);
        for (; j <= width - lanes; j += lanes)
        {
            Vector256<T> v = Vector256.Load(row + j), n = number;
            if (!isFirst)
            {
                Vector256<T> m = Vector256.Load(best + j);
                // Larger, or NaN: not at most.
                Vector256<T> stays = Vector256.LessThanOrEqual(v, m) | (~Vector256.Equals(m, m) & Vector256.Equals(v, v));
                v = Vector256.ConditionalSelect(stays, m, v);
                n = Vector256.ConditionalSelect(stays, Vector256.Load(from + j), n);
            }
            v.Store(best + j);
            n.Store(from + j);
        }
        for (; j < width; j++)
        {
            if (!isFirst && !(row[j] > best[j] || T.IsNaN(row[j]))) continue;
            best[j] = row[j];
            from[j] = bits;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Choose<T>(T* best, T* from, T* y, long* index, int* starts, int* places, int begin, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = begin; i < end; i++)
        {
            int column = places[starts[i]];
            T most = best[column];
            long row = Number(from[column]);
            for (int tap = starts[i] + 1; tap < starts[i + 1]; tap++)
            {
                int next = places[tap];
                T value = best[next];
                long under = Number(from[next]);
                if (!(value > most || (value == most && under < row) || (T.IsNaN(value) && (!T.IsNaN(most) || under >= row)))) continue;
                (most, row, column) = (value, under, next);
            }
            y[i] = most;
            index[i] = row + column;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Choose<T>(T* best, T* from, T* y, long* index, TapColumns columns, int* at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = columns.Length, lanes = Vector256<T>.Count, i = 0;
        bool isPair = columns.Step == 2 && columns.Count == 2;
        for (; i <= length - lanes; i += lanes)
        {
            int* column = at + i;
            Vector256<T> most, row, other = default, under = default;
            if (isPair)
            {
                (most, other) = Lanes.Apart<T>(best + *column);
                (row, under) = Lanes.Apart<T>(from + *column);
            }
            else
            {
                (most, row) = (Lanes.At(best, column), Lanes.At(from, column));
            }
            Vector256<T> where = Columns<T>(column);
            for (int k = 1; k < columns.Count; k++)
            {
                column += length;
                if (!isPair) (other, under) = (Lanes.At(best, column), Lanes.At(from, column));
                Vector256<T> isUpper = Less(under, row), isNumber = Vector256.Equals(other, other);
                Vector256<T> isNaN = ~Vector256.Equals(most, most);
                Vector256<T> takes = Vector256.GreaterThan(other, most) | (Vector256.Equals(other, most) & isUpper)
                    | (~isNumber & ~(isNaN & isUpper));
                most = Vector256.ConditionalSelect(takes, other, most);
                row = Vector256.ConditionalSelect(takes, under, row);
                where = Vector256.ConditionalSelect(takes, Columns<T>(column), where);
            }
            most.Store(y + i);
            Store(row, where, index + i);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bits<T>(int row) where T : unmanaged =>
        sizeof(T) == 4 ? Unsafe.BitCast<int, T>(row) : Unsafe.BitCast<long, T>(row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Number<T>(T bits) where T : unmanaged =>
        sizeof(T) == 4 ? Unsafe.BitCast<T, int>(bits) : Unsafe.BitCast<T, long>(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Columns<T>(int* column) where T : unmanaged => sizeof(T) == 4
        ? Vector256.Load(column).As<int, T>() : Vector256.WidenLower(Vector128.Load(column).ToVector256()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Less<T>(Vector256<T> a, Vector256<T> b) where T : unmanaged => sizeof(T) == 4
        ? Vector256.LessThan(a.As<T, int>(), b.As<T, int>()).As<int, T>()
        : Vector256.LessThan(a.As<T, long>(), b.As<T, long>()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector256<T> row, Vector256<T> column, long* index) where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            (Vector256<long> low, Vector256<long> high) = Vector256.Widen(row.As<T, int>() + column.As<T, int>());
            low.Store(index);
            high.Store(index + 4);
        }
        else
        {
            (row.As<T, long>() + column.As<T, long>()).Store(index);
        }
    }
}
