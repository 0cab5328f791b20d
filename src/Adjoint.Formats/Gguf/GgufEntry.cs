namespace Adjoint.Formats;

/// <summary>One tensor of a GGUF file, as its header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sizes">Its shape, the last dimension running fastest.</param>
/// <param name="Type">How its elements lie, where each lies by itself.</param>
/// <param name="Packed">How they lie, where they are packed in blocks.</param>
/// <param name="Offset">Where they begin, from the beginning of the data.</param>
/// <param name="Length">Their bytes.</param>
internal sealed record GgufEntry(string Name, long[] Sizes, StoredType? Type, GgufType? Packed, long Offset, long Length)
{
    /// <summary>The name of the type.</summary>
    internal string TypeName => Type?.SafeTensors ?? Packed!.Name;
}
