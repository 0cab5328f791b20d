using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view that repeats dimensions of size 1 (and new leading ones) without copying; −1 keeps a size.</summary>
    /// <exception cref="ShapeException">A size that is not 1 would change.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Expand(params ReadOnlySpan<int> sizes) => Expand(ExpandOp.Resolve(this, sizes));

    /// <inheritdoc cref="Expand(ReadOnlySpan{int})"/>
    public Tensor Expand(Shape shape) => Linear.View(new ExpandOp(shape.Given()), this);

    /// <summary>A view of this tensor with the shape of another.</summary>
    public Tensor ExpandAs(Tensor other)
    {
        try
        {
            return Expand(other.Given().Shape);
        }
        catch (TensorException e) when (e.IsOf(nameof(ExpandAs)))
        {
            throw;
        }
    }
}

/// <summary>y repeats x along dimensions of size 1; its transpose sums over them.</summary>
internal readonly struct ExpandOp(Shape shape) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("shape", shape);

    public string NodeName => "ExpandBackward0";

    public Tensor Forward(Tensor x)
    {
        bool fits = shape.NDim >= x.NDim;
        for (int d = 1; fits && d <= x.NDim; d++) fits = x.Shape[-d] == shape[-d] || x.Shape[-d] == 1;
        if (!fits)
            throw new ShapeException(
                $"Expand: a tensor of shape {x.Shape} cannot be expanded to {shape}; only sizes of 1 and new leading dimensions can.");
        return x.Alias(shape, Layout.ExpandStrides(x.Shape, x.Strides, shape), x.Offset);
    }

    public Tensor Apply(Tensor x) => x.Expand(shape);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.SumTo(x.Shape);

    internal static Shape Resolve(Tensor x, ReadOnlySpan<int> sizes)
    {
        int[] resolved = sizes.ToArray();
        for (int d = 0; d < resolved.Length; d++)
        {
            int source = d - (resolved.Length - x.NDim);
            if (resolved[d] == -1 && source >= 0) resolved[d] = x.Shape[source];
        }
        return Shape.Of(resolved);
    }
}

public static partial class OpTable
{
    private static Op Expand => Op.Of(OpKind.Linear, "expand", x => x.Unsqueeze(1).Expand(2, 4, 3), new OpInput([2, 3], Domain.Reals),
        new() { Formula = "x, repeated along sizes of 1 without a copy", Torch = "x.unsqueeze(1).expand(2, 4, 3)", Onnx = "Expand" });
}
