namespace Adjoint;

/// <summary>
/// How many places are added at both ends of each dimension before a convolution: numbers as <see cref="Sizes"/>, "same" or "valid".
/// </summary>
/// <example><code>
/// Tensor x = Tensor.Ones([1, 1, 5, 7]), w = Tensor.Ones([1, 1, 3, 3]);
/// Shape a = F.Conv2d(x, w, padding: 1).Shape;                   // [1, 1, 5, 7]
/// Shape b = F.Conv2d(x, w, padding: (0, 2)).Shape;              // [1, 1, 3, 9]
/// Shape c = F.Conv2d(x, w, padding: ConvPadding.Same).Shape;    // [1, 1, 5, 7]
/// </code></example>
public readonly struct ConvPadding : IEquatable<ConvPadding>
{
    private readonly Kind _kind;

    private ConvPadding(Kind kind, Sizes sizes = default) => (_kind, Sizes) = (kind, sizes);

    private enum Kind
    {
        Numbers,
        Same,
        Valid,
    }

    /// <summary>As many that the output is as large as the input; where that is odd, one more at the end. For a stride of 1.</summary>
    public static ConvPadding Same => new(Kind.Same);

    /// <summary>None.</summary>
    public static ConvPadding Valid => new(Kind.Valid);

    /// <summary>The numbers; none for <see cref="Same"/> and <see cref="Valid"/>, and where it was left out.</summary>
    public Sizes Sizes { get; }

    /// <summary>Whether it is <see cref="Same"/>.</summary>
    public bool IsSame => _kind == Kind.Same;

    /// <summary>Whether it is <see cref="Valid"/>.</summary>
    public bool IsValid => _kind == Kind.Valid;

    /// <summary>One number for every dimension.</summary>
    public static implicit operator ConvPadding(int all) => new(Kind.Numbers, all);

    /// <summary>Two dimensions.</summary>
    public static implicit operator ConvPadding((int, int) each) => new(Kind.Numbers, each);

    /// <summary>Three dimensions.</summary>
    public static implicit operator ConvPadding((int, int, int) each) => new(Kind.Numbers, each);

    /// <summary>One number for each dimension.</summary>
    /// <exception cref="ShapeException">There are none.</exception>
    public static implicit operator ConvPadding(int[] each) => new(Kind.Numbers, each.Given());

    /// <summary>The numbers.</summary>
    public static implicit operator ConvPadding(Sizes sizes) => new(Kind.Numbers, sizes);

    /// <summary>"same" or "valid".</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static implicit operator ConvPadding(string name) => name.Given() switch
    {
        "same" => Same,
        "valid" => Valid,
        _ => throw new ArgumentException($"ConvPadding: a padding is numbers, \"same\" or \"valid\", but not \"{name}\".", nameof(name)),
    };

    /// <summary>Whether both say the same.</summary>
    public static bool operator ==(ConvPadding a, ConvPadding b) => a.Equals(b);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ConvPadding a, ConvPadding b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(ConvPadding other) => _kind == other._kind && Sizes == other.Sizes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConvPadding other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_kind, Sizes);

    /// <summary><c>same</c>, <c>valid</c>, or the numbers.</summary>
    public override string ToString() => _kind switch { Kind.Same => "same", Kind.Valid => "valid", _ => Sizes.ToString() };
}
