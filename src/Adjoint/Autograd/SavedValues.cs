namespace Adjoint;

/// <summary>What a node saved, by PyTorch's names, for readers of the graph.</summary>
internal sealed class SavedValues(Node node)
{
    /// <summary>Where the operation tells what it was told.</summary>
    internal OpAttributes Attributes { get; } = new();

    /// <summary>All of it.</summary>
    internal IReadOnlyDictionary<string, object?> All => Attributes.Values;

    /// <summary>Shows a saved tensor, if there is one.</summary>
    /// <exception cref="AutogradException">It was freed by a backward pass.</exception>
    internal void Add(string name, in Saved saved)
    {
        if (saved.GetOrNull(node) is { } tensor) Attributes.Add(name, tensor);
    }
}
