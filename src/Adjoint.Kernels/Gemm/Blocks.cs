using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Copies of blocks of a matrix, as they are or transposed.</summary>
/// <remarks>
/// Note [Spilling over]: the rows of a packed block are short and follow each other without a gap. Writing whole registers is
/// several times faster than writing exactly, and harmless as long as what spills into the next row is overwritten when that
/// row is written. So rows go in order, and the last ones, after which nothing comes, are written exactly.
/// </remarks>
internal static unsafe class Blocks
{
    private const int RegisterBytes = 32;
    private const int RowsAhead = 12;

    /// <summary>
    /// Packs <paramref name="panels"/> neighbouring panels of <paramref name="width"/> columns each: panel q of the target holds
    /// source[r, q·width + c] at r·width + c. All panels are filled at once, since a row of the source is one run of memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<T>(T* source, nint sourceRow, T* target, nint rows, int width, int panels) where T : unmanaged
    {
        int bytes = width * sizeof(T);
        nint sourceBytes = sourceRow * sizeof(T), panelBytes = rows * bytes;
        byte* s = (byte*)source, t = (byte*)target;

        // See Note [Spilling over]. Reading beyond a row is harmless for the same reason: there is a next row.
        nint spilling = rows - 1 - RegisterBytes / bytes;
        nint r = 0;
        for (; r < spilling; r++)
        {
            // Not beyond the last row: asking for an address that is not mapped is slow.
            nint ahead = Math.Min(RowsAhead, rows - 1 - r) * sourceBytes;
            byte* from = s, to = t, end = s + panels * (nint)bytes;
            if (bytes <= 2 * RegisterBytes && bytes > RegisterBytes)
            {
                for (; from < end; from += bytes, to += panelBytes)
                {
                    Vector256<byte> x = Vector256.Load(from), y = Vector256.Load(from + RegisterBytes);
                    Cache.Prefetch(from + ahead);
                    x.Store(to);
                    y.Store(to + RegisterBytes);
                }
            }
            else
            {
                for (; from < end; from += bytes, to += panelBytes)
                {
                    Cache.Prefetch(from + ahead);
                    for (int b = 0; b < bytes; b += RegisterBytes) Vector256.Store(Vector256.Load(from + b), to + b);
                }
            }
            s += sourceBytes;
            t += bytes;
        }
        for (; r < rows; r++)
        {
            for (int p = 0; p < panels; p++)
                for (int c = 0; c < width; c++) ((T*)(t + p * panelBytes))[c] = ((T*)(s + p * bytes))[c];
            s += sourceBytes;
            t += bytes;
        }
    }

    /// <summary>target[r, c] = source[r, c].</summary>
    public static void Copy<T>(T* source, nint sourceRow, T* target, nint targetRow, nint rows, nint columns) where T : unmanaged
    {
        long bytes = columns * sizeof(T);
        for (nint r = 0; r < rows; r++) Buffer.MemoryCopy(source + r * sourceRow, target + r * targetRow, bytes, bytes);
    }

    /// <summary>target[c, r] = source[r, c], exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(T* source, nint sourceRow, T* target, nint targetRow, nint rows, nint columns) where T : unmanaged
    {
        // So few rows of the target at a time that their lines are whole before others push them out of the first-level cache, where
        // rows a power of two apart share a few places.
        const int columnsAtOnce = 8;
        int lanes = RegisterBytes / sizeof(T);
        for (nint first = 0; first < columns; first += columnsAtOnce)
        {
            nint width = Math.Min(columnsAtOnce, columns - first), r = 0;
            T* from = source + first, to = target + first * targetRow;
            if (Avx.IsSupported)
            {
                for (; r <= rows - lanes; r += lanes)
                    TransposeRows(from + r * sourceRow, sourceRow, to + r, targetRow, lanes, width, more: false);
            }
            for (; r < rows; r++)
            {
                T* s = from + r * sourceRow, t = to + r;
                for (nint c = 0; c < width; c++) t[c * targetRow] = s[c];
            }
        }
    }

    /// <summary>target[c, r] = source[r, c] where the rows of the target have no gaps and are short: a strip or a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackTransposed<T>(T* source, nint sourceRow, T* target, int rows, nint columns) where T : unmanaged
    {
        int lanes = RegisterBytes / sizeof(T);
        if (!Avx.IsSupported || rows * 2 < lanes)
        {
            Transpose(source, sourceRow, target, rows, rows, columns);
            return;
        }
        // So many columns at a time that what is written stays in the first-level cache until its lines are whole. See Note [Spilling
        // over]: the last group of rows goes first, as it spills into the others' places.
        const int columnsAtOnce = 64;
        for (nint c = 0; c < columns; c += columnsAtOnce)
        {
            nint width = Math.Min(columnsAtOnce, columns - c);
            bool more = c + width < columns;
            for (int r = (rows - 1) / lanes * lanes; r >= 0; r -= lanes)
                TransposeRows(source + r * sourceRow + c, sourceRow, target + r + c * rows, rows, Math.Min(lanes, rows - r), width, more);
        }
    }

    /// <summary>
    /// Transposes at most a register's worth of rows; spills if there are fewer, and beyond the target's last row only if there are
    /// <paramref name="more"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeRows<T>(T* source, nint row, T* target, nint targetRow, int rows, nint columns, bool more)
        where T : unmanaged
    {
        nint c = sizeof(T) == 4
            ? TransposeFloats((float*)source, row, (float*)target, targetRow, rows, columns, more)
            : TransposeDoubles((double*)source, row, (double*)target, targetRow, rows, columns, more);
        for (; c < columns; c++)
            for (int r = 0; r < rows; r++) target[c * targetRow + r] = source[r * row + c];
    }

    // Eight by eight in three rounds: neighbouring rows are interleaved, then pairs of rows, then halves of registers. Rows that do not
    // exist are read from the last one that does, and spill.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint TransposeFloats(float* s, nint row, float* t, nint targetRow, int rows, nint columns, bool more)
    {
        float* s1 = s + Math.Min(1, rows - 1) * row, s2 = s + Math.Min(2, rows - 1) * row, s3 = s + Math.Min(3, rows - 1) * row;
        float* s4 = s + Math.Min(4, rows - 1) * row, s5 = s + Math.Min(5, rows - 1) * row, s6 = s + Math.Min(6, rows - 1) * row;
        float* s7 = s + Math.Min(7, rows - 1) * row;
        // What spills must be followed by another row of the target: two columns are left for the exact end.
        nint end = rows == 8 || more ? columns - 8 : columns - 10, c = 0;
        for (; c <= end; c += 8)
        {
            Vector256<float> a0 = Join(s + c, s4 + c), a1 = Join(s1 + c, s5 + c), a2 = Join(s2 + c, s6 + c), a3 = Join(s3 + c, s7 + c);
            Vector256<float> b0 = Join(s + c + 4, s4 + c + 4), b1 = Join(s1 + c + 4, s5 + c + 4);
            Vector256<float> b2 = Join(s2 + c + 4, s6 + c + 4), b3 = Join(s3 + c + 4, s7 + c + 4);
            float* to = t + c * targetRow;
            StoreFour(a0, a1, a2, a3, to, targetRow);
            StoreFour(b0, b1, b2, b3, to + 4 * targetRow, targetRow);
        }
        return c;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Join(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void StoreFour(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, float* t, nint row)
        {
            Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
            Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
            Avx.UnpackLow(low01, low23).AsSingle().Store(t);
            Avx.UnpackHigh(low01, low23).AsSingle().Store(t + row);
            Avx.UnpackLow(high01, high23).AsSingle().Store(t + 2 * row);
            Avx.UnpackHigh(high01, high23).AsSingle().Store(t + 3 * row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint TransposeDoubles(double* s, nint row, double* t, nint targetRow, int rows, nint columns, bool more)
    {
        double* s1 = s + Math.Min(1, rows - 1) * row, s2 = s + Math.Min(2, rows - 1) * row, s3 = s + Math.Min(3, rows - 1) * row;
        nint end = rows == 4 || more ? columns - 2 : columns - 4, c = 0;
        for (; c <= end; c += 2)
        {
            Vector256<double> r0 = Vector256.Create(Vector128.Load(s + c), Vector128.Load(s2 + c));
            Vector256<double> r1 = Vector256.Create(Vector128.Load(s1 + c), Vector128.Load(s3 + c));
            Avx.UnpackLow(r0, r1).Store(t + c * targetRow);
            Avx.UnpackHigh(r0, r1).Store(t + (c + 1) * targetRow);
        }
        return c;
    }
}
