namespace Adjoint;

/// <summary>Arithmetic on sizes and strides: which elements a view shows, and when a view is enough.</summary>
internal static class Layout
{
    /// <summary>Whether these strides are the row-major ones of the shape (strides of dimensions of size 1 do not matter).</summary>
    internal static bool IsContiguous(Shape shape, ReadOnlySpan<int> strides)
    {
        int expected = 1;
        for (int d = shape.NDim - 1; d >= 0; d--)
        {
            int size = shape[d];
            if (size == 0) return true;
            if (size != 1 && strides[d] != expected) return false;
            expected *= size;
        }
        return true;
    }

    /// <summary>The shape both broadcast to, or null when they do not.</summary>
    internal static Shape? Broadcast(Shape a, Shape b)
    {
        if (a == b) return a;
        int n = Math.Max(a.NDim, b.NDim);
        Span<int> sizes = n <= 8 ? stackalloc int[n] : new int[n];
        for (int d = 0; d < n; d++)
        {
            int i = d - (n - a.NDim), j = d - (n - b.NDim);
            int p = i < 0 ? 1 : a[i], q = j < 0 ? 1 : b[j];
            if (p != q && p != 1 && q != 1) return null;
            sizes[d] = p == 1 ? q : p;
        }
        if (sizes.SequenceEqual(a.Sizes)) return a;
        return sizes.SequenceEqual(b.Sizes) ? b : Shape.Of(sizes);
    }

    /// <summary>
    /// The strides with which a tensor of <paramref name="from"/> shows the larger shape <paramref name="to"/>: 0 where it repeats.
    /// </summary>
    internal static int[] ExpandStrides(Shape from, ReadOnlySpan<int> strides, Shape to)
    {
        var expanded = new int[to.NDim];
        int lead = to.NDim - from.NDim;
        for (int d = 0; d < from.NDim; d++)
            expanded[lead + d] = from[d] == 1 && to[lead + d] != 1 ? 0 : strides[d];
        return expanded;
    }

    /// <summary>
    /// The strides with which the same memory shows <paramref name="to"/>, or null when a dimension would span two
    /// blocks that are not adjacent, so that only a copy can have that shape.
    /// </summary>
    internal static int[]? ViewStrides(Shape from, ReadOnlySpan<int> strides, Shape to)
    {
        if (from.NumEl == 0) return to.Strides;
        var result = new int[to.NDim];
        int t = to.NDim - 1;
        int chunk = 1;          // elements of the current run of adjacent source dimensions
        int step = from.NDim == 0 ? 1 : strides[from.NDim - 1];
        for (int d = from.NDim - 1; d >= 0; d--)
        {
            chunk *= from[d];
            bool runEnds = d == 0 || (from[d - 1] != 1 && strides[d - 1] != (long)chunk * step);
            if (!runEnds) continue;
            int covered = 1;
            while (t >= 0 && (covered < chunk || to[t] == 1))
            {
                result[t] = Stride((long)covered * step);
                covered *= to[t];
                t--;
            }
            if (covered != chunk) return null;
            if (d == 0) break;
            step = strides[d - 1];
            chunk = 1;
        }
        for (; t >= 0; t--) result[t] = 1;
        return result;
    }

    /// <summary>
    /// A computed stride. One that no int holds leads from the first place straight out of any memory, so it belongs to a dimension of
    /// at most one place, where none is ever taken.
    /// </summary>
    internal static int Stride(long stride) => (int)Math.Min(stride, int.MaxValue);

    /// <summary>
    /// The dimensions in the order in which memory holds them, the outermost first: how PyTorch's loops over one tensor go through it,
    /// and how what is made like another tensor is laid out.
    /// </summary>
    internal static int[] MemoryOrder(Shape shape, ReadOnlySpan<int> strides) => MemoryOrder(shape, strides, strides);

    /// <summary>The same for two operands of one shape: where the first does not decide (it has a stride of 0), the second does.</summary>
    internal static int[] MemoryOrder(Shape shape, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        // PyTorch's insertion sort, innermost first; a stride of 0 compares with nothing, and of equal strides the smaller size is inside.
        var inner = new int[shape.NDim];
        for (int i = 0; i < inner.Length; i++) inner[i] = inner.Length - 1 - i;
        for (int i = 1; i < inner.Length; i++)
        {
            int moved = i;
            for (int other = i - 1; other >= 0; other--)
            {
                int a = inner[other], b = inner[moved];
                int decision = Compare(first, a, b);
                if (decision == 0) decision = Compare(second, a, b);
                if (decision > 0) (inner[other], inner[moved], moved) = (b, a, other);
                else if (decision < 0) break;
            }
        }
        Array.Reverse(inner);
        return inner;

        int Compare(ReadOnlySpan<int> strides, int a, int b)
        {
            if (strides[a] == 0 || strides[b] == 0) return 0;
            if (strides[a] != strides[b]) return strides[a] > strides[b] ? 1 : -1;
            return shape[a] > shape[b] ? 1 : 0;
        }
    }

    /// <summary>The same memory with the dimensions in another order, without history.</summary>
    internal static Tensor Permuted(Tensor x, ReadOnlySpan<int> order)
    {
        var sizes = new int[order.Length];
        var strides = new int[order.Length];
        for (int i = 0; i < order.Length; i++) (sizes[i], strides[i]) = (x.Shape[order[i]], x.Strides[order[i]]);
        return x.Alias(Shape.Of(sizes), strides, x.Offset);
    }

    /// <summary>The order that undoes an order of dimensions.</summary>
    internal static int[] Inverse(ReadOnlySpan<int> order)
    {
        var inverse = new int[order.Length];
        for (int i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return inverse;
    }

    /// <summary>Whether two places of the view are the same place in memory, as after Expand.</summary>
    internal static bool Overlaps(Tensor x)
    {
        if (x.IsContiguous) return false;
        ReadOnlySpan<int> strides = x.Strides;
        for (int d = 0; d < x.NDim; d++)
            if (strides[d] == 0 && x.Shape[d] > 1) return true;
        return false;
    }
}
