namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Pieces of <paramref name="size"/> places along a dimension (the last may be smaller): views.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public Tensor[] Split(int size, int dim = 0) => SplitNode.Split(this, size, dim);

    /// <summary>Pieces of the given sizes along a dimension: views.</summary>
    /// <exception cref="ShapeException">The sizes do not add up to that of the dimension.</exception>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int dim = 0) => SplitNode.Split(this, sizes.ToArray(), dim, "SplitWithSizesBackward0");

    /// <summary>At most <paramref name="chunks"/> pieces of equal size along a dimension (the last may be smaller): views.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of pieces is not positive.</exception>
    public Tensor[] Chunk(int chunks, int dim = 0) => SplitNode.Chunk(this, chunks, dim);

    /// <summary>Exactly <paramref name="sections"/> pieces along a dimension, the first ones larger by one where it does not divide: plain slices.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of pieces is not positive.</exception>
    public Tensor[] TensorSplit(int sections, int dim = 0) => SplitNode.TensorSplit(this, sections, dim);
}

/// <summary>The pieces of x along a dimension; the gradients are joined, a missing one counts as zeros.</summary>
internal sealed class SplitNode(Tensor x, int[] sizes, int dim, string name) : VariadicNode(x)
{
    private const int MostPieces = 1 << 26;

    private readonly Shape _shape = x.Shape;

    public override string Name => name;

    internal override int OutputCount => sizes.Length;

    internal static Tensor[] Split(Tensor x, int size, int dim)
    {
        if (size <= 0) throw new ArgumentOutOfRangeException(nameof(size), size, $"Split: the size of the pieces must be positive, but is {size}.");
        int total = SizeOf(x, dim, "Split");
        var sizes = new int[Pieces("Split", nameof(size), x, Math.Max(1, ((long)total + size - 1) / size))];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = Math.Min(size, total - i * size);
        return Split(x, sizes, dim, "SplitBackward0");
    }

    internal static Tensor[] Chunk(Tensor x, int chunks, int dim)
    {
        if (chunks <= 0) throw new ArgumentOutOfRangeException(nameof(chunks), chunks, $"Chunk: the number of pieces must be positive, but is {chunks}.");
        int total = SizeOf(x, dim, "Chunk"), size = (int)(((long)total + chunks - 1) / chunks);
        return size > 0 ? Split(x, size, dim) : Split(x, new int[Pieces("Chunk", nameof(chunks), x, chunks)], dim, "SplitWithSizesBackward0");
    }

    internal static Tensor[] TensorSplit(Tensor x, int sections, int dim)
    {
        if (sections <= 0) throw new ArgumentOutOfRangeException(nameof(sections), sections, $"TensorSplit: the number of pieces must be positive, but is {sections}.");
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
        int total = SizeOf(x, dim, "Split"), d = x.Shape.Wrap(dim), start = 0;
        if (sizes.Sum(size => (long)size) != total || Array.Exists(sizes, size => size < 0))
            throw new ShapeException($"Split: the sizes {Shape.Text(sizes)} must add up to {total}, the size of dimension {d} of shape {x.Shape}.");
        var pieces = new Tensor[sizes.Length];
        for (int i = 0; i < pieces.Length; i++)
        {
            pieces[i] = SliceOp.Narrow(x, d, start, sizes[i]).Forward(x).AsViewOf(x, ViewOrigin.MultiOutput);
            start += sizes[i];
        }
        if (History.IsWanted(x)) History.Record(pieces, new SplitNode(x, sizes, d, name), [x]);
        return pieces;
    }

    internal override Tensor?[] Apply(Tensor?[] gradients) => [MissingGradients.Fill(gradients, Part) is { } all ? Tensor.Cat(all, dim) : null];

    internal override Tensor?[] Jvp(Tensor?[] tangents) => tangents[0] is { } t ? Split(t, sizes, dim, name) : new Tensor?[OutputCount];

    private static int SizeOf(Tensor x, int dim, string operation) =>
        x.NDim > 0 ? x.Shape[dim] : throw new ShapeException($"{operation}: a tensor without dimensions cannot be cut into pieces.");

    // Each piece is an object of a hundred bytes, also one without elements.
    private static int Pieces(string operation, string parameter, Tensor x, long count) => count <= MostPieces ? (int)count
        : throw new ArgumentOutOfRangeException(parameter, count, $"{operation}: would cut the tensor of shape {x.Shape} into {count:N0} tensors; at most {MostPieces:N0} are made at once.");

    private Shape Part(int i) => [.. _shape.Sizes[..dim], sizes[i], .. _shape.Sizes[(dim + 1)..]];
}
