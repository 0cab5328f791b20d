namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view with sizes, strides and storage offset of one's own choice, in elements.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="strides">The strides, not negative.</param>
    /// <param name="storageOffset">Where the first element is in the storage; by default where this tensor's is.</param>
    /// <exception cref="ShapeException">The view would reach outside of the storage.</exception>
    public Tensor AsStrided(Shape shape, ReadOnlySpan<int> strides, int? storageOffset = null) =>
        Linear.View(new AsStridedOp(shape, strides.ToArray(), storageOffset ?? Offset, this), this);
}

/// <summary>y shows chosen places of the storage of x; its transpose adds each gradient to its place.</summary>
internal readonly struct AsStridedOp(Shape shape, int[] strides, int offset, Tensor source) : ILinearOp
{
    private readonly int[] _sourceStrides = source.Strides.ToArray();
    private readonly int _sourceOffset = source.Offset;
    private readonly Shape _sourceShape = source.Shape;

    public static string NodeName => "AsStridedBackward0";

    /// <summary>The history of a view as a part of its base.</summary>
    internal static Node NodeFor(Tensor source, Tensor view) =>
        new LinearNode<AsStridedOp>(new AsStridedOp(view.Shape, view.Strides.ToArray(), view.Offset, source), source);

    public Tensor Forward(Tensor x)
    {
        if (strides.Length != shape.NDim)
            throw new ShapeException($"AsStrided: {strides.Length} strides were given for the {shape.NDim} dimensions of {shape}.");
        long last = offset;
        for (int d = 0; d < strides.Length; d++)
        {
            if (strides[d] < 0) throw new ShapeException($"AsStrided: strides must not be negative, but are {Shape.Text(strides)}.");
            last += (long)Math.Max(shape[d] - 1, 0) * strides[d];
        }
        if (offset < 0 || (shape.NumEl > 0 && last >= x.Storage.Length))
            throw new ShapeException($"AsStrided: sizes {shape}, strides {Shape.Text(strides)} and offset {offset} reach outside of a storage of {x.Storage.Length} elements.");
        return x.Alias(shape, strides, offset);
    }

    // A tangent need not lie in memory as x does: it is laid out so first.
    public Tensor Apply(Tensor x)
    {
        Tensor flat = Tensor.Zeros([Extent()], x.DType);
        flat.AsStrided(x.Shape, _sourceStrides, 0).CopyInPlace(x);
        return flat.AsStrided(shape, strides, offset - _sourceOffset);
    }

    public Tensor Transpose(Tensor g, TensorFacts x)
    {
        int extent = Extent(), first = offset - _sourceOffset;
        Tensor flat = Tensor.Zeros([extent], g.DType);
        Tensor part = flat.AsStrided(shape, strides, first);
        if (Layout.Overlaps(part) || !IsInjective())
        {
            throw new NotSupportedException();
        }
        else
        {
            part.CopyInPlace(g);
        }
        return flat.AsStrided(x.Shape, _sourceStrides, 0);
    }

    private int Extent()
    {
        int end = 1 + offset - _sourceOffset, sourceEnd = 1;
        for (int d = 0; d < strides.Length; d++) end += Math.Max(shape[d] - 1, 0) * strides[d];
        Shape sourceShape = _sourceShape;
        for (int d = 0; d < _sourceStrides.Length; d++) sourceEnd += Math.Max(sourceShape[d] - 1, 0) * _sourceStrides[d];
        return Math.Max(end, sourceEnd);
    }

    /// <summary>Whether no two elements of the view can be one place: sorted by stride, each dimension steps over the one before.</summary>
    private bool IsInjective()
    {
        int[] order = [.. Enumerable.Range(0, strides.Length)], steps = strides;
        Shape sizes = shape;
        Array.Sort(order, (a, b) => steps[a].CompareTo(steps[b]));
        int reach = 0;
        foreach (int d in order)
        {
            if (sizes[d] <= 1) continue;
            if (steps[d] <= reach) return false;
            reach += (sizes[d] - 1) * steps[d];
        }
        return true;
    }
}
