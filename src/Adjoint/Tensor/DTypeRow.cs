namespace Adjoint;

/// <summary>What the elements of a dtype are. A number operand raises a tensor's dtype only across these kinds.</summary>
internal enum DTypeKind : byte
{
    /// <summary>True or false.</summary>
    Truth,

    /// <summary>Integers.</summary>
    Whole,

    /// <summary>Real numbers.</summary>
    Floating,
}

/// <summary>All that is known of one dtype: its row in the table of <see cref="DTypes"/>.</summary>
/// <remarks>
/// // Note [One row a dtype]
/// Nothing outside of the table and of <see cref="Dispatch"/> asks which dtype a tensor has. What is a fact (a name, a size, whether it
/// may be an index) is a column here, and what depends on the type of the elements is generic code that <see cref="Dispatch"/>
/// chooses. So a new dtype is a member of <see cref="DType"/>, its row, and a line in each dispatch that it takes part in; where it
/// takes no part, it is refused by name. A comparison or a switch somewhere else would be a place that a new dtype falls through
/// without a word; a test finds it.
/// </remarks>
/// <param name="DType">The dtype.</param>
/// <param name="Kind">What its elements are.</param>
/// <param name="Element">The C# type of an element.</param>
/// <param name="CSharp">The word for it: <c>float</c>.</param>
/// <param name="Size">Bytes an element takes.</param>
/// <param name="TorchName">PyTorch's name: <c>float32</c>.</param>
/// <param name="TorchTensor">The name of PyTorch's type of tensors: <c>FloatTensor</c>.</param>
/// <param name="SafeTensors">The name in safetensors files: <c>F32</c>.</param>
internal sealed record DTypeRow(
    DType DType, DTypeKind Kind, Type Element, string CSharp, int Size, string TorchName, string TorchTensor, string SafeTensors)
{
    /// <summary>Whether it is what a C# number of its kind becomes: what need not be printed.</summary>
    internal bool IsDefault { get; init; }

    /// <summary>Whether its elements may be places.</summary>
    internal bool IsIndex { get; init; }

    /// <summary>Whether its elements may be a mask: bytes that are true where they are not zero.</summary>
    internal bool IsMask { get; init; }

    /// <summary>Whether its elements may be pixels: bytes from 0 to 255, or numbers from 0 to 1.</summary>
    internal bool IsPixel { get; init; }

    /// <summary>The smallest whole number it holds; of floating point, the smallest that is asked for.</summary>
    internal long Least { get; init; } = long.MinValue;

    /// <summary>The largest whole number it holds; of floating point, the largest that is asked for.</summary>
    internal long Most { get; init; } = long.MaxValue;

    /// <summary>Of floating point: the largest finite number.</summary>
    internal double Largest { get; init; }

    /// <summary>Of floating point: the smallest number above 0.</summary>
    internal double Smallest { get; init; }

    /// <summary>The distance from 1 to the next number.</summary>
    internal double Epsilon { get; init; } = 1;

    /// <summary>Of floating point: the squares of a vector shorter than this lose digits, because they are too small for them.</summary>
    internal double ShortLength { get; init; }

    /// <summary>The dtype of the same kind that takes half the bytes, if there is one.</summary>
    internal DType? Half { get; init; }
}
