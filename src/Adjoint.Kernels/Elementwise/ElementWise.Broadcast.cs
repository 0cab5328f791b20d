using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>z = op(x, y) with operands laid out as <paramref name="shape"/> says; z is contiguous.</summary>
    public static void Binary<TOp, T>(TOp op, in Broadcast shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where TOp : struct, IBinaryOp where T : unmanaged =>
        Rows<ValueOf, TOp, T>(op, shape, default, x, y, default, z);

    /// <summary>
    /// dx = g·∂z/∂x and dy = g·∂z/∂y, with g, z and the targets contiguous and of the result's size. An empty target is not
    /// computed; x, y and z may be empty where no computed slope reads them. At most one of the targets may be one of g and z.
    /// </summary>
    public static void BinaryBackward<TOp, T>(
        TOp op, in Broadcast shape, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> dx, Span<T> dy)
        where TOp : struct, IBinaryOp where T : unmanaged
    {
        bool yFirst = dx.Overlaps(g) || dx.Overlaps(z);
        if (yFirst && !dy.IsEmpty) Rows<SlopeYOf, TOp, T>(op, shape, g, x, y, z, dy);
        if (!dx.IsEmpty) Rows<SlopeXOf, TOp, T>(op, shape, g, x, y, z, dx);
        if (!yFirst && !dy.IsEmpty) Rows<SlopeYOf, TOp, T>(op, shape, g, x, y, z, dy);
    }

    /// <summary>y = op(x) with x laid out as the first operand of <paramref name="shape"/>; y is contiguous and no part of x.</summary>
    public static void Unary<TOp, T>(TOp op, in Broadcast shape, ReadOnlySpan<T> x, Span<T> y) where TOp : struct, IUnaryOp
        where T : unmanaged
    {
        CheckLength(y.Length, checked((int)shape.Length));
        scoped ReadOnlySpan<int> nowhere = stackalloc int[shape.Sizes.Length];
        fixed (T* px = x, py = y)
            BroadcastLoop<UnaryRow<TOp, T>, T>.Run(new(op, py), new Broadcast(shape.Sizes, shape.XStrides, nowhere), px, px);
    }

    private static void Rows<TForm, TOp, T>(
        TOp op, in Broadcast shape, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> target)
        where TForm : struct, IBinaryForm where TOp : struct, IBinaryOp where T : unmanaged
    {
        CheckLength(target.Length, checked((int)shape.Length));
        scoped ReadOnlySpan<int> xLayout = shape.XStrides, yLayout = shape.YStrides, nowhere = stackalloc int[shape.Sizes.Length];
        if (TForm.IsSlope)
        {
            CheckLength(g.Length, target.Length);
            // An operand that the slope does not read is stood in for by the first element of g.
            if (x.IsEmpty) { x = g; xLayout = nowhere; }
            if (y.IsEmpty) { y = g; yLayout = nowhere; }
        }
        fixed (T* pg = g, px = x, py = y, pz = z, pt = target)
            BroadcastLoop<BinaryRow<TForm, TOp, T>, T>.Run(new(op, pg, pz, pt), new Broadcast(shape.Sizes, xLayout, yLayout), px, py);
    }

    private readonly struct UnaryRow<TOp, T>(TOp op, T* target) : IRow<T> where TOp : struct, IUnaryOp where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(T* x, int xStride, T* y, int yStride, long start, int count)
        {
            if (xStride == 1) Sweep.Range(new UnaryValue<TOp, T>(op, x), target + start, 0, (nuint)count, false);
            else Sweep.Range(new UnaryOfOne<TOp, T>(op, x), target + start, 0, (nuint)count, false);
        }
    }

    /// <summary>The function of one number, everywhere.</summary>
    private readonly struct UnaryOfOne<TOp, T>(TOp op, T* x) : IElements<T> where TOp : struct, IUnaryOp where T : unmanaged
    {
        public static bool AreCostly => TOp.IsLong;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint index) where R : struct, IRegister<R, T> => op.Value(R.Broadcast(*x));
    }

    private readonly struct BinaryRow<TForm, TOp, T>(TOp op, T* g, T* z, T* target) : IRow<T>
        where TForm : struct, IBinaryForm where TOp : struct, IBinaryOp where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(T* x, int xStride, T* y, int yStride, long start, int count)
        {
            T* pg = g + start, pz = z + start, pt = target + start;
            if (xStride == 1 && yStride == 1)
                Sweep.Range(new BinaryElements<TForm, TOp, T, Dense<T>, Dense<T>>(op, pg, new(x), new(y), pz), pt, 0, (nuint)count, false);
            else if (xStride == 1)
                Sweep.Range(new BinaryElements<TForm, TOp, T, Dense<T>, Repeated<T>>(op, pg, new(x), new(y), pz), pt, 0, (nuint)count,
                    false);
            else if (yStride == 1)
                Sweep.Range(new BinaryElements<TForm, TOp, T, Repeated<T>, Dense<T>>(op, pg, new(x), new(y), pz), pt, 0, (nuint)count,
                    false);
            else Sweep.Range(
                new BinaryElements<TForm, TOp, T, Repeated<T>, Repeated<T>>(op, pg, new(x), new(y), pz), pt, 0, (nuint)count, false);
        }
    }
}
