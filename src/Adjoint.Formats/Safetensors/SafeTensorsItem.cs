namespace Adjoint.Formats;

/// <summary>One tensor to be written to a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The type of its elements in the format's own word: <c>F32</c>, <c>I64</c>, <c>BOOL</c>.</param>
/// <param name="Shape">The size of each dimension; none for a scalar.</param>
/// <param name="Data">Gives its elements, little-endian, in row-major order, when their turn has come.</param>
public sealed record SafeTensorsItem(string Name, string DType, long[] Shape, Func<ReadOnlyMemory<byte>> Data)
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = Name.Given();

    /// <summary>Its dtype as safetensors names it.</summary>
    public string DType { get; init; } = DType.Given();

    /// <summary>Its shape.</summary>
    public long[] Shape { get; init; } = Shape.Given();

    /// <summary>Gives its bytes.</summary>
    public Func<ReadOnlyMemory<byte>> Data { get; init; } = Data.Given();
}
