using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>y = op(x), by tiles.</summary>
    public static TileKernel UnaryTile<TOp, T>(TOp op) where TOp : struct, IUnaryOp where T : unmanaged => new UnaryTiles<TOp, T>(op);

    /// <summary>dx = g·dy/dx of g, x and y, by tiles.</summary>
    public static TileKernel UnaryBackwardTile<TOp, T>(TOp op) where TOp : struct, IUnaryOp where T : unmanaged =>
        new UnarySlopeTiles<TOp, T>(op);

    /// <summary>z = op(x, y), by tiles.</summary>
    public static TileKernel BinaryTile<TOp, T>(TOp op) where TOp : struct, IBinaryOp where T : unmanaged => new BinaryTiles<TOp, T>(op);

    /// <summary>dx = g·∂z/∂x and dy = g·∂z/∂y of g, x, y and z, by tiles.</summary>
    public static TileKernel BinaryBackwardTile<TOp, T>(TOp op) where TOp : struct, IBinaryOp where T : unmanaged =>
        new BinarySlopeTiles<TOp, T>(op);

    /// <summary>z = 1 where the relation holds between x and y, else 0, by tiles.</summary>
    public static TileKernel CompareTile<TComparison, T>() where TComparison : struct, IComparison where T : unmanaged =>
        new CompareTiles<TComparison, T>();

    /// <summary>z = x where the condition is not 0, else y, by tiles.</summary>
    public static TileKernel SelectTile<T>() where T : unmanaged => new SelectTiles<T>();

    // Note [Tiles are the kernels' own parts]
    // A tile is computed by what computes a part of a sweep on one thread: the same formulas in the same registers. Which elements share
    // a register differs, and so does which stand in the last one; that changes no bit, since an element's value depends on no other's.

    private sealed class UnaryTiles<TOp, T>(TOp op) : TileKernel where TOp : struct, IUnaryOp where T : unmanaged
    {
        public override bool MayRepeat(int operand) => true;

        public override void Run(void** at, ulong repeated, long start, int count) =>
            new UnaryRow<TOp, T>(op, (T*)at[1]).Run((T*)at[0], Stride(repeated, 0), null, 0, 0, count);
    }

    private sealed class UnarySlopeTiles<TOp, T>(TOp op) : TileKernel where TOp : struct, IUnaryOp where T : unmanaged
    {
        public override void Run(void** at, ulong repeated, long start, int count) =>
            Sweep.Range(new UnarySlope<TOp, T>(op, (T*)at[0], (T*)at[1], (T*)at[2]), (T*)at[3], 0, (nuint)count, false);
    }

    private sealed class BinaryTiles<TOp, T>(TOp op) : TileKernel where TOp : struct, IBinaryOp where T : unmanaged
    {
        public override bool MayRepeat(int operand) => true;

        public override void Run(void** at, ulong repeated, long start, int count) =>
            new BinaryRow<ValueOf, TOp, T>(op, null, null, (T*)at[2])
                .Run((T*)at[0], Stride(repeated, 0), (T*)at[1], Stride(repeated, 1), 0, count);
    }

    private sealed class BinarySlopeTiles<TOp, T>(TOp op) : TileKernel where TOp : struct, IBinaryOp where T : unmanaged
    {
        public override bool MayRepeat(int operand) => operand is 1 or 2;

        // The second is computed of what the first may have overwritten.
        public override bool MayOverwrite => false;

        public override void Run(void** at, ulong repeated, long start, int count)
        {
            // What no slope reads is stood in for by the gradient, which is there.
            T* g = (T*)at[0], x = at[1] is null ? g : (T*)at[1], y = at[2] is null ? g : (T*)at[2], z = at[3] is null ? g : (T*)at[3];
            int xStride = Stride(repeated, 1), yStride = Stride(repeated, 2);
            if (at[4] is not null) new BinaryRow<SlopeXOf, TOp, T>(op, g, z, (T*)at[4]).Run(x, xStride, y, yStride, 0, count);
            if (at[5] is not null) new BinaryRow<SlopeYOf, TOp, T>(op, g, z, (T*)at[5]).Run(x, xStride, y, yStride, 0, count);
        }
    }

    private sealed class CompareTiles<TComparison, T> : TileKernel where TComparison : struct, IComparison where T : unmanaged
    {
        public override bool MayRepeat(int operand) => true;

        public override bool MayOverwrite => false;

        public override void Run(void** at, ulong repeated, long start, int count) => new CompareRow<TComparison, T>((byte*)at[2])
            .Run((T*)at[0], Stride(repeated, 0), (T*)at[1], Stride(repeated, 1), 0, count);
    }

    private sealed class SelectTiles<T> : TileKernel where T : unmanaged
    {
        public override bool MayRepeat(int operand) => true;

        public override void Run(void** at, ulong repeated, long start, int count) =>
            new SelectBody<T>((byte*)at[0], Stride(repeated, 0), (T*)at[1], Stride(repeated, 1), (T*)at[2], Stride(repeated, 2), (T*)at[3],
                new Chunks(count, count)).Run(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Stride(ulong repeated, int operand) => (int)(~repeated >> operand) & 1;
}
