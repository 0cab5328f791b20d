namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Copies of this tensor side by side, repeats[d] of them along dimension d.</summary>
    /// <param name="repeats">At least as many numbers as there are dimensions; further ones stand for new leading dimensions.</param>
    /// <exception cref="ShapeException">There are fewer numbers than dimensions, or a negative one.</exception>
    public Tensor Repeat(params ReadOnlySpan<int> repeats) => Linear.Apply(RepeatOp.Of(this, repeats), this);

    /// <summary>As <see cref="Repeat"/>, but fewer numbers than dimensions count for the last ones.</summary>
    public Tensor Tile(params ReadOnlySpan<int> repeats) => RepeatOp.Tile(this, repeats);
}

/// <summary>y = copies of x side by side; its transpose sums over the copies.</summary>
internal readonly struct RepeatOp(int[] repeats) : ILinearOp
{
    public static string NodeName => "RepeatBackward0";

    internal static RepeatOp Of(Tensor x, ReadOnlySpan<int> repeats)
    {
        if (repeats.Length < x.NDim)
            throw new ShapeException($"Repeat: {Shape.Text(repeats)} has fewer numbers than the tensor of shape {x.Shape} has dimensions. Use Tile.");
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

    // Each dimension becomes two, the copies (with stride 0) and the places; read in order they are the result.
    public Tensor Forward(Tensor x)
    {
        int lead = repeats.Length - x.NDim;
        var result = new int[repeats.Length];
        int[] sizes = Interleaved(x.Shape), strides = new int[2 * repeats.Length];
        for (int d = 0; d < result.Length; d++)
        {
            result[d] = sizes[2 * d] * sizes[2 * d + 1];
            if (d >= lead) strides[2 * d + 1] = x.Strides[d - lead];
        }
        return Elements.Copy(x.Alias(Shape.Of(sizes), strides, x.Offset)).Alias(Shape.Of(result), null, 0);
    }

    public Tensor Apply(Tensor x) => x.Repeat(repeats);

    public Tensor Transpose(Tensor g, TensorFacts x)
    {
        if (repeats.Length == 0) return g;
        var copies = new int[repeats.Length];
        for (int d = 0; d < copies.Length; d++) copies[d] = 2 * d;
        return g.Reshape(Shape.Of(Interleaved(x.Shape))).Sum(copies).Reshape(x.Shape);
    }

    private int[] Interleaved(Shape shape)
    {
        int lead = repeats.Length - shape.NDim;
        var sizes = new int[2 * repeats.Length];
        for (int d = 0; d < repeats.Length; d++) (sizes[2 * d], sizes[2 * d + 1]) = (repeats[d], d < lead ? 1 : shape[d - lead]);
        return sizes;
    }
}
