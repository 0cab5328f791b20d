using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What does functions of one argument and their gradients by tiles.</summary>
internal struct UnaryTiles<TOp>(TOp op, bool isSlope) : IFloatingWork where TOp : struct, IUnaryOp
{
    private TileKernel? _kernel;

    internal static TileKernel? Of(TOp op, bool isSlope, DType? dtype)
    {
        if (dtype is not { } type || UserFormula<TOp>.Is) return null;
        var work = new UnaryTiles<TOp>(op, isSlope);
        Dispatch.Floating(type, TOp.Name, ref work);
        return work._kernel;
    }

    public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _kernel = isSlope ? ElementWise.UnaryBackwardTile<TOp, T>(op) : ElementWise.UnaryTile<TOp, T>(op);
}

/// <summary>What does functions of two arguments and their gradients by tiles.</summary>
internal struct BinaryTiles<TOp>(TOp op, bool isSlope) : IFloatingWork where TOp : struct, IBinaryOp
{
    private TileKernel? _kernel;

    internal static TileKernel? Of(TOp op, bool isSlope, DType? dtype)
    {
        if (dtype is not { } type || UserFormula<TOp>.Is) return null;
        var work = new BinaryTiles<TOp>(op, isSlope);
        Dispatch.Floating(type, TOp.Name, ref work);
        return work._kernel;
    }

    public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _kernel = isSlope ? ElementWise.BinaryBackwardTile<TOp, T>(op) : ElementWise.BinaryTile<TOp, T>(op);
}
