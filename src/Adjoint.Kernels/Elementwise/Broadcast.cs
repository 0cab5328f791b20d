namespace Adjoint.Kernels;

/// <summary>
/// How two operands are read to fill a contiguous result: the sizes of the result and, for each operand, the strides in
/// elements (0 along a dimension it is repeated over). Dimensions that can be merged should have been; at least one is left.
/// </summary>
internal readonly ref struct Broadcast(ReadOnlySpan<int> sizes, ReadOnlySpan<int> xStrides, ReadOnlySpan<int> yStrides)
{
    public readonly ReadOnlySpan<int> Sizes = sizes, XStrides = xStrides, YStrides = yStrides;

    /// <summary>The number of elements of the result.</summary>
    public long Length
    {
        get
        {
            long length = 1;
            foreach (int size in Sizes) length *= size;
            return length;
        }
    }
}
