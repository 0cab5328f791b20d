namespace Adjoint.Data;

/// <summary>Makes batches of examples.</summary>
internal static class Collate
{
    /// <summary>Stacks the tensors at the same place of every example along a new first dimension.</summary>
    public static Batch Stack(Tensor[][] examples)
    {
        HostAccess.Read("A batch of examples");
        if (examples.Length == 0) throw new ArgumentException("A batch needs at least one example.");
        for (int i = 0; i < examples.Length; i++)
            if (examples[i] is null || examples[i].Contains(null!))
                throw new InvalidOperationException($"A batch needs tensors, but the dataset gave null for example {i} of the batch.");
        for (int i = 1; i < examples.Length; i++)
            if (examples[i].Length != examples[0].Length)
                throw new ShapeException(
                    $"A batch needs examples of equally many tensors, but example 0 has {examples[0].Length} and example {i} has "
                    + $"{examples[i].Length}.");
        var parts = new Tensor[examples[0].Length];
        for (int part = 0; part < parts.Length; part++) parts[part] = Stack(examples, part);
        return new Batch(parts);
    }

    /// <summary>The rows of <paramref name="source"/> at <paramref name="indices"/>, as a new tensor.</summary>
    public static Tensor Rows(Tensor source, ReadOnlySpan<int> indices)
    {
        HostAccess.Read("A batch of a dataset");
        Tensor rows = Tensor.Empty(Shape.Of([indices.Length, .. source.Shape.Sizes[1..]]), source.DType);
        var work = new RowsWork(source, indices, rows);
        Dispatch.Moving(source.DType, ref work);
        return rows;
    }

    private readonly ref struct RowsWork(Tensor source, ReadOnlySpan<int> indices, Tensor target) : IMovingWork
    {
        private readonly ReadOnlySpan<int> _indices = indices;

        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            Rows(memory.Of<T>(source), source.NumEl / Math.Max(1, source.Shape[0]), _indices, memory.Of<T>(target));
        }
    }

    private static void Rows<T>(ReadOnlySpan<T> from, int size, ReadOnlySpan<int> indices, Span<T> to) where T : unmanaged
    {
        for (int i = 0; i < indices.Length; i++) from.Slice(indices[i] * size, size).CopyTo(to[(i * size)..]);
    }

    private static Tensor Stack(Tensor[][] examples, int part)
    {
        Tensor first = examples[0][part];
        Tensor stacked = Tensor.Empty(Shape.Of([examples.Length, .. first.Shape.Sizes]), first.DType);
        for (int i = 0; i < examples.Length; i++)
        {
            Tensor example = examples[i][part];
            if (example.Shape != first.Shape || example.DType != first.DType)
                throw new ShapeException(
                    $"A batch needs examples of one shape and dtype, but tensor {part} of example 0 is {first.DType} {first.Shape} and "
                    + $"that of example {i} is {example.DType} {example.Shape}.");
            Tensor contiguous = Elements.ToContiguous(example.Detach());
            Elements.CopyTo(contiguous, stacked.Alias(first.Shape, null, i * first.NumEl));
        }
        return stacked;
    }
}
