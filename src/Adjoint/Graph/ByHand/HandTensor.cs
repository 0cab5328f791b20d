namespace Adjoint;

/// <summary>
/// A tensor in a program written by hand: an array, and where in it the elements lie. Dimensions that loops go through already are part
/// of its place.
/// </summary>
internal sealed class HandTensor
{
    private readonly (string Variable, int Stride)[] _terms;

    private HandTensor(GraphMemory memory, Shape shape, int[] strides, int offset, (string, int)[] terms)
    {
        (Memory, Shape, Strides, Offset, _terms) = (memory, shape, strides, offset, terms);
    }

    /// <summary>A tensor of the graph, in its memory or one that stands for it.</summary>
    internal static HandTensor Of(GraphTensor x, GraphMemory memory) => new(memory, x.Shape, x.Strides.ToArray(), x.Offset, []);

    /// <summary>All of a memory, row after row.</summary>
    internal static HandTensor Whole(GraphMemory memory, Shape shape)
    {
        var strides = new int[shape.NDim];
        for (int d = strides.Length - 1, step = 1; d >= 0; step *= Math.Max(1, shape[d--])) strides[d] = step;
        return new(memory, shape, strides, 0, []);
    }

    /// <summary>The array.</summary>
    internal GraphMemory Memory { get; }

    /// <summary>The sizes of the dimensions that no loop goes through yet.</summary>
    internal Shape Shape { get; }

    /// <summary>How far apart in the array neighbours along them are.</summary>
    internal int[] Strides { get; }

    /// <summary>Where the first element lies, beside what loops add.</summary>
    internal int Offset { get; }

    /// <summary>Whether what is left of it lies row after row.</summary>
    internal bool IsContiguous => Layout.IsContiguous(Shape, Strides);

    internal DType DType => Memory.DType;

    /// <summary>The numbers of all dimensions.</summary>
    internal int[] AllDims => [.. Enumerable.Range(0, Shape.NDim)];

    /// <summary>The type of the elements in C#.</summary>
    internal string Word => DType.Row.CSharp;

    /// <summary>The same memory, shown otherwise.</summary>
    internal HandTensor As(Shape shape, int[] strides, int offset) => new(Memory, shape, strides, offset, _terms);

    /// <summary>A tensor that lies as this one does, where only that matters.</summary>
    internal Tensor Shown() => Tensor.Uninitialized([Memory.Length], DType).Alias(Shape, Strides, Offset);

    /// <summary>The same memory as a view shows it.</summary>
    /// <param name="view">Makes the view of a tensor that lies as this one does.</param>
    internal HandTensor As(Func<Tensor, Tensor> view)
    {
        using Unrecorded _ = Unrecorded.Begin();
        Tensor shown = view(Shown());
        return As(shown.Shape, shown.Strides.ToArray(), shown.Offset);
    }

    /// <summary>Broadcast to a shape.</summary>
    internal HandTensor Expanded(Shape shape) =>
        Shape.Equals(shape) ? this : As(shape, Layout.ExpandStrides(Shape, Strides, shape), Offset);

    /// <summary>The dimensions in another order.</summary>
    internal HandTensor Permuted(params int[] order) =>
        As(Shape.Of([.. order.Select(d => Shape[d])]), [.. order.Select(d => Strides[d])], Offset);

    /// <summary>The only dimension that is left, from its end.</summary>
    internal HandTensor Backward() => As(Shape, [-Strides[0]], Offset + (Shape[0] - 1) * Strides[0]);

    /// <summary>The first dimensions as one, and the others as one; it must lie row after row.</summary>
    internal HandTensor Rows(int outer, int n) => Layout.ViewStrides(Shape, Strides, [Shape.NumEl / n, n]) is { } strides
        ? As([Shape.NumEl / n, n], strides, Offset) : throw new NotSupportedException("Its rows do not lie one after the other.");

    /// <summary>Some places along a dimension.</summary>
    internal HandTensor Narrow(int dim, int start, int count)
    {
        int[] sizes = Shape.Sizes.ToArray();
        sizes[dim] = count;
        return As(Shape.Of(sizes), Strides, Offset + start * Strides[dim]);
    }

    /// <summary>One place along a dimension, which is gone then.</summary>
    internal HandTensor Select(int dim, int index) =>
        As(Shape.Of([.. Without(Shape.Sizes.ToArray(), dim)]), Without(Strides, dim), Offset + index * Strides[dim]);

    /// <summary>The place that the variables stand for, along the first dimensions, which are gone then.</summary>
    internal HandTensor At(params IReadOnlyList<string> variables)
    {
        (string, int)[] added = [.. variables.Select((v, d) => (v, Strides[d]))];
        return new(
            Memory, Shape.Of(Shape.Sizes[variables.Count..].ToArray()), Strides[variables.Count..], Offset,
            [.. _terms, .. added.Where(t => t.Item2 != 0)]);
    }

    /// <summary>So much further on: variables, and how far apart in the array what they count is.</summary>
    internal HandTensor Plus(IEnumerable<(string Variable, int Stride)> terms) =>
        new(Memory, Shape, Strides, Offset, [.. _terms, .. terms.Where(t => t.Stride != 0)]);

    /// <summary>Where in the array it begins, as C#: <c>i * 5 + 2</c>.</summary>
    internal string Place
    {
        get
        {
            var text = new System.Text.StringBuilder();
            foreach ((string variable, int stride) in _terms.OrderByDescending(t => Math.Abs(t.Stride)))
            {
                if (stride < 0 && text.Length == 0 && Offset > 0) text.Append(Offset);
                text.Append(text.Length == 0 ? stride < 0 ? "-" : "" : stride < 0 ? " - " : " + ");
                text.Append(Math.Abs(stride) == 1 ? variable : $"{variable} * {Math.Abs(stride)}");
            }
            bool isSaid = _terms.Length > 0 && Offset > 0 && _terms.MaxBy(t => Math.Abs(t.Stride)).Stride < 0;
            if (text.Length == 0) return $"{Offset}";
            if (Offset != 0 && !isSaid) text.Append(Offset > 0 ? $" + {Offset}" : $" - {-Offset}");
            return text.ToString();
        }
    }

    private static int[] Without(int[] list, int at) => [.. list[..at], .. list[(at + 1)..]];
}
