using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// One step of GRU cells, a row a cell, after its two products: r, z = σ(x + u), n = tanh(x + r·u), h ← (1 − z)·n + z·h, where x is what
/// the input and u what the state contributes to the gates.
/// </summary>
internal static unsafe class GruStep
{
    /// <summary>The step.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="gates">[rows, 3n]: x, which becomes r, z and n.</param>
    /// <param name="hidden">[rows, 3n]: u.</param>
    /// <param name="h">[rows, n]: h.</param>
    /// <param name="kept">[rows, n]: receives the part of u in n, or is empty.</param>
    public static void Forward<T>(int n, Span<T> gates, ReadOnlySpan<T> hidden, Span<T> h, Span<T> kept) where T : unmanaged
    {
        int rows = h.Length / n;
        CellRows.Check(rows, n, gates.Length, 3, hidden.Length, 3, kept.Length, kept.IsEmpty ? 0 : 1);
        fixed (T* pg = gates, pu = hidden, ph = h, pk = kept) CellRows.Run<ForwardCell<T>, T>(new(n, pg, pu, ph, pk), rows, n);
    }

    /// <summary>The gradients of x and u, and that part of the gradient of h before the step that does not come by u.</summary>
    /// <param name="n">How wide a cell is.</param>
    /// <param name="gates">[rows, 3n]: r, z and n.</param>
    /// <param name="kept">[rows, n]: the part of u in n.</param>
    /// <param name="before">[rows, n]: h before the step.</param>
    /// <param name="more">[rows, n]: what is added to the gradient of h, or empty.</param>
    /// <param name="dh">[rows, n]: the gradient of h, which becomes that of h before the step.</param>
    /// <param name="dx">[rows, 3n]: receives the gradient of x.</param>
    /// <param name="du">[rows, 3n]: receives the gradient of u.</param>
    public static void Backward<T>(
        int n, ReadOnlySpan<T> gates, ReadOnlySpan<T> kept, ReadOnlySpan<T> before, ReadOnlySpan<T> more, Span<T> dh, Span<T> dx,
        Span<T> du)
        where T : unmanaged
    {
        int rows = dh.Length / n;
        CellRows.Check(rows, n, gates.Length, 3, kept.Length, 1, before.Length, 1, dx.Length, 3, du.Length, 3);
        CellRows.Check(rows, n, more.Length, more.IsEmpty ? 0 : 1);
        fixed (T* pg = gates, pk = kept, pb = before, pm = more, ph = dh, px = dx, pu = du)
            CellRows.Run<BackwardCell<T>, T>(new(n, pg, pk, pb, pm, ph, px, pu), rows, n);
    }

    private readonly struct ForwardCell<T>(int n, T* gates, T* hidden, T* h, T* kept) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* x = gates + (long)row * 3 * n, u = hidden + (long)row * 3 * n, state = h + (long)row * n;
            nuint m = (nuint)n;
            R r = Registers.Sigmoid<R, T>(R.Load(in *x, j) + R.Load(in *u, j));
            R z = Registers.Sigmoid<R, T>(R.Load(in *x, m + j) + R.Load(in *u, m + j));
            R part = R.Load(in *u, 2 * m + j), next = Registers.Tanh<R, T>(R.Load(in *x, 2 * m + j) + r * part);
            R.Store(next + z * (R.Load(in *state, j) - next), ref *state, j);
            if (kept == null) return;
            R.Store(r, ref *x, j);
            R.Store(z, ref *x, m + j);
            R.Store(next, ref *x, 2 * m + j);
            R.Store(part, ref *(kept + (long)row * n), j);
        }
    }

    private readonly struct BackwardCell<T>(int n, T* gates, T* kept, T* before, T* more, T* dh, T* dx, T* du) : ICellRow<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* y = gates + (long)row * 3 * n, state = dh + (long)row * n, ofX = dx + (long)row * 3 * n, ofU = du + (long)row * 3 * n;
            nuint m = (nuint)n;
            R r = R.Load(in *y, j), z = R.Load(in *y, m + j), next = R.Load(in *y, 2 * m + j), one = R.Constant(1);
            R slope = R.Load(in *state, j);
            if (more != null) slope += R.Load(in *(more + (long)row * n), j);
            R ofZ = slope * (R.Load(in *(before + (long)row * n), j) - next) * z * (one - z);
            R ofN = slope * (one - z) * (one - next * next);
            R ofR = ofN * R.Load(in *(kept + (long)row * n), j) * r * (one - r);
            R.Store(ofR, ref *ofX, j);
            R.Store(ofZ, ref *ofX, m + j);
            R.Store(ofN, ref *ofX, 2 * m + j);
            R.Store(ofR, ref *ofU, j);
            R.Store(ofZ, ref *ofU, m + j);
            R.Store(ofN * r, ref *ofU, 2 * m + j);
            R.Store(slope * z, ref *state, j);
        }
    }
}
