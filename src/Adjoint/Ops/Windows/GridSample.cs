using Adjoint.Kernels;

namespace Adjoint;

/// <summary>How <c>F.GridSample</c> finds numbers between elements: PyTorch's <c>mode</c>.</summary>
public enum GridSampleMode
{
    /// <summary>On lines between the elements around a place.</summary>
    Bilinear,

    /// <summary>The element that is nearest; of two the one with the even number.</summary>
    Nearest,

    /// <summary>On a cubic through 16 elements (Keys 1981, a = −¾); of images.</summary>
    Bicubic,
}

/// <summary>What <c>F.GridSample</c> finds outside of its input: PyTorch's <c>padding_mode</c>.</summary>
public enum GridSamplePadding
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The element at the edge.</summary>
    Border,

    /// <summary>The input mirrored at its edges, again and again.</summary>
    Reflection,
}

/// <summary>y = the input at places of a grid, Σ w(place)·x over the elements around: linear in x, with a slope in the places.</summary>
internal static class GridSampling
{
    internal static Tensor Of(
        string operation, Tensor x, Tensor grid, GridSampleMode mode, GridSamplePadding padding, bool alignCorners)
    {
        int dims = x.NDim - 2;
        if (dims is not (2 or 3))
            throw new ShapeException($"{operation}: input must be [N, C, H, W] or [N, C, D, H, W], but has shape {x.Shape}.");
        if (grid.NDim != x.NDim || grid.Shape[0] != x.Shape[0] || grid.Shape[-1] != dims)
            throw new ShapeException(
                $"{operation}: grid must have {x.NDim} dimensions, the first {x.Shape[0]} and the last {dims}, but has shape {grid.Shape}.");
        if (x.Shape.Sizes[2..].Contains(0))
            throw new ShapeException($"{operation}: input must not be empty apart from batch and channels, but has shape {x.Shape}.");
        if (!x.DType.IsFloatingPoint || grid.DType != x.DType)
            throw new DTypeException(
                $"{operation}: input and grid must be of one floating-point dtype, but are {x.DType} and {grid.DType}.");
        if (mode == GridSampleMode.Bicubic && dims != 2)
            throw new ArgumentException(
                $"{operation}: {mode} is for images, [N, C, H, W], but the input has shape {x.Shape}.", nameof(mode));
        try
        {
            return Sample(x, grid, mode, new Edges(padding, alignCorners));
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    private static Tensor Sample(Tensor x, Tensor grid, GridSampleMode mode, Edges edges)
    {
        int dims = x.NDim - 2;
        // As in PyTorch a place that is no number counts as the first where places are brought inside, and gives none elsewhere.
        if (edges.BringsInside && mode != GridSampleMode.Bicubic)
            grid = Tensor.Where(grid.IsNaN(), Tensor.Full(Shape.Scalar, -1, grid.DType), grid);
        // Along each dimension [N, taps, places]: where corners are, which is no number to differentiate, and their weights.
        var at = new Tensor[dims];
        Tensor? weights = null;
        int batch = x.Shape[0], places = Planes.Size(Shape.Of(grid.Shape.Sizes[..^1]), dims);
        for (int d = 0; d < dims; d++)
        {
            int size = x.Shape[d + 2];
            // The last dimension comes first in the grid.
            Tensor place = edges.Place(grid.Select(-1, dims - 1 - d).Reshape(batch, 1, places), size);
            Tensor? along = null;
            (at[d], along) = mode switch
            {
                GridSampleMode.Nearest => (edges.Inside(place, size).Detach().Round(), null),
                GridSampleMode.Bilinear => Lines(edges.Inside(place, size)),
                _ => Cubic(place, corner => edges.Inside(corner, size).Detach()),
            };
            weights = weights is null || along is null ? along ?? weights
                : (weights.Unsqueeze(2) * along.Unsqueeze(1)).Reshape(batch, weights.Shape[1] * along.Shape[1], places);
        }
        weights ??= Tensor.Ones([batch, 1, places], x.DType);
        CornerDim[] sizes = [.. Enumerable.Range(0, dims).Select(d => new CornerDim(x.Shape[d + 2], at[d].Shape[1]))];
        var all = new CornerSizes(batch, x.Shape[1], dims == 3 ? sizes[0] : new(1, 1), sizes[^2], sizes[^1], places);
        Tensor flat = x.Reshape(batch, x.Shape[1], all.Inputs);
        Tensor y = new CornersOp(all, dims, CornersFace.Output).Apply(flat, weights, at);
        return y.Reshape([batch, x.Shape[1], .. grid.Shape.Sizes[1..^1]]);
    }

    private static (Tensor At, Tensor Weights) Lines(Tensor place)
    {
        Tensor first = place.Detach().Floor(), share = place - first;
        return (Tensor.Cat([first, first + 1], 1), Tensor.Cat([1 - share, share], 1));
    }

    private static (Tensor At, Tensor Weights) Cubic(Tensor place, Func<Tensor, Tensor> inside)
    {
        const double A = -0.75;
        Tensor first = place.Detach().Floor(), t = place - first;
        Tensor Near(Tensor x) => ((A + 2) * x - (A + 3)) * x * x + 1;
        Tensor Far(Tensor x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
        return (inside(Tensor.Cat([first - 1, first, first + 1, first + 2], 1)),
            Tensor.Cat([Far(t + 1), Near(t), Near(1 - t), Far(2 - t)], 1));
    }

    /// <summary>Where the numbers of a grid lie, and what is outside of an input.</summary>
    private readonly struct Edges(GridSamplePadding padding, bool alignCorners)
    {
        internal bool BringsInside => padding != GridSamplePadding.Zeros;

        /// <summary>−1 and 1 are the middles of the outermost elements, or their outer edges.</summary>
        internal Tensor Place(Tensor at, int size) => alignCorners ? (at + 1) / 2 * (size - 1) : ((at + 1) * size - 1) / 2;

        /// <summary>The place that counts instead of one outside; there the slope is 0.</summary>
        internal Tensor Inside(Tensor place, int size) => padding switch
        {
            GridSamplePadding.Border => Clip(place, size),
            GridSamplePadding.Reflection => Clip(Reflect(place, alignCorners ? 0 : -0.5, alignCorners ? size - 1 : size), size),
            _ => place,
        };

        private static Tensor Clip(Tensor place, int size) =>
            Tensor.Where((place > 0).LogicalAnd(place < size - 1.0), place, place.Detach().Clamp(0, size - 1));

        private static Tensor Reflect(Tensor place, double low, double span)
        {
            if (span == 0) return place.ZerosLike();
            Tensor away = place - low;
            away = Tensor.Where(away < 0, -away, away);
            Tensor rest = away.Fmod(span), isEven = (away.Detach() / span).Floor().Remainder(2).Eq(0);
            return Tensor.Where(isEven, rest + low, span - rest + low);
        }
    }
}

public static partial class OpTable
{
    private static Op GridSample => Op.Of(OpKind.Composite, "grid_sample",
        (x, y) => GridSampling.Of("GridSample", x, y, GridSampleMode.Bilinear, GridSamplePadding.Zeros, false),
        new OpInput([1, 2, 3, 4], Domain.Reals), new OpInput([1, 2, 3, 2], Domain.Reals),
        new() { Formula = "x at the places y", Torch = "F.grid_sample(x, y, align_corners=False)" });

    private static Op GridSampleBicubic => Op.Of(OpKind.Composite, "grid_sample_bicubic",
        (x, y) => GridSampling.Of("GridSample", x, y, GridSampleMode.Bicubic, GridSamplePadding.Border, true),
        // Beyond the border the gradient is 0, of which single precision leaves noise.
        new OpInput([1, 2, 3, 4], Domain.Reals), new OpInput([1, 2, 3, 2], Domain.Unit),
        new()
        {
            Formula = "cubics through x at the places y",
            Torch = "F.grid_sample(x, y, 'bicubic', 'border', True)",
            // A gradient of 0.04 is what is left of terms of up to 9.
            Slack = 2,
        });

    private static Op GridSample3d => Op.Of(OpKind.Composite, "grid_sample3d",
        (x, y) => GridSampling.Of("GridSample", x, y, GridSampleMode.Bilinear, GridSamplePadding.Reflection, false),
        new OpInput([1, 1, 2, 3, 2], Domain.Reals), new OpInput([1, 2, 1, 2, 3], Domain.Reals),
        new()
        {
            Formula = "x at the places y, in three dimensions",
            Torch = "F.grid_sample(x, y, padding_mode='reflection', align_corners=False)",
        });
}
