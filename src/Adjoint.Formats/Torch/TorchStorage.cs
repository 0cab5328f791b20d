namespace Adjoint.Formats;

/// <summary>Memory that tensors of a file share.</summary>
/// <param name="Type">How its elements lie; null where each tensor says it.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">Its elements; where it has no type, its bytes.</param>
internal sealed record TorchStorage(StoredType? Type, string Key, long Count);
