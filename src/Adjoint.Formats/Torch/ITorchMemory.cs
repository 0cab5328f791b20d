namespace Adjoint.Formats;

/// <summary>Where the memory of a file's tensors is.</summary>
internal interface ITorchMemory
{
    /// <summary>All of a storage as one tensor, the same for each call.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="type">How its elements lie.</param>
    /// <param name="count">How many they are.</param>
    /// <exception cref="DataFormatException">The file does not hold it.</exception>
    Tensor Of(TorchStorage storage, StoredType type, long count);
}
