namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The slices along a dimension, each without it: views.</summary>
    /// <exception cref="ShapeException">The tensor has no dimensions.</exception>
    public Tensor[] Unbind(int dim = 0) => UnbindOp.Unbind(this, dim);
}

/// <summary>yᵢ = x[…, i, …] for every i.</summary>
internal readonly struct UnbindOp(int dim) : ITensorsOperation
{
    public string Name => "unbind";

    public void Describe(OpAttributes to) => to.Add("dim", dim);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        var slices = new Tensor[x.Shape[dim]];
        for (int i = 0; i < slices.Length; i++) slices[i] = SelectOp.Of(x, dim, i).Forward(x).AsViewOf(x, ViewOrigin.MultiOutput);
        if (History.IsWanted(here, x)) History.Record(slices, new RuleNode<UnbindRule>(here, new UnbindRule(x.Shape, dim), x), [x]);
        return slices;
    }

    internal static Tensor[] Unbind(Tensor x, int dim)
    {
        if (x.NDim == 0) throw new ShapeException("Unbind: a tensor without dimensions has no slices.");
        int d = x.Shape.Wrap(dim);
        return x.Shape[d] == 0 ? [] : [.. Door.RunMany(new UnbindOp(d), x)!];
    }
}

/// <summary>The gradients of the slices are stacked, a missing one counts as zeros.</summary>
internal readonly struct UnbindRule(Shape shape, int dim) : IRule
{
    public string NodeName => "UnbindBackward0";

    public int Results => shape[dim];

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Shape part = [.. shape.Sizes[..dim], .. shape.Sizes[(dim + 1)..]];
        dx[0] = Tensor.Stack(MissingGradients.Fill(g, _ => part), dim);
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => t[0]!.Unbind(dim).CopyTo(dy);

    public void Show(SavedValues to) => to.Attributes.Add("dim", dim);
}

/// <summary>Gradients of operations with several outputs, of which some were not used.</summary>
internal static class MissingGradients
{
    /// <summary>The gradients with zeros for missing ones, or null when all are missing.</summary>
    internal static Tensor[] Fill(ReadOnlySpan<Tensor?> gradients, Func<int, Shape> shapeOf)
    {
        Tensor? any = null;
        foreach (Tensor? g in gradients) any ??= g;
        var all = new Tensor[gradients.Length];
        for (int i = 0; i < all.Length; i++) all[i] = gradients[i] ?? Tensor.Zeros(shapeOf(i), any!.DType);
        return all;
    }
}

public static partial class OpTable
{
    private static Op Unbind => Op.Of(OpKind.Linear, "unbind", x => Parts(x.Unbind(1)), Cube,
        new() { Formula = "the places of a dimension of x, one by one", Torch = "parts(x.unbind(1))" });
}
