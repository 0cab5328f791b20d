namespace Adjoint;

/// <summary>Which example of a batch an element belongs to, for the values that a graph computes.</summary>
/// <remarks>
/// // Note [Whose element]
/// The examples are the slices of the data along its first dimension: of the first argument, otherwise of the first tensor from outside
/// that is only read. From there the dimension is followed through the operations by its size and place: rows of a product, the same
/// place in an element-wise operation, counted from the left or, where tensors are broadcast, from the right. It is remembered as a
/// stride in memory, so that views need nothing. Where it is lost (a sum over all) what follows belongs to no example.
/// </remarks>
internal sealed class GraphExamples
{
    private readonly Dictionary<GraphMemory, (int Stride, int Count, int Fixed)> _axes = new(ReferenceEqualityComparer.Instance);

    // Explanations of one tensor share it, also on several threads.
    private readonly Lock _following = new();
    private readonly Graph _graph;
    private int _followed;

    internal GraphExamples(Graph graph)
    {
        _graph = graph;
        GraphMemory[] data = [.. graph.Memories.Where(IsData)];
        Data = data.FirstOrDefault(m => m.Role == GraphRole.Input) ?? data.FirstOrDefault(m => m.Tensor!.NDim > 1) ?? data.FirstOrDefault();
        if (Data is null) return;
        int count = Data.Tensor!.Shape[0];
        foreach (GraphMemory memory in data)
            if (memory.Tensor!.Shape[0] == count) _axes[memory] = (memory.Tensor.Strides[0], count, -1);
    }

    // Only as far as somebody asks: for a layer near the data that is a few operations of thousands.
    private void Follow(GraphMemory memory)
    {
        int last = memory.Values[0].MadeBy?.Index ?? -1;
        for (; Data is not null && _followed < _graph.Operations.Count && _graph.Operations[_followed].Index <= last; _followed++)
        {
            GraphOperation operation = _graph.Operations[_followed];
            if (operation.IsView || operation.Phase == GraphPhase.Update) continue;
            foreach (GraphTensor y in operation.Results.OfType<GraphTensor>())
                if (!_axes.ContainsKey(y.Value.Memory) && Follow(operation, y) is { } axis) _axes[y.Value.Memory] = axis;
        }
    }

    /// <summary>The data whose first dimension counts the examples; null if there is none.</summary>
    internal GraphMemory? Data { get; }

    /// <summary>Whether elements of a value belong to examples.</summary>
    internal bool Has(GraphMemory memory)
    {
        lock (_following)
        {
            Follow(memory);
            return _axes.ContainsKey(memory);
        }
    }

    /// <summary>The example that an element belongs to; null for none.</summary>
    internal int? Of(GraphMemory memory, int place)
    {
        lock (_following)
        {
            Follow(memory);
            return !_axes.TryGetValue(memory, out var axis) ? null : axis.Fixed >= 0 ? axis.Fixed : place / axis.Stride % axis.Count;
        }
    }

    private static bool IsData(GraphMemory memory) =>
        memory is { Role: GraphRole.Input or GraphRole.Constant, Tensor: { NDim: > 0, RequiresGrad: false } tensor }
        && tensor.Offset == 0 && tensor.Shape[0] > 0 && tensor.NumEl == memory.Length && tensor.Strides[0] > 0;

    private (int Stride, int Count, int Fixed)? Follow(GraphOperation operation, GraphTensor y)
    {
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (operation.Inputs[i] is not { } x || !_axes.TryGetValue(x.Value.Memory, out var axis)) continue;
            if (axis.Fixed >= 0) return axis;
            if (Dimension(x, axis.Stride, axis.Count) is not var (d, size))
            {
                // One example of it, or a part of one.
                int first = x.Offset / axis.Stride % axis.Count;
                if (x.Shape.NumEl > 0 && GraphPlaces.PlaceOf(x, x.Shape.NumEl - 1) / axis.Stride % axis.Count == first)
                    return (1, axis.Count, first);
                continue;
            }
            if (x.Shape[d] != size) continue;
            if (Place(operation, i, x, d, y) is { } at && y.Shape[at] == size && y.Strides[at] > 0)
                return (y.Strides[at] * (size / axis.Count), axis.Count, -1);
        }
        return null;
    }

    // Where the examples are in a tensor: a dimension, alone or merged with those within it.
    private static (int At, int Size)? Dimension(GraphTensor x, int stride, int count)
    {
        for (int d = 0; d < x.Shape.NDim; d++)
        {
            if (x.Strides[d] == 0 || x.Shape[d] % count != 0) continue;
            if (x.Strides[d] * (x.Shape[d] / count) == stride) return (d, x.Shape[d]);
        }
        return null;
    }

    private static int? Place(GraphOperation operation, int input, GraphTensor x, int d, GraphTensor y)
    {
        int fromRight = x.Shape.NDim - d;
        switch (operation.Name)
        {
            case "mm" or "bmm" or "addmm" or "linear" or "linear_relu" or "mv" or "dot":
                int left = operation.Name is "addmm" or "linear" or "linear_relu" ? 1 : 0;
                if (input == left)
                {
                    bool turned = operation.Attributes.GetValueOrDefault("transpose_self") is true;
                    int row = turned ? x.Shape.NDim - 1 : Math.Max(0, x.Shape.NDim - 2);
                    return x.Shape.NDim == 1 ? null : d == row ? Math.Max(0, y.Shape.NDim - (y.Shape.NDim == 1 ? 1 : 2))
                        : d < x.Shape.NDim - 2 ? d : null;
                }
                return input < left ? null : d < x.Shape.NDim - 2 ? d : x.Shape.NDim == 1 || y.Shape.NDim == 0 ? null
                    : (d == x.Shape.NDim - 1) != (operation.Attributes.GetValueOrDefault("transpose_mat2") is true)
                        ? y.Shape.NDim - 1 : null;
            case "stack":
                return d + (operation.Attributes.GetValueOrDefault("dim") is int at && at <= d ? 1 : 0);
            case "sum" or "mean" or "amax" or "amin" or "prod" or "var" or "std" or "norm" or "logsumexp":
                int[] over = GraphReads.DimensionsOf(operation, x.Shape.NDim);
                if (over.Contains(d)) return null;
                return y.Shape.NDim == x.Shape.NDim ? d : d - over.Count(o => o < d);
            default:
                if (d < y.Shape.NDim && y.Shape[d] == x.Shape[d] && y.Shape.NDim == x.Shape.NDim) return d;
                if (y.Shape.NDim >= fromRight && y.Shape[y.Shape.NDim - fromRight] == x.Shape[d]) return y.Shape.NDim - fromRight;
                return d < y.Shape.NDim && y.Shape[d] == x.Shape[d] ? d : null;
        }
    }
}
