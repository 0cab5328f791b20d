namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Sets the elements whose places along all dimensions are the same to a number, in place: torch's fill_diagonal_.</summary>
    /// <param name="value">The number.</param>
    /// <param name="wrap">Whether the diagonal of a matrix that is higher than wide begins again below, one row further down.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions, or more of unequal sizes.</exception>
    /// <exception cref="DTypeException">The value is out of the range of the dtype.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor FillDiagonalInPlace(Number value, bool wrap = false) => WholeDiagonal.Filled(this, value, wrap);
}

/// <summary>The diagonal through all dimensions.</summary>
internal static class WholeDiagonal
{
    internal static Tensor Filled(Tensor x, Number value, bool wrap)
    {
        Tensor.Speaking("FillDiagonalInPlace", () => Fill(x, value, wrap));
        return x;
    }

    private static Tensor Fill(Tensor x, Number value, bool wrap)
    {
        if (x.NDim < 2)
            throw new ShapeException($"FillDiagonalInPlace: needs at least two dimensions, but the shape is {x.Shape}.");
        int size = x.Shape[0];
        foreach (int other in x.Shape.Sizes)
        {
            if (x.NDim > 2 && other != size)
                throw new ShapeException($"FillDiagonalInPlace: more than two dimensions must be of equal size, but the shape is {x.Shape}.");
            size = Math.Min(size, other);
        }
        int stride = 0;
        foreach (int step in x.Strides) stride += step;
        Tensor filled = x.AsStrided([size], [stride]).FillInPlace(value);
        int width = x.Shape[1];
        if (!wrap || x.NDim != 2 || x.Shape[0] <= width + 1 || size == 0) return filled;
        int below = (x.NumEl + width) / (width + 1) - size;
        return x.AsStrided([below], [stride], x.Offset + x.Strides[0] * (width + 1)).FillInPlace(value);
    }
}
