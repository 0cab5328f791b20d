using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>One step of Elman's cells, a row a cell, after its two products: h = tanh(x + u), or max(x + u, 0).</summary>
internal static unsafe class RnnStep
{
    /// <summary>The step.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="isRelu">Whether it is the maximum.</param>
    /// <param name="x">[rows, n]: x, which becomes h.</param>
    /// <param name="hidden">[rows, n]: u.</param>
    public static void Forward<T>(int n, bool isRelu, Span<T> x, ReadOnlySpan<T> hidden) where T : unmanaged
    {
        int rows = x.Length / n;
        CellRows.Check(rows, n, x.Length, 1, hidden.Length, 1);
        fixed (T* px = x, pu = hidden) CellRows.Run<ForwardCell<T>, T>(new(n, isRelu, px, pu), rows, n);
    }

    /// <summary>The gradient of x and u, which is the same.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="isRelu">Whether it is the maximum.</param>
    /// <param name="h">[rows, n]: h.</param>
    /// <param name="dh">[rows, n]: a gradient of h.</param>
    /// <param name="more">[rows, n]: what is added to it, or empty.</param>
    /// <param name="dx">[rows, n]: receives the gradient of x.</param>
    public static void Backward<T>(int n, bool isRelu, ReadOnlySpan<T> h, ReadOnlySpan<T> dh, ReadOnlySpan<T> more, Span<T> dx)
        where T : unmanaged
    {
        int rows = dh.Length / n;
        CellRows.Check(rows, n, h.Length, 1, dx.Length, 1, more.Length, more.IsEmpty ? 0 : 1);
        fixed (T* ph = h, pd = dh, pm = more, px = dx) CellRows.Run<BackwardCell<T>, T>(new(n, isRelu, ph, pd, pm, px), rows, n);
    }

    /// <summary>x ← x + y.</summary>
    public static void Add<T>(Span<T> x, ReadOnlySpan<T> y) where T : unmanaged
    {
        CellRows.Check(1, x.Length, y.Length, 1);
        fixed (T* px = x, py = y) Sweep.Run(new Added<T>(px, py), px, x.Length);
    }

    private readonly struct ForwardCell<T>(int n, bool isRelu, T* x, T* hidden) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* y = x + (long)row * n;
            R sum = R.Load(in *y, j) + R.Load(in *(hidden + (long)row * n), j);
            // As Relu has it: what is not below 0 stays, NaN too.
            R.Store(isRelu ? R.IfLess(sum, R.Constant(0), R.Constant(0), sum) : Registers.Tanh<R, T>(sum), ref *y, j);
        }
    }

    private readonly struct BackwardCell<T>(int n, bool isRelu, T* h, T* dh, T* more, T* dx) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            R y = R.Load(in *(h + (long)row * n), j), slope = R.Load(in *(dh + (long)row * n), j);
            if (more != null) slope += R.Load(in *(more + (long)row * n), j);
            slope = isRelu ? R.IfEqual(y, R.Constant(0), R.Constant(0), slope) : slope * (R.Constant(1) - y * y);
            R.Store(slope, ref *(dx + (long)row * n), j);
        }
    }
}
