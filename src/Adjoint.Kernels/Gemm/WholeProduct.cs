using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Products of matrices of integers: sums of whole numbers, wrapping around as C# does, so that no order of adding changes them.</summary>
internal static unsafe class WholeProduct
{
    private const int Rows = 4;

    /// <summary>
    /// C = op(A)·op(B) plus a row: C[r, s] = row[s] + Σ A[r, j]·B[j, s], for batches of contiguous matrices one after the other. An empty row is 0.
    /// </summary>
    /// <param name="a">A [m, k], or [k, m] if it is meant transposed.</param>
    /// <param name="transA">Whether A is meant transposed.</param>
    /// <param name="b">B [k, n], or [n, k] if it is meant transposed.</param>
    /// <param name="transB">Whether B is meant transposed.</param>
    /// <param name="row">n elements, or none.</param>
    /// <param name="c">C [m, n].</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms of each sum.</param>
    public static void Multiply<T>(ReadOnlySpan<T> a, bool transA, ReadOnlySpan<T> b, bool transB, ReadOnlySpan<T> row, Span<T> c, int m, int n, int k)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (c.IsEmpty) return;
        long count = c.Length / ((long)m * n);
        if (a.Length != count * m * k || b.Length != count * k * n || c.Length != count * m * n || row.Length != 0 && row.Length != n)
            throw new ArgumentException($"{count} products [{m}, {k}]·[{k}, {n}]: the arrays have {a.Length}, {b.Length} and {c.Length} elements, the row {row.Length}.");
        fixed (T* pa = a, pb = b, pr = row, pc = c)
        {
            if (Vector512.IsHardwareAccelerated) Run<Lanes512<T>, T>(pa, transA, pb, transB, pr, pc, count, m, n, k);
            else if (Vector256.IsHardwareAccelerated) Run<Lanes256<T>, T>(pa, transA, pb, transB, pr, pc, count, m, n, k);
            else Run<Lanes128<T>, T>(pa, transA, pb, transB, pr, pc, count, m, n, k);
        }
    }

    private static void Run<R, T>(T* a, bool transA, T* b, bool transB, T* row, T* c, long count, int m, int n, int k)
        where R : struct, IRegister<R, T> where T : unmanaged, IBinaryInteger<T>
    {
        int width = 2 * R.Count, panels = (n + width - 1) / width;
        var body = new Body<R, T>(a, transA, b, transB, row, c, m, n, k, panels);
        int all = checked((int)(count * panels));
        if (count * m * n * k > 1 << 16) Threads.Run(all, ref body);
        else for (int i = 0; i < all; i++) body.Run(i);
    }

    /// <summary>Panels of columns as wide as two registers.</summary>
    private readonly struct Body<R, T>(T* a, bool transA, T* b, bool transB, T* row, T* c, int m, int n, int k, int panels) : IChunkBody
        where R : struct, IRegister<R, T> where T : unmanaged, IBinaryInteger<T>
    {
        public void Run(int work)
        {
            int width = 2 * R.Count;
            // B's panel, row after row, filled up with zeros; and a tile of C.
            using var panel = new Scratch<T>((long)(k + Rows) * width);
            Panel(panel.Data, work / panels, work % panels * width);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Panel(T* panel, long number, int left)
        {
            int width = 2 * R.Count, columns = Math.Min(width, n - left);
            T* from = b + number * k * n, tile = panel + (long)k * width;
            for (int j = 0; j < k; j++)
                for (int s = 0; s < width; s++)
                    panel[j * (long)width + s] = s >= columns ? T.Zero : transB ? from[(long)(left + s) * k + j] : from[(long)j * n + left + s];
            T* matrix = a + number * m * k;
            long down = transA ? 1 : k, right = transA ? m : 1;
            for (int top = 0; top < m; top += Rows)
            {
                int rows = Math.Min(Rows, m - top);
                if (rows == Rows) FourRows(matrix + top * down, down, right, panel, tile);
                else for (int r = 0; r < rows; r++) OneRow(matrix + (top + r) * down, right, panel, tile + r * width);
                for (int r = 0; r < rows; r++)
                {
                    T* target = c + (number * m + top + r) * n + left, sums = tile + r * width;
                    for (int s = 0; s < columns; s++) target[s] = row == null ? sums[s] : sums[s] + row[left + s];
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void FourRows(T* x, long down, long right, T* panel, T* tile)
        {
            nuint second = (nuint)R.Count;
            R zero = R.Broadcast(T.Zero);
            R a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
            for (int j = 0; j < k; j++, x += right, panel += 2 * R.Count)
            {
                R y0 = R.Load(in *panel, 0), y1 = R.Load(in *panel, second);
                R f = R.Broadcast(x[0]);
                a0 += f * y0;
                a1 += f * y1;
                f = R.Broadcast(x[down]);
                b0 += f * y0;
                b1 += f * y1;
                f = R.Broadcast(x[2 * down]);
                c0 += f * y0;
                c1 += f * y1;
                f = R.Broadcast(x[3 * down]);
                d0 += f * y0;
                d1 += f * y1;
            }
            R.Store(a0, ref *tile, 0);
            R.Store(a1, ref *tile, second);
            R.Store(b0, ref *tile, 2 * second);
            R.Store(b1, ref *tile, 3 * second);
            R.Store(c0, ref *tile, 4 * second);
            R.Store(c1, ref *tile, 5 * second);
            R.Store(d0, ref *tile, 6 * second);
            R.Store(d1, ref *tile, 7 * second);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void OneRow(T* x, long right, T* panel, T* tile)
        {
            nuint second = (nuint)R.Count;
            R a0 = R.Broadcast(T.Zero), a1 = a0;
            for (int j = 0; j < k; j++, x += right, panel += 2 * R.Count)
            {
                R f = R.Broadcast(*x);
                a0 += f * R.Load(in *panel, 0);
                a1 += f * R.Load(in *panel, second);
            }
            R.Store(a0, ref *tile, 0);
            R.Store(a1, ref *tile, second);
        }
    }
}
