namespace Adjoint;

/// <summary>Where a gradient goes: to input number <see cref="InputNr"/> of <see cref="Node"/>, or nowhere when there is no node.</summary>
/// <param name="Node">The node that takes the gradient; null for an input that does not require grad.</param>
/// <param name="InputNr">Which output of the node's operation the gradient belongs to.</param>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public readonly record struct Edge(Node? Node, int InputNr)
{
    /// <summary>PyTorch's form: <c>(&lt;MulBackward0&gt;, 0)</c>.</summary>
    public override string ToString() => Node is null ? "(None, 0)" : $"(<{Node.Name}>, {InputNr})";
}
