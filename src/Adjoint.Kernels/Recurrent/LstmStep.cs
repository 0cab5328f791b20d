using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// One step of LSTM cells, a row a cell, after its two products: i, f, o = σ(x + u), g = tanh(x + u), c ← f·c + i·g, h = o·tanh(c), where
/// x is what the input and u what the state contributes to the gates.
/// </summary>
internal static unsafe class LstmStep
{
    /// <summary>The step.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="gates">[rows, 4n]: x, which becomes i, f, g and o.</param>
    /// <param name="hidden">[rows, 4n]: u.</param>
    /// <param name="c">[rows, n]: c.</param>
    /// <param name="h">[rows, n]: receives h.</param>
    /// <param name="kept">[rows, 2n]: receives c before the step and tanh(c) after it, or is empty.</param>
    public static void Forward<T>(int n, Span<T> gates, ReadOnlySpan<T> hidden, Span<T> c, Span<T> h, Span<T> kept) where T : unmanaged
    {
        int rows = h.Length / n;
        CellRows.Check(rows, n, gates.Length, 4, hidden.Length, 4, c.Length, 1, kept.Length, kept.IsEmpty ? 0 : 2);
        fixed (T* pg = gates, pu = hidden, pc = c, ph = h, pk = kept)
            CellRows.Run<ForwardCell<T>, T>(new(n, pg, pu, pc, ph, pk), rows, n);
    }

    /// <summary>The gradients of x and u, which are the same, and of c before the step.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="gates">[rows, 4n]: i, f, g and o.</param>
    /// <param name="kept">[rows, 2n]: c before the step and tanh(c) after it.</param>
    /// <param name="dh">[rows, n]: a gradient of h.</param>
    /// <param name="more">[rows, n]: what is added to it, or empty.</param>
    /// <param name="dc">[rows, n]: the gradient of c after the step, which becomes that of c before it.</param>
    /// <param name="dx">[rows, 4n]: receives the gradient of x.</param>
    public static void Backward<T>(
        int n, ReadOnlySpan<T> gates, ReadOnlySpan<T> kept, ReadOnlySpan<T> dh, ReadOnlySpan<T> more, Span<T> dc, Span<T> dx)
            where T : unmanaged
    {
        int rows = dh.Length / n;
        CellRows.Check(rows, n, gates.Length, 4, kept.Length, 2, dc.Length, 1, dx.Length, 4);
        CellRows.Check(rows, n, more.Length, more.IsEmpty ? 0 : 1);
        fixed (T* pg = gates, pk = kept, ph = dh, pm = more, pc = dc, px = dx)
            CellRows.Run<BackwardCell<T>, T>(new(n, pg, pk, ph, pm, pc, px), rows, n);
    }

    /// <summary>o·tanh(c) of all cells, which a projection was made of.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="gates">[rows, 4n]: i, f, g and o.</param>
    /// <param name="kept">[rows, 2n]: c before the step and tanh(c) after it.</param>
    /// <param name="y">[rows, n]: receives them.</param>
    public static void Outputs<T>(int n, ReadOnlySpan<T> gates, ReadOnlySpan<T> kept, Span<T> y) where T : unmanaged
    {
        int rows = y.Length / n;
        CellRows.Check(rows, n, gates.Length, 4, kept.Length, 2);
        fixed (T* pg = gates, pk = kept, py = y) CellRows.Run<OutputCell<T>, T>(new(n, pg, pk, py), rows, n);
    }

    private readonly struct OutputCell<T>(int n, T* gates, T* kept, T* y) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            R o = R.Load(in *(gates + (long)row * 4 * n), 3 * (nuint)n + j), tanh = R.Load(in *(kept + (long)row * 2 * n), (nuint)n + j);
            R.Store(o * tanh, ref *(y + (long)row * n), j);
        }
    }

    private readonly struct ForwardCell<T>(int n, T* gates, T* hidden, T* c, T* h, T* kept) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* x = gates + (long)row * 4 * n, u = hidden + (long)row * 4 * n, cell = c + (long)row * n;
            nuint m = (nuint)n;
            R i = Registers.Sigmoid<R, T>(R.Load(in *x, j) + R.Load(in *u, j));
            R f = Registers.Sigmoid<R, T>(R.Load(in *x, m + j) + R.Load(in *u, m + j));
            R g = Registers.Tanh<R, T>(R.Load(in *x, 2 * m + j) + R.Load(in *u, 2 * m + j));
            R o = Registers.Sigmoid<R, T>(R.Load(in *x, 3 * m + j) + R.Load(in *u, 3 * m + j));
            R before = R.Load(in *cell, j), after = f * before + i * g, tanh = Registers.Tanh<R, T>(after);
            R.Store(after, ref *cell, j);
            R.Store(o * tanh, ref *(h + (long)row * n), j);
            if (kept == null) return;
            R.Store(i, ref *x, j);
            R.Store(f, ref *x, m + j);
            R.Store(g, ref *x, 2 * m + j);
            R.Store(o, ref *x, 3 * m + j);
            R.Store(before, ref *(kept + (long)row * 2 * n), j);
            R.Store(tanh, ref *(kept + (long)row * 2 * n), m + j);
        }
    }

    private readonly struct BackwardCell<T>(int n, T* gates, T* kept, T* dh, T* more, T* dc, T* dx) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* y = gates + (long)row * 4 * n, k = kept + (long)row * 2 * n, d = dx + (long)row * 4 * n, state = dc + (long)row * n;
            nuint m = (nuint)n;
            R i = R.Load(in *y, j), f = R.Load(in *y, m + j), g = R.Load(in *y, 2 * m + j), o = R.Load(in *y, 3 * m + j);
            R before = R.Load(in *k, j), tanh = R.Load(in *k, m + j), one = R.Constant(1);
            R slope = R.Load(in *(dh + (long)row * n), j);
            if (more != null) slope += R.Load(in *(more + (long)row * n), j);
            R ofC = R.Load(in *state, j) + slope * o * (one - tanh * tanh);
            R.Store(ofC * g * i * (one - i), ref *d, j);
            R.Store(ofC * before * f * (one - f), ref *d, m + j);
            R.Store(ofC * i * (one - g * g), ref *d, 2 * m + j);
            R.Store(slope * tanh * o * (one - o), ref *d, 3 * m + j);
            R.Store(ofC * f, ref *state, j);
        }
    }
}
