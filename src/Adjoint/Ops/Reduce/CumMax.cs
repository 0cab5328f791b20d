using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The largest element up to each along a dimension and where it is (the last of equal ones); from a NaN on, NaN.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Indices) CumMax(int dim) => RunningExtreme.Of<CumMaxName>(this, dim, largest: true);

    /// <summary>The smallest element up to each along a dimension and where it is (the last of equal ones); from a NaN on, NaN.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Indices) CumMin(int dim) => RunningExtreme.Of<CumMinName>(this, dim, largest: false);
}

internal readonly struct CumMaxName : INodeName
{
    public static string Value => "CummaxBackward0";
}

internal readonly struct CumMinName : INodeName
{
    public static string Value => "CumminBackward0";
}

/// <summary>Places of running extremes, and the elements at them.</summary>
internal static class RunningExtreme
{
    internal static (Tensor Values, Tensor Indices) Of<TName>(Tensor x, int dim, bool largest) where TName : struct, INodeName
    {
        int d = x.Shape.Wrap(dim);
        Tensor index = Tensor.Uninitialized(x.Shape, DType.Int64);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, x.NDim == 0 ? [] : [d]);
        Tensor values = Tensor.Uninitialized(x.Shape, x.DType);
        var work = new Work(block, outer, n, inner, values, index, largest);
        Dispatch.Number(x.DType, ref work);
        return (Linear.Recorded(new PickOp<TName>(d, index, drops: false), x, values), index);
    }

    private readonly struct Work(Tensor block, int outer, int n, int inner, Tensor values, Tensor index, bool largest) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            if (largest) RunningExtremes.Largest<T>(block.Span<T>(), outer, n, inner, values.Span<T>(), index.Span<long>());
            else RunningExtremes.Smallest<T>(block.Span<T>(), outer, n, inner, values.Span<T>(), index.Span<long>());
            GC.KeepAlive(block);
            GC.KeepAlive(values);
            GC.KeepAlive(index);
        }
    }
}
