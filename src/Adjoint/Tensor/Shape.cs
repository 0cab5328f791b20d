using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The sizes of a tensor's dimensions; immutable, shared between tensors of the same shape.</summary>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private readonly int[] _sizes;
    private int[]? _strides;

    private Shape(int[] sizes, int numEl)
    {
        _sizes = sizes;
        NumEl = numEl;
    }

    /// <summary>The shape of a tensor without dimensions, which holds one element.</summary>
    public static Shape Scalar { get; } = new([], 1);

    /// <summary>How many dimensions.</summary>
    public int NDim => _sizes.Length;

    /// <summary>How many elements: the product of the sizes.</summary>
    public int NumEl { get; }

    int IReadOnlyCollection<int>.Count => _sizes.Length;

    /// <summary>The size of dimension <paramref name="dim"/>; a negative one counts from the end.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public int this[int dim] => _sizes[Wrap(dim)];

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The steps in elements along each dimension of a contiguous tensor of this shape.</summary>
    internal int[] Strides => _strides ??= RowMajor(_sizes);

    /// <summary>The shape with these sizes.</summary>
    /// <exception cref="ShapeException">A size is negative, or there would be more than 2³¹−1 elements.</exception>
    public static Shape Of(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length == 0) return Scalar;
        long numEl = 1;
        bool empty = sizes.Contains(0);
        foreach (int size in sizes)
        {
            if (size < 0) throw new ShapeException($"A shape with a negative size was asked for: {Text(sizes)}.");
            numEl *= size;
            if (numEl > int.MaxValue && !empty)
                throw new ShapeException($"The shape {Text(sizes)} has more than {int.MaxValue:N0} elements, the most a tensor can hold.");
        }
        return new Shape(sizes.ToArray(), empty ? 0 : (int)numEl);
    }

    /// <summary>The dimension <paramref name="dim"/> counted from the start; negative ones count from the end.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    internal int Wrap(int dim)
    {
        int n = Math.Max(NDim, 1);
        if (dim < -n || dim >= n)
            throw new ShapeException($"Dimension out of range: got {dim}, expected one in [{-n}, {n - 1}] for the shape {this}.");
        return dim < 0 ? dim + n : dim;
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => ReferenceEquals(this, other) || (other is not null && _sizes.AsSpan().SequenceEqual(other._sizes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int size in _sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Whether both have the same sizes.</summary>
    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    /// <summary>Whether a size differs.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The sizes in brackets: <c>[64, 784]</c>.</summary>
    public override string ToString() => Text(_sizes);

    internal static string Text(ReadOnlySpan<int> sizes) => "[" + string.Join(", ", sizes.ToArray()) + "]";

    private static int[] RowMajor(int[] sizes)
    {
        var strides = new int[sizes.Length];
        int step = 1;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            strides[d] = step;
            step *= Math.Max(sizes[d], 1);
        }
        return strides;
    }
}
