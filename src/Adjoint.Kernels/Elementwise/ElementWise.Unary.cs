using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Element-wise operations over spans. An output may be exactly one of the inputs. Formulas are evaluated as written,
/// each operation rounded by itself, so a loop written by hand gives the same bits.
/// </summary>
internal static unsafe partial class ElementWise
{
    /// <summary>y = op(x).</summary>
    public static void Unary<TOp, T>(TOp op, ReadOnlySpan<T> x, Span<T> y) where TOp : struct, IUnaryOp where T : unmanaged
    {
        CheckLength(x.Length, y.Length);
        fixed (T* px = x, py = y) Sweep.Run(new UnaryValue<TOp, T>(op, px), py, y.Length);
    }

    /// <summary>dx = g·dy/dx. Of x and y, what <see cref="IUnaryOp.Saves"/> does not name may be empty.</summary>
    public static void UnaryBackward<TOp, T>(TOp op, ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dx)
        where TOp : struct, IUnaryOp where T : unmanaged
    {
        CheckLength(g.Length, dx.Length);
        if ((TOp.Saves & Saves.Input) != 0) CheckLength(x.Length, dx.Length);
        if ((TOp.Saves & Saves.Output) != 0) CheckLength(y.Length, dx.Length);
        fixed (T* pg = g, px = x, py = y, pdx = dx) Sweep.Run(new UnarySlope<TOp, T>(op, pg, px, py), pdx, dx.Length);
    }

    private readonly struct UnaryValue<TOp, T>(TOp op, T* x) : IElements<T> where TOp : struct, IUnaryOp where T : unmanaged
    {
        public static bool AreCostly => TOp.IsLong;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint index) where R : struct, IRegister<R, T> => op.Value(R.Load(in *x, index));
    }

    private readonly struct UnarySlope<TOp, T>(TOp op, T* g, T* x, T* y) : IElements<T> where TOp : struct, IUnaryOp where T : unmanaged
    {
        public static bool AreCostly => TOp.IsLong;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint index) where R : struct, IRegister<R, T> => R.Load(in *g, index) * op.Slope(
            (TOp.Saves & Saves.Input) != 0 ? R.Load(in *x, index) : default,
            (TOp.Saves & Saves.Output) != 0 ? R.Load(in *y, index) : default);
    }

    private static void CheckLength(int length, int expected)
    {
        if (length != expected) throw new ArgumentException($"A span has {length} elements; the result has {expected}.");
    }
}
