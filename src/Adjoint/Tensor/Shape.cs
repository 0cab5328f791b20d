using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The sizes of a tensor's dimensions; immutable, shared between tensors of the same shape.</summary>
/// <remarks>
/// // Note [Products of sizes]
/// Sizes, strides and places are ints, so that a kernel's index fits a register and a span's length. What makes that safe is here and
/// nowhere else: the product of all sizes that are not 0 fits an int, also of a shape without elements. So does then the product of any
/// of them, which is what loops count to and strides are. (PyTorch takes [0, 65536, 65536]; here it is refused, as [65536, 65536] is.)
/// </remarks>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed partial class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The most dimensions a shape has: as many as PyTorch's reductions take, and what loops keep on the stack.</summary>
    internal const int MaxDimensions = 64;

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

    /// <summary>The size of dimension <paramref name="dim"/>; a negative one counts from the end.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public int this[int dim] => _sizes[Wrap(dim)];

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The steps in elements along each dimension of a contiguous tensor of this shape.</summary>
    internal int[] Strides => _strides ??= RowMajor(_sizes);

    /// <summary>The shape with these sizes.</summary>
    /// <exception cref="ShapeException">
    /// A size is negative, the sizes other than 0 multiply to more than 2³¹−1, or there are more than 64 of them.
    /// </exception>
    public static Shape Of(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length == 0) return Scalar;
        if (sizes.Length > MaxDimensions)
            throw new ShapeException($"A shape of {sizes.Length} dimensions was asked for; a tensor has at most {MaxDimensions}.");
        long product = 1;
        bool empty = false;
        foreach (int size in sizes)
        {
            if (size < 0) throw new ShapeException($"A shape with a negative size was asked for: {Text(sizes)}.");
            if (size == 0) empty = true;
            else product *= size;
            if (product > int.MaxValue) throw TooLarge(Text(sizes), sizes.Contains(0));
        }
        return new Shape(sizes.ToArray(), empty ? 0 : (int)product);
    }

    /// <summary>The shape with sizes that were computed, and may be larger than any tensor's.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{int})"/>
    internal static Shape Computed(params ReadOnlySpan<long> sizes)
    {
        var fitting = new int[sizes.Length];
        for (int d = 0; d < fitting.Length; d++)
        {
            if (sizes[d] > int.MaxValue) throw TooLarge(Text(sizes), sizes.Contains(0));
            fitting[d] = (int)Math.Max(sizes[d], int.MinValue);
        }
        return Of((ReadOnlySpan<int>)fitting);
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

    private static string Text(ReadOnlySpan<long> sizes) => "[" + string.Join(", ", sizes.ToArray()) + "]";

    // See Note [Products of sizes].
    private static ShapeException TooLarge(string sizes, bool empty) => new(empty
        ? $"The shape {sizes} has no elements, but its other sizes multiply to more than {int.MaxValue:N0}, the most a tensor's may."
        : $"The shape {sizes} has more than {int.MaxValue:N0} elements, the most a tensor can hold.");

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
