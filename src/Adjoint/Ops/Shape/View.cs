using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The same elements in another shape, without a copy; one size may be −1 and is then inferred.</summary>
    /// <exception cref="ShapeException">The number of elements differs, or only a copy could have that shape (use
    /// <see cref="Reshape(ReadOnlySpan{int})"/>).</exception>
    [OverloadResolutionPriority(1)]
    public Tensor View(params ReadOnlySpan<int> sizes) => View(ViewOp.Infer(this, sizes));

    /// <inheritdoc cref="View(ReadOnlySpan{int})"/>
    public Tensor View(Shape shape) => Linear.View(new ViewOp(shape.Given()), this);

    /// <summary>The same elements in another shape: a view where the layout allows it, otherwise a copy.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        try
        {
            return Reshape(ViewOp.Infer(this, sizes));
        }
        catch (TensorException e) when (e.IsOf(nameof(Reshape)))
        {
            throw;
        }
    }

    /// <inheritdoc cref="Reshape(ReadOnlySpan{int})"/>
    public Tensor Reshape(Shape shape)
    {
        try
        {
            return ViewOp.Reshape(this, shape.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(Reshape)))
        {
            throw;
        }
    }

    /// <summary>Dimensions <paramref name="startDim"/> to <paramref name="endDim"/> (included) become one.</summary>
    public Tensor Flatten(int startDim = 0, int endDim = -1) => ViewOp.Flatten(this, startDim, endDim);
}

/// <summary>y = x in another shape; its transpose has the shape of x again.</summary>
internal readonly struct ViewOp(Shape shape) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("shape", shape);

    public string NodeName => "ViewBackward0";

    public Tensor Forward(Tensor x)
    {
        if (shape.NumEl != x.NumEl)
            throw new ShapeException(
                $"View: the shape {shape} has {shape.NumEl} elements, but the tensor of shape {x.Shape} has {x.NumEl}.");
        int[] strides = (x.IsContiguous ? shape.Strides : Layout.ViewStrides(x.Shape, x.Strides, shape))
            ?? throw new ShapeException(
                $"View: the tensor of shape {x.Shape} with strides {Shape.Text(x.Strides)} cannot be shown as {shape} without a copy. "
                + "Use Reshape.");
        return x.Alias(shape, strides, x.Offset);
    }

    public Tensor Apply(Tensor x) => Reshape(x, shape);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Reshape(x.Shape);

    internal static Tensor Reshape(Tensor x, Shape shape)
    {
        if (shape.NumEl == x.NumEl && !x.IsContiguous && Layout.ViewStrides(x.Shape, x.Strides, shape) is null)
            return Linear.Apply(new ReshapeCopyOp(shape), x.Clone());
        return Linear.View(new ViewOp(shape), x);
    }

    internal static Tensor Flatten(Tensor x, int startDim, int endDim)
    {
        int start = x.Shape.Wrap(startDim), end = x.Shape.Wrap(endDim);
        if (start > end)
            throw new ShapeException(
                $"Flatten: the first dimension ({startDim}) must not come after the last ({endDim}); the shape is {x.Shape}.");
        if (x.NDim == 0) return x.Reshape(1);
        if (start == end) return x;
        int merged = 1;
        for (int d = start; d <= end; d++) merged *= x.Shape[d];
        return x.Reshape([.. x.Shape.Sizes[..start], merged, .. x.Shape.Sizes[(end + 1)..]]);
    }

    internal static Shape Infer(Tensor x, ReadOnlySpan<int> sizes)
    {
        int unknown = sizes.IndexOf(-1);
        if (unknown < 0) return Shape.Of(sizes);
        if (sizes[(unknown + 1)..].Contains(-1))
            throw new ShapeException($"View: only one size can be inferred, but {Shape.Text(sizes)} has more than one −1.");
        long known = 1;
        for (int d = 0; d < sizes.Length && known <= int.MaxValue; d++)
            if (d != unknown) known *= sizes[d];
        if (known <= 0 || known > int.MaxValue || x.NumEl % known != 0)
            throw new ShapeException($"View: the {x.NumEl} elements of shape {x.Shape} cannot be shown as {Shape.Text(sizes)}.");
        int[] inferred = sizes.ToArray();
        inferred[unknown] = (int)(x.NumEl / known);
        return Shape.Of(inferred);
    }
}

/// <summary>y = x, a copy that nothing else sees, in another shape.</summary>
internal readonly struct ReshapeCopyOp(Shape shape) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("shape", shape);

    public string NodeName => "UnsafeViewBackward0";

    public Tensor Forward(Tensor x) => x.Alias(shape, null, 0);

    public Tensor Apply(Tensor x) => x.Reshape(shape);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Reshape(x.Shape);
}

public static partial class OpTable
{
    private static Op View => Op.Of(OpKind.Linear, "view", x => x.Contiguous().View(6, 4), Cube,
        new() { Formula = "the elements of x in another shape, without a copy", Torch = "x.contiguous().view(6, 4)" });

    private static Op Reshape => Op.Of(OpKind.Linear, "reshape", x => x.T.Reshape(6, 4), Cube,
        new()
        {
            Formula = "the elements of x in another shape",
            Torch = "x.permute(*reversed(range(x.dim()))).reshape(6, 4)",
            Onnx = "Reshape",
        });

    private static Op Flatten => Op.Of(OpKind.Composite, "flatten", x => x.Flatten(1), Cube,
        new() { Formula = "the elements of several dimensions of x in a row", Torch = "x.flatten(1)", Onnx = "Flatten" });
}
