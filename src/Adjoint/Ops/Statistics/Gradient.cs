namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The slopes along dimensions by differences of the neighbours on both sides, at the edges of those on one: torch.gradient.
    /// </summary>
    /// <param name="spacing">The distance between places.</param>
    /// <param name="dims">The dimensions; by default all of them.</param>
    /// <param name="edgeOrder">1 or 2: how exact the slopes at the edges are.</param>
    /// <returns>The slopes along each dimension, in the shape of this tensor.</returns>
    /// <exception cref="ShapeException">There is no such dimension, one is named twice, or has too few places.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is neither 1 nor 2.</exception>
    public Tensor[] Gradient(double spacing = 1, ReadOnlySpan<int> dims = default, int edgeOrder = 1)
    {
        try
        {
            return Slopes.Of(this, spacing, dims, edgeOrder);
        }
        catch (TensorException e) when (e.IsOf(nameof(Gradient)))
        {
            throw;
        }
    }

    /// <summary>The slopes along dimensions where the places are anywhere, or at a distance of their own along each.</summary>
    /// <param name="spacing">For each dimension the places, as a vector, or the distance between them, a number.</param>
    /// <param name="dims">The dimensions; by default all of them.</param>
    /// <param name="edgeOrder">1 or 2: how exact the slopes at the edges are.</param>
    /// <returns>The slopes along each dimension, in the shape of this tensor.</returns>
    /// <exception cref="ShapeException">There is no such dimension, one is named twice, has too few places, or others than the
    /// vector.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is neither 1 nor 2.</exception>
    public Tensor[] Gradient(IReadOnlyList<Tensor> spacing, ReadOnlySpan<int> dims = default, int edgeOrder = 1)
    {
        try
        {
            return Slopes.Of(this, spacing.Given(), dims, edgeOrder);
        }
        catch (TensorException e) when (e.IsOf(nameof(Gradient)))
        {
            throw;
        }
    }
}

/// <summary>Slopes of numbers at places, second order inside.</summary>
internal static class Slopes
{
    internal static Tensor[] Of(Tensor x, double spacing, ReadOnlySpan<int> dims, int edgeOrder) =>
        [.. Dims(x, dims, null, edgeOrder).Select(dim => Even(x, spacing, dim, edgeOrder))];

    internal static Tensor[] Of(Tensor x, IReadOnlyList<Tensor> spacing, ReadOnlySpan<int> dims, int edgeOrder)
    {
        int[] along = Dims(x, dims, spacing.Count, edgeOrder);
        var slopes = new Tensor[along.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            Tensor places = spacing[i].Given();
            if (places.NDim > 0 && (places.NDim > 1 || places.NumEl != x.Shape[along[i]]))
                throw new ShapeException(
                    $"Gradient: the places of dimension {along[i]} must be a vector of {x.Shape[along[i]]}, but have shape "
                    + $"{places.Shape}.");
            slopes[i] = places.NDim == 0 ? Even(x, places.Item(), along[i], edgeOrder) : Uneven(x, places, along[i], edgeOrder);
        }
        return slopes;
    }

    private static int[] Dims(Tensor x, ReadOnlySpan<int> dims, int? spacings, int edgeOrder)
    {
        if (edgeOrder is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(edgeOrder), edgeOrder, "Gradient: the order at the edges must be 1 or 2.");
        int[] along = dims.Length == 0 ? [.. Enumerable.Range(0, x.NDim)] : [.. dims];
        for (int i = 0; i < along.Length; i++)
        {
            along[i] = x.Shape.Wrap(along[i]);
            if (along.AsSpan(0, i).Contains(along[i])) throw new ShapeException($"Gradient: dimension {along[i]} is named twice.");
            if (x.Shape[along[i]] <= edgeOrder)
                throw new ShapeException(
                    $"Gradient: dimension {along[i]} of shape {x.Shape} must have more than {edgeOrder} places, for edges of that order.");
        }
        return (spacings ?? along.Length) == along.Length ? along
            : throw new ShapeException($"Gradient: there are {spacings} spacings for {along.Length} dimensions.");
    }

    private static Tensor Even(Tensor x, double h, int dim, int edgeOrder)
    {
        Tensor[] first = Ends(x, dim, edgeOrder, isFirst: true), last = Ends(x, dim, edgeOrder, isFirst: false);
        Tensor inside = (x.Narrow(dim, Start(x, dim, 2), Inside(x, dim)) - x.Narrow(dim, 0, Inside(x, dim))) / (2 * h);
        Tensor before = edgeOrder == 1 ? first[1] - first[0] : first[0] * -1.5 + first[1] * 2 + first[2] * -0.5;
        Tensor after = edgeOrder == 1 ? last[0] - last[1] : last[0] * 1.5 + last[1] * -2 + last[2] * 0.5;
        return Tensor.Cat([before / h, inside, after / h], dim);
    }

    // Of three places at distances a and b: the slope of the parabola through them, in the middle and at the first.
    private static Tensor Uneven(Tensor x, Tensor places, int dim, int edgeOrder)
    {
        int n = x.Shape[dim], inner = Inside(x, dim);
        int[] sizes = new int[x.NDim];
        Array.Fill(sizes, 1);
        sizes[dim] = n - 1;
        Tensor steps = places.Diff().Reshape(Shape.Of(sizes));
        Tensor a = steps.Narrow(dim, 0, inner), b = steps.Narrow(dim, Start(steps, dim, 1), inner), both = a + b;
        Tensor inside = -b / (a * both) * x.Narrow(dim, 0, inner) + (b - a) / (a * b) * x.Narrow(dim, Math.Min(1, n), inner)
            + a / (b * both) * x.Narrow(dim, Start(x, dim, 2), inner);
        Tensor before = AtEnd(Ends(x, dim, edgeOrder, isFirst: true), Ends(steps, dim, edgeOrder - 1, isFirst: true));
        Tensor after = -AtEnd(Ends(x, dim, edgeOrder, isFirst: false), Ends(steps, dim, edgeOrder - 1, isFirst: false));
        return Tensor.Cat([before, inside, after], dim);
    }

    private static Tensor AtEnd(Tensor[] y, Tensor[] steps)
    {
        Tensor a = steps[0];
        if (steps.Length == 1) return (y[1] - y[0]) / a;
        Tensor b = steps[1], both = a + b;
        return -(a + both) / (a * both) * y[0] + both / (a * b) * y[1] - a / (b * both) * y[2];
    }

    /// <summary>The elements at one end, the outermost first.</summary>
    private static Tensor[] Ends(Tensor x, int dim, int order, bool isFirst) =>
        [.. Enumerable.Range(0, order + 1).Select(i => x.Narrow(dim, isFirst ? i : x.Shape[dim] - 1 - i, 1))];

    private static int Inside(Tensor x, int dim) => Math.Max(0, x.Shape[dim] - 2);

    private static int Start(Tensor x, int dim, int start) => Math.Min(start, x.Shape[dim]);
}

public static partial class OpTable
{
    private static Op Gradient => Op.Of(
        OpKind.Composite, "gradient", x => Parts(x.Gradient(0.5, [0, 1], edgeOrder: 2)), new([3, 4], Domain.Reals),
        new() { Formula = "differences of neighbours", Torch = "parts(torch.gradient(x, spacing=0.5, dim=(0, 1), edge_order=2))" });

    private static Op GradientUneven => Op.Of(OpKind.Composite, "gradient_uneven",
        (x, y) => x.Gradient([y], [1])[0], Matrix, new OpInput([4], Domain.Positive),
        new() { Formula = "differences of neighbours, at places y", Torch = "torch.gradient(x, spacing=(y,), dim=1)[0]" });
}
