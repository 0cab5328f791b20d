using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>One number for every spatial dimension, or one for each: what kernels, strides and dilations are told by.</summary>
/// <remarks>
/// <c>3</c> is 3 in every dimension, <c>(3, 5)</c> or <c>[3, 5]</c> are 3 and 5. What is left out is the default of the parameter.
/// </remarks>
/// <example><code>
/// Tensor x = Tensor.Ones([1, 1, 5, 7]), w = Tensor.Ones([1, 1, 3, 3]);
/// Shape a = F.Conv2d(x, w, stride: 2).Shape;          // [1, 1, 2, 3]
/// Shape b = F.Conv2d(x, w, stride: (2, 1)).Shape;     // [1, 1, 2, 5]
/// </code></example>
[CollectionBuilder(typeof(Sizes), nameof(Of))]
public readonly struct Sizes : IReadOnlyList<int>, IEquatable<Sizes>
{
    private readonly int[]? _each;

    private Sizes(int[] each) => _each = each;

    /// <summary>How many numbers there are: 1, or one for each dimension; 0 where it was left out.</summary>
    public int Count => _each?.Length ?? 0;

    /// <summary>A number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none there.</exception>
    public int this[int index] => index >= 0 && index < Count ? _each![index] : throw new ArgumentOutOfRangeException(
        nameof(index), index, $"Sizes: there are {Count} numbers.");

    /// <summary>These numbers, one for each dimension.</summary>
    /// <exception cref="ShapeException">There are none.</exception>
    public static Sizes Of(ReadOnlySpan<int> each) =>
        each.IsEmpty ? throw new ShapeException("Sizes.Of: needs a number for each dimension, but got none.") : new(each.ToArray());

    /// <summary>One number for every dimension.</summary>
    public static implicit operator Sizes(int all) => new([all]);

    /// <summary>Two dimensions.</summary>
    public static implicit operator Sizes((int, int) each) => new([each.Item1, each.Item2]);

    /// <summary>Three dimensions.</summary>
    public static implicit operator Sizes((int, int, int) each) => new([each.Item1, each.Item2, each.Item3]);

    /// <summary>One number for each dimension.</summary>
    /// <exception cref="ShapeException">There are none.</exception>
    public static implicit operator Sizes(int[] each) => Of(each.Given());

    /// <summary>Whether both say the same numbers.</summary>
    public static bool operator ==(Sizes a, Sizes b) => a.Equals(b);

    /// <summary>Whether a number differs.</summary>
    public static bool operator !=(Sizes a, Sizes b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(Sizes other) => _each.AsSpan().SequenceEqual(other._each);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Sizes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int size in _each ?? []) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_each ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The numbers: <c>3</c>, or <c>(3, 5)</c>.</summary>
    public override string ToString() => Count == 1 ? $"{_each![0]}" : $"({string.Join(", ", _each ?? [])})";

    /// <summary>A number for each of so many dimensions.</summary>
    /// <param name="operation">Who asks.</param>
    /// <param name="name">As which parameter.</param>
    /// <param name="dims">How many dimensions.</param>
    /// <param name="least">What each must be at least.</param>
    /// <param name="otherwise">What each is where it was left out.</param>
    /// <exception cref="ShapeException">There are more or fewer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is too small.</exception>
    internal int[] For(string operation, string name, int dims, int least, int otherwise)
    {
        int[] each = Count switch
        {
            0 => [.. Enumerable.Repeat(otherwise, dims)],
            1 => [.. Enumerable.Repeat(_each![0], dims)],
            _ => [.. _each!],
        };
        if (each.Length != dims)
            throw new ShapeException($"{operation}: {name} must be one number, or {dims}, one for each dimension, but is {this}.");
        foreach (int size in each)
            if (size < least)
                throw new ArgumentOutOfRangeException(name, size, $"{operation}: {name} must be at least {least}, but is {this}.");
        return each;
    }
}
