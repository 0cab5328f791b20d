namespace Adjoint;

/// <summary>Indices of tensors and places in memory.</summary>
internal static class GraphPlaces
{
    /// <summary>The place in memory of an element; of a tensor of one element no index is needed.</summary>
    /// <exception cref="TensorIndexException">There is no such element.</exception>
    internal static int Of(Shape shape, ReadOnlySpan<int> strides, int offset, ReadOnlySpan<int> index, string name)
    {
        if (index.Length == 0 && shape.NumEl == 1) return offset;
        bool fits = index.Length == shape.NDim;
        int place = offset;
        for (int d = 0; fits && d < shape.NDim; d++)
        {
            fits = index[d] >= -shape[d] && index[d] < shape[d];
            place += (index[d] < 0 ? index[d] + shape[d] : index[d]) * strides[d];
        }
        return fits
            ? place
            : throw new TensorIndexException(
                $"{name}: has shape {shape}, so there is no element {Shape.Text(index)}. Name one by an index for each dimension.");
    }

    /// <inheritdoc cref="Of(Shape, ReadOnlySpan{int}, int, ReadOnlySpan{int}, string)"/>
    internal static int Of(GraphTensor x, ReadOnlySpan<int> index) => Of(x.Shape, x.Strides, x.Offset, index, x.Name);

    /// <summary>The place of the element with a number in row-major order.</summary>
    internal static int PlaceOf(GraphTensor x, int number)
    {
        int place = x.Offset;
        for (int d = x.Shape.NDim - 1; d >= 0; d--)
        {
            (number, int at) = Math.DivRem(number, x.Shape[d]);
            place += at * x.Strides[d];
        }
        return place;
    }

    /// <summary>The place of the element with an index.</summary>
    internal static int PlaceOf(GraphTensor x, int[] index)
    {
        int place = x.Offset;
        for (int d = 0; d < index.Length; d++) place += index[d] * x.Strides[d];
        return place;
    }

    /// <summary>The index of the element with a number in row-major order.</summary>
    internal static int[] IndexOf(Shape shape, int number)
    {
        var at = new int[shape.NDim];
        for (int d = at.Length - 1; d >= 0; d--) (number, at[d]) = Math.DivRem(number, shape[d]);
        return at;
    }

    /// <summary>The number in row-major order of the element at a place; −1 where the tensor does not show it.</summary>
    internal static int IndexAt(GraphTensor x, int place)
    {
        if (x.IsContiguous) return place >= x.Offset && place < x.Offset + x.Shape.NumEl ? place - x.Offset : -1;
        // Largest steps first: that finds it unless elements overlap.
        int left = place - x.Offset, number = 0;
        var at = new int[x.Shape.NDim];
        foreach (int d in Enumerable.Range(0, at.Length).OrderByDescending(d => x.Strides[d]))
        {
            if (left < 0 || x.Shape[d] == 0) return -1;
            if (x.Strides[d] == 0 || x.Shape[d] == 1) continue;
            at[d] = Math.Min(left / x.Strides[d], x.Shape[d] - 1);
            left -= at[d] * x.Strides[d];
        }
        if (left == 0)
        {
            for (int d = 0; d < at.Length; d++) number = number * x.Shape[d] + at[d];
            return number;
        }
        for (int i = 0; i < x.Shape.NumEl; i++)
            if (PlaceOf(x, i) == place) return i;
        return -1;
    }

    /// <summary>The index as text, and the number at a place of a value, in the shape that the value was made in.</summary>
    internal static (string Index, double Number) Describe(GraphValue value, int place, GraphRun run)
    {
        Shape shape = [value.Memory.Length];
        int index = place;
        if (value.Memory.Tensor is { } outside && outside.IsContiguous && outside.Offset == 0 && outside.NumEl == value.Memory.Length)
            shape = outside.Shape;
        else if (value.Memory.Values[0].MadeBy?.Results.OfType<GraphTensor>()
            .FirstOrDefault(y => y.IsWhole && ReferenceEquals(y.Value.Memory, value.Memory)) is { } made) shape = made.Shape;
        var at = new int[shape.NDim];
        for (int d = at.Length - 1; d >= 0; d--) (index, at[d]) = Math.DivRem(index, shape[d]);
        return (value.Memory.Length == 1 ? "" : Shape.Text(at), run.NumberAt(value, place));
    }
}
