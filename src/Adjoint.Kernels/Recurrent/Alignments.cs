using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Sums over all ways through a row of places that at each step stay, go one place on, or go two: by their logarithms, forward to each
/// place and back from it (Graves et al., ICML 2006).
/// </summary>
/// <remarks>
/// // Note [A logarithm of nothing]
/// Ways that are not possible have the logarithm −10³⁰, which no product of probabilities comes near, and not −∞, whose difference from
/// itself would be NaN in every gradient.
/// </remarks>
internal static unsafe class Alignments
{
    /// <summary>See Note [A logarithm of nothing].</summary>
    public const double Nothing = -1e30;

    /// <summary>How many elements of scratch memory the sums take.</summary>
    public static int Scratch(int batch, int places) => batch * (places + 2);

    /// <summary>One step forward: what each place emits, times the sum of the ways to it and to the two before.</summary>
    /// <param name="places">How many places a row has.</param>
    /// <param name="before">[batch, 2 + places]: the sums before, behind two places without a way.</param>
    /// <param name="skips">[batch, places]: 0 where a way may leave out the place before, else nothing.</param>
    /// <param name="emitted">[batch, places].</param>
    /// <param name="after">[batch, places]: receives the sums.</param>
    public static void Forward<T>(int places, ReadOnlySpan<T> before, ReadOnlySpan<T> skips, ReadOnlySpan<T> emitted, Span<T> after)
        where T : unmanaged
    {
        int batch = after.Length / places;
        CellRows.Check(batch, places, skips.Length, 1, emitted.Length, 1);
        CellRows.Check(batch, places + 2, before.Length, 1);
        fixed (T* pb = before, ps = skips, pe = emitted, pa = after)
            CellRows.Run<ForwardCell<T>, T>(new(places, pb, ps, pe, pa), batch, places);
    }

    /// <summary>One step back: the sum of the ways from each place and from the two behind.</summary>
    /// <param name="places">How many places a row has.</param>
    /// <param name="behind">[batch, places + 2]: the sums of the step behind with what it emits, before two places without a way.</param>
    /// <param name="skips">[batch, places]: 0 where a way may leave out the next place, else nothing.</param>
    /// <param name="ways">[batch, places]: receives the sums.</param>
    public static void Back<T>(int places, ReadOnlySpan<T> behind, ReadOnlySpan<T> skips, Span<T> ways) where T : unmanaged
    {
        int batch = ways.Length / places;
        CellRows.Check(batch, places, skips.Length, 1);
        CellRows.Check(batch, places + 2, behind.Length, 1);
        fixed (T* pb = behind, ps = skips, pw = ways) CellRows.Run<BackCell<T>, T>(new(places, pb, ps, pw), batch, places);
    }

    /// <summary>The share of each place in all ways, and what the step before needs of this one.</summary>
    /// <param name="places">How many places a row has.</param>
    /// <param name="to">[batch, places]: the sums forward.</param>
    /// <param name="from">[batch, places]: the sums back; receives the shares.</param>
    /// <param name="all">[batch]: the sums of all ways.</param>
    /// <param name="emitted">[batch, places].</param>
    /// <param name="behind">[batch, places + 2]: receives the sums back with what is emitted.</param>
    public static void Shares<T>(
        int places, ReadOnlySpan<T> to, Span<T> from, ReadOnlySpan<T> all, ReadOnlySpan<T> emitted, Span<T> behind) where T : unmanaged
    {
        int batch = from.Length / places;
        CellRows.Check(batch, places, to.Length, 1, emitted.Length, 1);
        CellRows.Check(batch, 1, all.Length, 1);
        CellRows.Check(batch, places + 2, behind.Length, 1);
        fixed (T* pt = to, pf = from, pa = all, pe = emitted, pb = behind)
            CellRows.Run<ShareCell<T>, T>(new(places, pt, pf, pa, pe, pb), batch, places);
    }

    private readonly struct ForwardCell<T>(int places, T* before, T* skips, T* emitted, T* after) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* x = before + (long)row * (places + 2);
            long start = (long)row * places;
            R two = R.Load(in *x, j) + R.Load(in *(skips + start), j);
            R sum = Registers.LogAddExp<R, T>(Registers.LogAddExp<R, T>(R.Load(in *(x + 2), j), R.Load(in *(x + 1), j)), two);
            R.Store(sum + R.Load(in *(emitted + start), j), ref *(after + start), j);
        }
    }

    private readonly struct BackCell<T>(int places, T* behind, T* skips, T* ways) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            T* x = behind + (long)row * (places + 2);
            long start = (long)row * places;
            R two = R.Load(in *(x + 2), j) + R.Load(in *(skips + start), j);
            R sum = Registers.LogAddExp<R, T>(Registers.LogAddExp<R, T>(R.Load(in *x, j), R.Load(in *(x + 1), j)), two);
            R.Store(sum, ref *(ways + start), j);
        }
    }

    private readonly struct ShareCell<T>(int places, T* to, T* from, T* all, T* emitted, T* behind) : ICellRow<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<R>(int row, nuint j) where R : struct, IRegister<R, T>
        {
            long start = (long)row * places;
            R back = R.Load(in *(from + start), j);
            R.Store(back + R.Load(in *(emitted + start), j), ref *(behind + (long)row * (places + 2)), j);
            R share = Registers.Exp<R, T>(R.Load(in *(to + start), j) + back - R.Broadcast(all[row]));
            R.Store(share, ref *(from + start), j);
        }
    }
}
