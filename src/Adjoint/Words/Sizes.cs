using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A whole number for each spatial dimension: one for all of them, <c>2</c>, or one for each, <c>(2, 3)</c> or <c>[2, 3]</c>. What a layer
/// of windows or a convolution is told: its kernel size, stride, padding, dilation.
/// </summary>
/// <example><code>
/// Tensor x = Tensor.Rand(1, 3, 8, 8);
/// Tensor y = F.MaxPool2d(x, 2);                         // windows of 2 by 2
/// Tensor z = F.MaxPool2d(x, (2, 4), stride: (1, 2));
/// </code></example>
[CollectionBuilder(typeof(Sizes), nameof(Of))]
public readonly struct Sizes : IReadOnlyList<int>, IEquatable<Sizes>
{
    private readonly int[]? _sizes;
    private readonly bool _isOne;

    private Sizes(int[] sizes, bool isOne) => (_sizes, _isOne) = (sizes, isOne);

    /// <summary>How many numbers; 0 where none was given.</summary>
    public int Count => _sizes?.Length ?? 0;

    /// <summary>Number <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public int this[int index] => (uint)index < (uint)Count ? _sizes![index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} numbers in {this}.");

    /// <summary>Whether any was given.</summary>
    internal bool IsGiven => _sizes is not null;

    /// <summary>One for each dimension.</summary>
    public static Sizes Of(params ReadOnlySpan<int> sizes) => new(sizes.ToArray(), isOne: false);

    /// <summary>One number for all dimensions.</summary>
    public static implicit operator Sizes(int size) => new([size], isOne: true);

    /// <summary>One for each of two dimensions.</summary>
    public static implicit operator Sizes((int, int) sizes) => Of(sizes.Item1, sizes.Item2);

    /// <summary>One for each of three dimensions.</summary>
    public static implicit operator Sizes((int, int, int) sizes) => Of(sizes.Item1, sizes.Item2, sizes.Item3);

    /// <summary>One for each dimension.</summary>
    public static implicit operator Sizes(int[] sizes) => Of(sizes.Given());

    /// <summary>Whether both say the same.</summary>
    public static bool operator ==(Sizes left, Sizes right) => left.Equals(right);

    /// <summary>Whether they say something else.</summary>
    public static bool operator !=(Sizes left, Sizes right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_sizes ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Sizes other) => _isOne == other._isOne && (_sizes ?? []).AsSpan().SequenceEqual(other._sizes ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Sizes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_isOne, Count, Count > 0 ? _sizes![0] : 0);

    /// <summary>As Python writes it: <c>2</c> or <c>(2, 3)</c>.</summary>
    public override string ToString() => _sizes is null ? "None" : _isOne ? _sizes[0].ToString(CultureInfo.InvariantCulture)
        : $"({string.Join(", ", _sizes.Select(n => n.ToString(CultureInfo.InvariantCulture)))}{(_sizes.Length == 1 ? "," : "")})";

    /// <summary>The numbers of so many dimensions.</summary>
    /// <param name="dims">How many dimensions.</param>
    /// <param name="least">What each is at least.</param>
    /// <param name="operation">Who asks.</param>
    /// <param name="name">What the numbers are.</param>
    /// <exception cref="ArgumentException">There are others, or none.</exception>
    internal int[] Over(int dims, int least, string operation, string name)
    {
        if (!IsGiven || (Count != dims && Count != 1))
            throw new ArgumentException($"{operation}: {name} must be one number or {dims}, but is {this}.", name);
        foreach (int size in _sizes!)
            if (size < least)
                throw new ArgumentOutOfRangeException(name, size, $"{operation}: {name} must be at least {least}, but is {this}.");
        int only = _sizes[0];
        return Count == dims ? (int[])_sizes.Clone() : [.. Enumerable.Repeat(only, dims)];
    }

    /// <summary>The numbers of so many dimensions; another for each where none was given.</summary>
    /// <inheritdoc cref="Over"/>
    internal int[] For(string operation, string name, int dims, int least, int otherwise) =>
        Or(otherwise).Over(dims, least, operation, name);

    /// <summary>The numbers, or others where none were given.</summary>
    internal Sizes Or(Sizes other) => IsGiven ? this : other;
}
