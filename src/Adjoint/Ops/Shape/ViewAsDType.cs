namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The same bytes as elements of another dtype, without a copy: PyTorch's <c>x.view(dtype)</c>. Where those are larger or smaller, so
    /// many of the last dimension become one or one becomes many. It has no gradient: bits are no numbers to differentiate.
    /// </summary>
    /// <param name="dtype">The dtype; Bool only of Bool, whose bytes are 0 or 1.</param>
    /// <exception cref="ShapeException">The elements have another size, and the tensor has no last dimension that lies in a row and
    /// divides.</exception>
    /// <exception cref="DTypeException">Other bytes than those of Bool are asked for as Bool.</exception>
    /// <example><code>
    /// Tensor bits = Tensor.Full([1], 1.0).View(DType.Int32);        // 1065353216, the bits of 1f
    /// </code></example>
    public Tensor View(DType dtype) => DTypeView.Of(this, dtype);
}

/// <summary>Bytes read as another dtype.</summary>
internal static class DTypeView
{
    internal static Tensor Of(Tensor x, DType dtype)
    {
        HostAccess.Read("View");
        if (dtype == x.DType) return x.Detach();
        if (dtype.IsBool)
            throw new DTypeException($"View: the bytes of a {x.DType} tensor need not be 0 or 1, which those of Bool are. Use To(DType.Bool).");
        int[] sizes = x.Shape.Sizes.ToArray(), strides = x.Strides.ToArray();
        int own = x.DType.Size, other = dtype.Size, offset = x.Offset;
        if (own < other) Widen(x, dtype, other / own, sizes, strides, ref offset);
        else if (own > other) Narrow(x, dtype, own / other, sizes, strides, ref offset);
        return x.AliasAs(dtype, Shape.Of(sizes), strides, offset);
    }

    // n elements become one.
    private static void Widen(Tensor x, DType dtype, int n, int[] sizes, int[] strides, ref int offset)
    {
        CheckRow(x, dtype);
        if (sizes[^1] % n != 0 || offset % n != 0)
            throw new ShapeException(
                $"View: {n} {x.DType} make one {dtype}, but the last dimension of the shape {x.Shape} and its place in memory ({offset}) "
                + $"are not both multiples of {n}.");
        for (int d = 0; d < strides.Length - 1; d++)
        {
            if (strides[d] % n != 0)
                throw new ShapeException(
                    $"View: {n} {x.DType} make one {dtype}, but the strides {Shape.Text(strides)} are not multiples of {n}. Use Contiguous.");
            strides[d] /= n;
        }
        sizes[^1] /= n;
        offset /= n;
    }

    // One element becomes n.
    private static void Narrow(Tensor x, DType dtype, int n, int[] sizes, int[] strides, ref int offset)
    {
        CheckRow(x, dtype);
        long all = (long)x.NumEl * n, place = (long)offset * n;
        if (all > int.MaxValue || place > int.MaxValue || (long)sizes[^1] * n > int.MaxValue)
            throw new ShapeException($"View: the shape {x.Shape} of {x.DType} has more than {int.MaxValue} elements as {dtype}.");
        for (int d = 0; d < strides.Length - 1; d++) strides[d] = checked(strides[d] * n);
        sizes[^1] *= n;
        offset = (int)place;
    }

    private static void CheckRow(Tensor x, DType dtype)
    {
        if (x.NDim == 0)
            throw new ShapeException($"View: a {x.DType} without dimensions is not as large as a {dtype}. Use Unsqueeze(0) first.");
        if (x.Strides[^1] != 1 && x.Shape[^1] > 1)
            throw new ShapeException(
                $"View: elements of another size need a last dimension that lies in a row, but the shape is {x.Shape} with strides "
                + $"{Shape.Text(x.Strides)}. Use Contiguous.");
    }
}
