using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>z = op(x, y) with operands laid out as <paramref name="shape"/> says; z is contiguous.</summary>
    public static void Binary<TOp, T>(TOp op, in Broadcast shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) where TOp : struct, IBinaryOp where T : unmanaged =>
        Rows<ValueOf, TOp, T>(op, shape, default, x, y, default, z);

    /// <summary>
    /// dx = g·∂z/∂x and dy = g·∂z/∂y, with g, z and the targets contiguous and of the result's size. An empty target is not
    /// computed; x, y and z may be empty where no computed slope reads them. At most one of the targets may be one of g and z.
    /// </summary>
    public static void BinaryBackward<TOp, T>(TOp op, in Broadcast shape, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> dx, Span<T> dy)
        where TOp : struct, IBinaryOp where T : unmanaged
    {
        bool yFirst = dx.Overlaps(g) || dx.Overlaps(z);
        if (yFirst && !dy.IsEmpty) Rows<SlopeYOf, TOp, T>(op, shape, g, x, y, z, dy);
        if (!dx.IsEmpty) Rows<SlopeXOf, TOp, T>(op, shape, g, x, y, z, dx);
        if (!yFirst && !dy.IsEmpty) Rows<SlopeYOf, TOp, T>(op, shape, g, x, y, z, dy);
    }

    private static void Rows<TForm, TOp, T>(TOp op, in Broadcast shape, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> target)
        where TForm : struct, IBinaryForm where TOp : struct, IBinaryOp where T : unmanaged
    {
        long length = shape.Length;
        CheckLength(target.Length, checked((int)length));
        if (length == 0) return;
        scoped ReadOnlySpan<int> xLayout = shape.XStrides, yLayout = shape.YStrides, nowhere = stackalloc int[shape.Sizes.Length];
        if (TForm.IsSlope)
        {
            CheckLength(g.Length, target.Length);
            // An operand that the slope does not read is stood in for by the first element of g.
            if (x.IsEmpty) { x = g; xLayout = nowhere; }
            if (y.IsEmpty) { y = g; yLayout = nowhere; }
        }
        fixed (T* pg = g, px = x, py = y, pz = z, pt = target)
        fixed (int* sizes = shape.Sizes, xStrides = xLayout, yStrides = yLayout)
        {
            int inner = sizes[shape.Sizes.Length - 1];
            var rows = new RowLoop<TForm, TOp, T>(op, pg, px, py, pz, pt, new Odometer(sizes, xStrides, yStrides, shape.Sizes.Length - 1),
                inner, xStrides[shape.Sizes.Length - 1], yStrides[shape.Sizes.Length - 1], new Chunks(length / inner, Math.Max(1, Sweep.Grain / inner)));
            Threads.Run(rows.Chunks.Count, ref rows);
        }
    }

    /// <summary>The rows of a broadcast operation: runs along the last dimension.</summary>
    private readonly struct RowLoop<TForm, TOp, T>(TOp op, T* g, T* x, T* y, T* z, T* target, Odometer odometer, int inner, int xStride, int yStride, Chunks chunks)
        : IChunkBody where TForm : struct, IBinaryForm where TOp : struct, IBinaryOp where T : unmanaged
    {
        // Elements that are neither side by side nor all the same are first brought together, so many at a time.
        private const int Block = 512;

        public readonly Chunks Chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            T* gathered = stackalloc T[2 * Block];
            long row = Chunks.Start(chunk), end = Chunks.End(chunk);
            Odometer position = odometer;
            position.MoveTo(row);
            for (; row < end; row++, position.Next())
            {
                long start = row * inner;
                T* pg = g + start, pz = z + start, pt = target + start, px = x + position.X, py = y + position.Y;
                if (xStride is 0 or 1 && yStride is 0 or 1) Run(pg, px, xStride, py, yStride, pz, pt, inner);
                else
                {
                    for (int i = 0; i < inner; i += Block)
                    {
                        int count = Math.Min(Block, inner - i);
                        T* bx = px + (long)i * xStride, by = py + (long)i * yStride;
                        if (xStride is not (0 or 1)) bx = Gather(bx, xStride, gathered, count);
                        if (yStride is not (0 or 1)) by = Gather(by, yStride, gathered + Block, count);
                        Run(pg + i, bx, xStride == 0 ? 0 : 1, by, yStride == 0 ? 0 : 1, pz + i, pt + i, count);
                    }
                }
            }
        }

        private static T* Gather(T* source, long stride, T* target, int count)
        {
            for (int i = 0; i < count; i++) target[i] = source[i * stride];
            return target;
        }

        private void Run(T* pg, T* px, int sx, T* py, int sy, T* pz, T* pt, int count)
        {
            if (sx == 1 && sy == 1) Sweep.Range(new BinaryElements<TForm, TOp, T, Dense<T>, Dense<T>>(op, pg, new(px), new(py), pz), pt, 0, (nuint)count, false);
            else if (sx == 1) Sweep.Range(new BinaryElements<TForm, TOp, T, Dense<T>, Repeated<T>>(op, pg, new(px), new(py), pz), pt, 0, (nuint)count, false);
            else if (sy == 1) Sweep.Range(new BinaryElements<TForm, TOp, T, Repeated<T>, Dense<T>>(op, pg, new(px), new(py), pz), pt, 0, (nuint)count, false);
            else Sweep.Range(new BinaryElements<TForm, TOp, T, Repeated<T>, Repeated<T>>(op, pg, new(px), new(py), pz), pt, 0, (nuint)count, false);
        }
    }
}
