using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The sizes of a convolution of one, two or three spatial dimensions. See Note [Three faces].</summary>
/// <param name="Dims">How many spatial dimensions there are.</param>
/// <param name="Sizes">The sizes, with three.</param>
internal readonly record struct ConvolutionForm(int Dims, ConvolutionSizes Sizes)
{
    /// <summary>The spatial dimensions that are there.</summary>
    internal ConvolutionDim[] Spatial => [.. ((ConvolutionDim[])[Sizes.Depth, Sizes.Height, Sizes.Width])[(3 - Dims)..]];

    internal Shape Input => [Sizes.Batch, Sizes.Groups * Sizes.InChannels, .. Spatial.Select(d => d.Input)];

    internal Shape Weight => [Sizes.Groups * Sizes.OutChannels, Sizes.InChannels, .. Spatial.Select(d => d.Kernel)];

    internal Shape Output => [Sizes.Batch, Sizes.Groups * Sizes.OutChannels, .. Spatial.Select(d => d.Output)];

    /// <summary>That of a convolution of x [N, C, *] with w [O, C/groups, *].</summary>
    internal static ConvolutionForm Of(
        string operation, int dims, Shape x, Shape w, Sizes stride, ConvPadding padding, Sizes dilation, int groups)
    {
        int[] s = stride.For(operation, nameof(stride), dims, 1, 1), d = dilation.For(operation, nameof(dilation), dims, 1, 1);
        if (padding.IsSame && s.Any(step => step != 1))
            throw new ArgumentException($"{operation}: padding \"same\" needs a stride of 1, but stride is {stride}.", nameof(padding));
        int[] p = padding.IsSame ? new int[dims] : padding.Sizes.For(operation, nameof(padding), dims, 0, 0);
        CheckChannels(operation, w, x, groups, w[1] * (long)groups);
        var spatial = new ConvolutionDim[dims];
        for (int i = 0; i < dims; i++)
        {
            long extent = (long)d[i] * (w[i + 2] - 1) + 1, padded = x[i + 2] + 2L * p[i];
            if (padding.IsSame)
            {
                padded = x[i + 2] + extent - 1;
                p[i] = (int)((extent - 1) / 2);
            }
            CheckPadded(operation, padded, x);
            if (extent > padded)
                throw new ShapeException(
                    $"{operation}: the weight of shape {w} with dilation {Shape.Text(d)} reaches over {extent} places of dimension "
                    + $"{i + 2}, but the padded input of shape {x} has {padded}.");
            spatial[i] = new(x[i + 2], (int)((padded - extent) / s[i] + 1), w[i + 2], s[i], p[i], d[i]);
        }
        return Of(x[0], groups, w[1], w[0] / groups, spatial);
    }

    /// <summary>That of the convolution whose transpose goes from y [N, O, *] with w [O, C/groups, *].</summary>
    internal static ConvolutionForm OfTransposed(
        string operation, int dims, Shape y, Shape w, Sizes stride, Sizes padding, Sizes outputPadding, int groups, Sizes dilation)
    {
        int[] s = stride.For(operation, nameof(stride), dims, 1, 1), p = padding.For(operation, nameof(padding), dims, 0, 0);
        int[] more = outputPadding.For(operation, nameof(outputPadding), dims, 0, 0);
        int[] d = dilation.For(operation, nameof(dilation), dims, 1, 1);
        CheckChannels(operation, w, y, groups, w[0]);
        var spatial = new ConvolutionDim[dims];
        for (int i = 0; i < dims; i++)
        {
            if (more[i] >= Math.Max(s[i], d[i]))
                throw new ArgumentOutOfRangeException(
                    nameof(outputPadding), more[i],
                    $"{operation}: outputPadding must be smaller than the stride or the dilation, which are {s[i]} and {d[i]}, but is "
                    + $"{outputPadding}.");
            long padded = (y[i + 2] - 1L) * s[i] + (long)d[i] * (w[i + 2] - 1) + more[i] + 1, size = padded - 2L * p[i];
            CheckPadded(operation, padded, y);
            if (size < 1)
                throw new ShapeException(
                    $"{operation}: the input of shape {y} and the weight of shape {w} make {size} places of dimension {i + 2}, which are "
                    + "too few.");
            spatial[i] = new((int)size, y[i + 2], w[i + 2], s[i], p[i], d[i]);
        }
        return Of(y[0], groups, w[1], w[0] / groups, spatial);
    }

    private static ConvolutionForm Of(int batch, int groups, int inChannels, int outChannels, ConvolutionDim[] spatial)
    {
        ConvolutionDim none = ConvolutionDim.None;
        ConvolutionDim[] three = [.. Enumerable.Repeat(none, 3 - spatial.Length), .. spatial];
        return new(spatial.Length, new(batch, groups, inChannels, outChannels, three[0], three[1], three[2]));
    }

    private static void CheckPadded(string operation, long padded, Shape x)
    {
        if (padded > int.MaxValue)
            throw new ShapeException($"{operation}: the padded input of shape {x} would have {padded} places along a dimension.");
    }

    private static void CheckChannels(string operation, Shape w, Shape x, int groups, long channels)
    {
        for (int d = 2; d < w.NDim; d++)
            if (w[d] == 0) throw new ShapeException($"{operation}: the weight of shape {w} has no taps along dimension {d}.");
        if (w[0] == 0) throw new ShapeException($"{operation}: the weight of shape {w} must have at least 1 channel in dimension 0.");
        if (w[0] % groups != 0)
            throw new ShapeException(
                $"{operation}: the {w[0]} channels in dimension 0 of the weight of shape {w} cannot be divided into {groups} groups.");
        if (x[1] != channels)
            throw new ShapeException(
                $"{operation}: the weight of shape {w} with {groups} groups needs an input with {channels} channels, but the input of "
                + $"shape {x} has {x[1]}.");
    }
}
