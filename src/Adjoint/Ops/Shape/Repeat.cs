namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Copies of this tensor side by side, repeats[d] of them along dimension d.</summary>
    /// <param name="repeats">At least as many numbers as there are dimensions; further ones stand for new leading dimensions.</param>
    /// <exception cref="ShapeException">There are fewer numbers than dimensions, or a negative one.</exception>
    public Tensor Repeat(params ReadOnlySpan<int> repeats) => Linear.Apply(RepeatOp.Of(this, repeats), this);

    /// <summary>As <see cref="Repeat"/>, but fewer numbers than dimensions count for the last ones.</summary>
    public Tensor Tile(params ReadOnlySpan<int> repeats)
    {
        try
        {
            return RepeatOp.Tile(this, repeats);
        }
        catch (TensorException e) when (e.IsOf(nameof(Tile)))
        {
            throw;
        }
    }
}

/// <summary>y = copies of x side by side; its transpose sums over the copies.</summary>
internal readonly struct RepeatOp(int[] repeats) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("repeats", repeats);

    public string NodeName => "RepeatBackward0";

    internal static RepeatOp Of(Tensor x, ReadOnlySpan<int> repeats)
    {
        if (repeats.Length < x.NDim)
            throw new ShapeException(
                $"Repeat: {Shape.Text(repeats)} has fewer numbers than the tensor of shape {x.Shape} has dimensions. Use Tile.");
        foreach (int count in repeats)
            if (count < 0) throw new ShapeException($"Repeat: the numbers of copies {Shape.Text(repeats)} must not be negative.");
        return new RepeatOp(repeats.ToArray());
    }

    internal static Tensor Tile(Tensor x, ReadOnlySpan<int> repeats)
    {
        var all = new int[Math.Max(x.NDim, repeats.Length)];
        all.AsSpan().Fill(1);
        repeats.CopyTo(all.AsSpan(all.Length - repeats.Length));
        return x.Repeat(all);
    }

    // A dimension that is repeated becomes two, the copies (with stride 0) and the places; read in order they are the result.
    public Tensor Forward(Tensor x)
    {
        int lead = repeats.Length - x.NDim;
        var result = new long[repeats.Length];
        var strides = new List<int>();
        for (int d = 0; d < result.Length; d++)
        {
            result[d] = (long)repeats[d] * (d < lead ? 1 : x.Shape[d - lead]);
            if (repeats[d] != 1) strides.Add(0);
            if (d >= lead) strides.Add(x.Strides[d - lead]);
        }
        Shape shape = Shape.Computed(result);
        if (shape.NumEl == 0) return Tensor.Uninitialized(shape, x.DType);
        return Elements.Copy(x.Alias(Interleaved(x.Shape, out _), [.. strides], x.Offset)).Alias(shape, null, 0);
    }

    public Tensor Apply(Tensor x) => x.Repeat(repeats);

    public Tensor Transpose(Tensor g, TensorFacts x)
    {
        Tensor apart = g.Reshape(Interleaved(x.Shape, out List<int> copies));
        return (copies.Count == 0 ? apart : apart.Sum([.. copies])).Reshape(x.Shape);
    }

    /// <summary>The sizes of copies and places in turn, and which dimensions are the copies.</summary>
    private Shape Interleaved(Shape shape, out List<int> copies)
    {
        int lead = repeats.Length - shape.NDim;
        var sizes = new List<int>();
        copies = [];
        for (int d = 0; d < repeats.Length; d++)
        {
            if (repeats[d] != 1)
            {
                copies.Add(sizes.Count);
                sizes.Add(repeats[d]);
            }
            if (d >= lead) sizes.Add(shape[d - lead]);
        }
        return Shape.Of([.. sizes]);
    }
}

public static partial class OpTable
{
    private static Op Repeat => Op.Of(OpKind.Linear, "repeat", x => x.Repeat(2, 1, 3), Matrix,
        new() { Formula = "copies of x along every dimension", Torch = "x.repeat(2, 1, 3)" });

    private static Op Tile => Op.Of(OpKind.Composite, "tile", x => x.Tile(2), Matrix,
        new() { Formula = "copies of x along its last dimensions", Torch = "x.tile(2)", Onnx = "Tile" });
}
