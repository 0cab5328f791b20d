using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Counts through the outer dimensions of a layout and knows the offset of each operand at the current position.</summary>
internal unsafe struct Odometer(int* sizes, int* xStrides, int* yStrides, int dimensions)
{
    private const int MaxDimensions = 64;
    private fixed int _index[MaxDimensions];

    /// <summary>The offset of the first operand, in elements.</summary>
    public long X { get; private set; }

    /// <summary>The offset of the second operand, in elements.</summary>
    public long Y { get; private set; }

    /// <summary>Goes to position number <paramref name="row"/> in row-major order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MoveTo(long row)
    {
        if (dimensions > MaxDimensions)
            throw new NotSupportedException($"A layout has {dimensions} dimensions; at most {MaxDimensions} are supported.");
        (X, Y) = (0, 0);
        for (int d = dimensions - 1; d >= 0; d--)
        {
            (row, long index) = Math.DivRem(row, sizes[d]);
            _index[d] = (int)index;
            X += index * xStrides[d];
            Y += index * yStrides[d];
        }
    }

    /// <summary>Goes to the next position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next()
    {
        int last = dimensions - 1;
        if (last < 0) return;
        X += xStrides[last];
        Y += yStrides[last];
        if (++_index[last] == sizes[last]) Carry(last);
    }

    /// <summary>Goes on by so many positions, at most to the first after the last dimension's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int positions)
    {
        int last = dimensions - 1;
        if (last < 0) return;
        X += (long)positions * xStrides[last];
        Y += (long)positions * yStrides[last];
        if ((_index[last] += positions) == sizes[last]) Carry(last);
    }

    /// <summary>The last dimension begins again, and the next one before it that is not through goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Carry(int d)
    {
        while (true)
        {
            X -= (long)sizes[d] * xStrides[d];
            Y -= (long)sizes[d] * yStrides[d];
            _index[d] = 0;
            if (--d < 0) return;
            X += xStrides[d];
            Y += yStrides[d];
            if (++_index[d] < sizes[d]) return;
        }
    }
}
