namespace Adjoint.Formats;

/// <summary>How elements lie in a file, and the dtype of the tensor that they become.</summary>
/// <remarks>
/// // Note [Every stored type has a dtype that holds it]
/// Files hold types that no tensor has: halves, bytes with a sign, numbers of eight bits with an exponent. Each is read as the smallest
/// dtype that holds all its values, so no file loses a digit by being read. A type has one row in <see cref="StoredTypes"/> and its name in
/// each format is a column; a type that is not there is refused by its name.
/// </remarks>
/// <param name="SafeTensors">The name in safetensors files: <c>BF16</c>.</param>
/// <param name="Numpy">The letter and size of NumPy's <c>descr</c>: <c>f2</c>; null where NumPy has no such type.</param>
/// <param name="Torch">PyTorch's name of the storage: <c>HalfStorage</c>; null where PyTorch has none.</param>
/// <param name="Size">The bytes of an element.</param>
/// <param name="DType">What it becomes.</param>
/// <param name="Widen">Turns elements, little-endian, into those of the dtype; null where they lie as in a tensor.</param>
internal sealed record StoredType(
    string SafeTensors, string? Numpy, string? Torch, int Size, DType DType, StoredType.Widening? Widen = null)
{
    /// <summary>Turns elements of a file into elements of a tensor.</summary>
    /// <param name="from">Whole elements, as they lie in the file.</param>
    /// <param name="to">Room for as many, of the dtype.</param>
    /// <exception cref="OverflowException">The dtype cannot hold an element.</exception>
    internal delegate void Widening(ReadOnlySpan<byte> from, Span<byte> to);

    /// <summary>PyTorch's name of the dtype: <c>bfloat16</c>.</summary>
    internal string? TorchDType { get; init; }

    /// <summary>PyTorch's number of it (<c>at::ScalarType</c>), which TorchSharp writes; −1 where there is none.</summary>
    internal int TorchNumber { get; init; } = -1;

    /// <summary>The number of it in GGUF files (<c>ggml_type</c>); −1 where there is none.</summary>
    internal int GgmlNumber { get; init; } = -1;
}
