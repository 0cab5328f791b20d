namespace Adjoint;

/// <summary>A node with any number of inputs and outputs.</summary>
internal abstract class VariadicNode : Node
{
    private readonly Edge[] _inputs;

    private protected VariadicNode(params ReadOnlySpan<Tensor?> inputs)
    {
        _inputs = new Edge[inputs.Length];
        Node? newest = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            Edge edge = inputs[i] is { } x ? x.GradientEdge : default;
            _inputs[i] = edge;
            if (edge.Node is { } node && (newest is null || node.Sequence > newest.Sequence)) newest = node;
        }
        Stamp(newest);
    }

    internal sealed override int InputCount => _inputs.Length;

    internal sealed override Edge InputEdge(int index) => _inputs[index];

    /// <summary>Whether the gradient of input <paramref name="index"/> goes anywhere.</summary>
    private protected bool Needs(int index) => _inputs[index].Node is not null;
}
