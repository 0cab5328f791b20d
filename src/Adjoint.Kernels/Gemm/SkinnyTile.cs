using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The micro-kernel of a <see cref="SkinnyProduct{S, V, T}"/>: dot products of some rows with some columns, their partial sums in
/// registers.
/// </summary>
/// <remarks>
/// A dot has 64 bytes of partial sums: with 512 bits one register, and five rows by five columns are 25. With 256 bits two, and three
/// rows by two columns are 12; with 128 bits four, and three rows by one column. So the registers of the columns are five or
/// four at any width, and each row has sums with each of them. See Note [Accumulators are locals].
/// </remarks>
internal static unsafe class SkinnyTile<S, V, T, TColumns>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
    where TColumns : IRows
{
    /// <summary>Registers that make up 64 bytes.</summary>
    private static int Parts
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 64 / (S.Lanes * sizeof(T));
    }

    private static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 64 / sizeof(T);
    }

    /// <summary>Rows of a tile.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Parts == 1 ? 5 : 3;
    }

    /// <summary>Columns of a tile, at most.</summary>
    public static int MostColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Parts == 1 ? 5 : 4 / Parts;
    }

    private static int Registers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TColumns.Count * Parts;
    }

    /// <summary>
    /// sums[i·step + j] = Σₚ a[i·row + p]·b[j·column + p] for p &lt; k, of all rows of a tile: those beyond <paramref name="rows"/> are
    /// computed from the first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, T* a, nint row, T* b, nint column, nint k, T* sums, nint step)
    {
        T* a0 = a, a1 = rows > 1 ? a + row : a, a2 = rows > 2 ? a + 2 * row : a;
        T* a3 = rows > 3 ? a + 3 * row : a, a4 = rows > 4 ? a + 4 * row : a;
        // Where register q of the columns is read: register q mod Parts of column q / Parts.
        T* b0 = b, b1 = Parts == 1 ? b + column : b + S.Lanes;
        T* b2 = Parts == 1 ? b1 + column : Parts == 2 ? b + column : b + 2 * S.Lanes;
        T* b3 = Parts == 1 ? b2 + column : b2 + S.Lanes, b4 = b3 + column;
        V c00 = default, c01 = default, c02 = default, c03 = default, c04 = default;
        V c10 = default, c11 = default, c12 = default, c13 = default, c14 = default;
        V c20 = default, c21 = default, c22 = default, c23 = default, c24 = default;
        V c30 = default, c31 = default, c32 = default, c33 = default, c34 = default;
        V c40 = default, c41 = default, c42 = default, c43 = default, c44 = default;
        nint p = 0;
        for (; p <= k - Width; p += Width)
        {
            V y0 = S.Load(b0 + p), y1 = default, y2 = default, y3 = default, y4 = default;
            if (Registers > 1) y1 = S.Load(b1 + p);
            if (Registers > 2) y2 = S.Load(b2 + p);
            if (Registers > 3) y3 = S.Load(b3 + p);
            if (Registers > 4) y4 = S.Load(b4 + p);
            Step(a0 + p, y0, y1, y2, y3, y4, ref c00, ref c01, ref c02, ref c03, ref c04);
            Step(a1 + p, y0, y1, y2, y3, y4, ref c10, ref c11, ref c12, ref c13, ref c14);
            Step(a2 + p, y0, y1, y2, y3, y4, ref c20, ref c21, ref c22, ref c23, ref c24);
            if (Rows > 3) Step(a3 + p, y0, y1, y2, y3, y4, ref c30, ref c31, ref c32, ref c33, ref c34);
            if (Rows > 4) Step(a4 + p, y0, y1, y2, y3, y4, ref c40, ref c41, ref c42, ref c43, ref c44);
        }
        if (p < k)
        {
            int left = (int)(k - p);
            V m0 = Mask(left, 0), m1 = Parts > 1 ? Mask(left, 1) : m0;
            V m2 = Parts > 2 ? Mask(left, 2) : m0, m3 = Parts > 2 ? Mask(left, 3) : m1;
            V y0 = S.Load(b0 + p, m0), y1 = default, y2 = default, y3 = default, y4 = default;
            if (Registers > 1) y1 = S.Load(b1 + p, m1);
            if (Registers > 2) y2 = S.Load(b2 + p, m2);
            if (Registers > 3) y3 = S.Load(b3 + p, m3);
            if (Registers > 4) y4 = S.Load(b4 + p, m0);
            LastStep(a0 + p, m0, m1, m2, m3, y0, y1, y2, y3, y4, ref c00, ref c01, ref c02, ref c03, ref c04);
            LastStep(a1 + p, m0, m1, m2, m3, y0, y1, y2, y3, y4, ref c10, ref c11, ref c12, ref c13, ref c14);
            LastStep(a2 + p, m0, m1, m2, m3, y0, y1, y2, y3, y4, ref c20, ref c21, ref c22, ref c23, ref c24);
            if (Rows > 3) LastStep(a3 + p, m0, m1, m2, m3, y0, y1, y2, y3, y4, ref c30, ref c31, ref c32, ref c33, ref c34);
            if (Rows > 4) LastStep(a4 + p, m0, m1, m2, m3, y0, y1, y2, y3, y4, ref c40, ref c41, ref c42, ref c43, ref c44);
        }
        Write(sums, c00, c01, c02, c03, c04);
        Write(sums + step, c10, c11, c12, c13, c14);
        Write(sums + 2 * step, c20, c21, c22, c23, c24);
        if (Rows > 3) Write(sums + 3 * step, c30, c31, c32, c33, c34);
        if (Rows > 4) Write(sums + 4 * step, c40, c41, c42, c43, c44);
    }

    /// <summary>The mask of a register, where so many numbers are left for it and those before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mask(int left, int register) => S.Mask(Math.Clamp(left - register * S.Lanes, 0, S.Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(T* a, V y0, V y1, V y2, V y3, V y4, ref V c0, ref V c1, ref V c2, ref V c3, ref V c4)
    {
        V x0 = S.Load(a), x1 = Parts > 1 ? S.Load(a + S.Lanes) : x0;
        V x2 = Parts > 2 ? S.Load(a + 2 * S.Lanes) : x0, x3 = Parts > 2 ? S.Load(a + 3 * S.Lanes) : x1;
        c0 = S.MultiplyAdd(x0, y0, c0);
        if (Registers > 1) c1 = S.MultiplyAdd(x1, y1, c1);
        if (Registers > 2) c2 = S.MultiplyAdd(x2, y2, c2);
        if (Registers > 3) c3 = S.MultiplyAdd(x3, y3, c3);
        if (Registers > 4) c4 = S.MultiplyAdd(x0, y4, c4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LastStep(
        T* a, V m0, V m1, V m2, V m3, V y0, V y1, V y2, V y3, V y4, ref V c0, ref V c1, ref V c2, ref V c3, ref V c4)
    {
        V x0 = S.Load(a, m0), x1 = Parts > 1 ? S.Load(a + S.Lanes, m1) : x0;
        V x2 = Parts > 2 ? S.Load(a + 2 * S.Lanes, m2) : x0, x3 = Parts > 2 ? S.Load(a + 3 * S.Lanes, m3) : x1;
        c0 = S.MultiplyAdd(x0, y0, c0);
        if (Registers > 1) c1 = S.MultiplyAdd(x1, y1, c1);
        if (Registers > 2) c2 = S.MultiplyAdd(x2, y2, c2);
        if (Registers > 3) c3 = S.MultiplyAdd(x3, y3, c3);
        if (Registers > 4) c4 = S.MultiplyAdd(x0, y4, c4);
    }

    /// <summary>Adds up the partial sums of one row's dots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(T* sums, V c0, V c1, V c2, V c3, V c4)
    {
        Vector128<T> none = default;
        if (Parts == 1)
        {
            LaneSums.Store(
                sums, Math.Min(4, TColumns.Count), S.Fold(c0), TColumns.Count > 1 ? S.Fold(c1) : none,
                TColumns.Count > 2 ? S.Fold(c2) : none, TColumns.Count > 3 ? S.Fold(c3) : none);
            if (TColumns.Count > 4) sums[4] = Vector128.Sum(S.Fold(c4));
        }
        else if (Parts == 2)
        {
            Vector128<T> second = TColumns.Count > 1 ? S.Fold(S.Add(c2, c3)) : none;
            LaneSums.Store(sums, TColumns.Count, S.Fold(S.Add(c0, c1)), second, none, none);
        }
        else LaneSums.Store(sums, 1, S.Fold(S.Add(S.Add(c0, c2), S.Add(c1, c3))), none, none, none);
    }
}
