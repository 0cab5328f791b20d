namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Pieces of <paramref name="size"/> places along a dimension (the last may be smaller): views.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public Tensor[] Split(int size, int dim = 0) => SplitOp.Split(this, size, dim);

    /// <summary>Pieces of the given sizes along a dimension: views.</summary>
    /// <exception cref="ShapeException">The sizes do not add up to that of the dimension.</exception>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int dim = 0) => SplitOp.Split(this, sizes.ToArray(), dim, "SplitWithSizesBackward0");

    /// <summary>At most <paramref name="chunks"/> pieces of equal size along a dimension (the last may be smaller): views.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of pieces is not positive.</exception>
    public Tensor[] Chunk(int chunks, int dim = 0) => SplitOp.Chunk(this, chunks, dim);

    /// <summary>
    /// Exactly <paramref name="sections"/> pieces along a dimension, the first ones larger by one where it does not divide: plain slices.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of pieces is not positive.</exception>
    public Tensor[] TensorSplit(int sections, int dim = 0) => SplitOp.TensorSplit(this, sections, dim);
}

/// <summary>The pieces of x along a dimension.</summary>
internal readonly struct SplitOp(int[] sizes, int dim, string nodeName) : ITensorsOperation
{
    private const int MostPieces = 1 << 26;

    public string Name => NodeName.Operation(nodeName);

    public void Describe(OpAttributes to)
    {
        to.Add("split_sizes", sizes);
        to.Add("dim", dim);
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        var pieces = new Tensor[sizes.Length];
        int start = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = SliceOp.Narrow(x, dim, start, sizes[i]).Forward(x).AsViewOf(x, ViewOrigin.MultiOutput);
            start += sizes[i];
        }
        if (History.IsWanted(here, x))
            History.Record(pieces, new RuleNode<SplitRule>(here, new SplitRule(x.Shape, sizes, dim, nodeName), x), [x]);
        return pieces;
    }

    internal static Tensor[] Split(Tensor x, int size, int dim)
    {
        if (size <= 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Split: the size of the pieces must be positive, but is {size}.");
        int total = SizeOf(x, dim, "Split");
        var sizes = new int[Pieces("Split", nameof(size), x, Math.Max(1, ((long)total + size - 1) / size))];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = Math.Min(size, total - i * size);
        return Split(x, sizes, dim, "SplitBackward0");
    }

    internal static Tensor[] Chunk(Tensor x, int chunks, int dim)
    {
        if (chunks <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(chunks), chunks, $"Chunk: the number of pieces must be positive, but is {chunks}.");
        int total = SizeOf(x, dim, "Chunk"), size = (int)(((long)total + chunks - 1) / chunks);
        return size > 0
            ? Split(x, size, dim) : Split(x, new int[Pieces("Chunk", nameof(chunks), x, chunks)], dim, "SplitWithSizesBackward0");
    }

    internal static Tensor[] TensorSplit(Tensor x, int sections, int dim)
    {
        if (sections <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(sections), sections, $"TensorSplit: the number of pieces must be positive, but is {sections}.");
        int total = SizeOf(x, dim, "TensorSplit"), start = 0;
        var pieces = new Tensor[Pieces("TensorSplit", nameof(sections), x, sections)];
        for (int i = 0; i < sections; i++)
        {
            int size = total / sections + (i < total % sections ? 1 : 0);
            pieces[i] = x.Narrow(dim, start, size);
            start += size;
        }
        return pieces;
    }

    internal static Tensor[] Split(Tensor x, int[] sizes, int dim, string name)
    {
        int total = SizeOf(x, dim, "Split"), d = x.Shape.Wrap(dim);
        if (sizes.Sum(size => (long)size) != total || Array.Exists(sizes, size => size < 0))
            throw new ShapeException(
                $"Split: the sizes {Shape.Text(sizes)} must add up to {total}, the size of dimension {d} of shape {x.Shape}.");
        return sizes.Length == 0 ? [] : [.. Door.RunMany(new SplitOp(sizes, d, name), x)!];
    }

    private static int SizeOf(Tensor x, int dim, string operation) =>
        x.NDim > 0 ? x.Shape[dim] : throw new ShapeException($"{operation}: a tensor without dimensions cannot be cut into pieces.");

    // Each piece is an object of a hundred bytes, also one without elements.
    private static int Pieces(string operation, string parameter, Tensor x, long count) => count <= MostPieces ? (int)count
        : throw new ArgumentOutOfRangeException(
            parameter, count,
            $"{operation}: would cut the tensor of shape {x.Shape} into {count:N0} tensors; at most {MostPieces:N0} are made at once.");
}

/// <summary>The gradients of the pieces are joined, a missing one counts as zeros.</summary>
internal readonly struct SplitRule(Shape shape, int[] sizes, int dim, string nodeName) : IRule
{
    public string NodeName => nodeName;

    public int Results => sizes.Length;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx) =>
        dx[0] = Tensor.Cat(MissingGradients.Fill(g, Part), dim);

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => SplitOp.Split(t[0]!, sizes, dim, nodeName).CopyTo(dy);

    public void Show(SavedValues to) => to.Attributes.Add("dim", dim);

    private Shape Part(int i) => [.. shape.Sizes[..dim], sizes[i], .. shape.Sizes[(dim + 1)..]];
}

public static partial class OpTable
{
    private static Op Split => Op.Of(OpKind.Linear, "split", x => Parts(x.Split(2, 2)), Cube,
        new() { Formula = "pieces of a size of x", Torch = "parts(x.split(2, 2))", Onnx = "Split" });

    private static Op Chunk => Op.Of(OpKind.Linear, "chunk", x => Parts(x.Chunk(2)), Cube,
        new() { Formula = "so many pieces of x", Torch = "parts(x.chunk(2))" });

    private static Op TensorSplit => Op.Of(OpKind.Composite, "tensor_split", x => Parts(x.TensorSplit(3, 2)), Cube,
        new() { Formula = "so many pieces of x, the first ones longer", Torch = "parts(x.tensor_split(3, 2))" });
}
