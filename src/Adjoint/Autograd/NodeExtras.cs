namespace Adjoint;

/// <summary>What only some nodes carry: hooks, metadata, the place of the forward call.</summary>
internal sealed class NodeExtras
{
    private Dictionary<string, object?>? _metadata;

    /// <summary>Hooks on the gradient of each output, as registered on its tensor.</summary>
    internal readonly Dictionary<int, HookList<Func<Tensor, Tensor?>>> TensorHooks = [];

    /// <summary>The tensors that keep their gradient, by output.</summary>
    internal readonly Dictionary<int, Tensor> Retaining = [];

    /// <summary>Called with the gradients of the outputs before the node runs.</summary>
    internal readonly HookList<Func<Tensor?[], Tensor?[]?>> PreHooks = new();

    /// <summary>Called with the gradients of inputs and outputs after the node ran.</summary>
    internal readonly HookList<Func<Tensor?[], Tensor?[], Tensor?[]?>> PostHooks = new();

    /// <summary>Called with the leaf after its Grad was updated.</summary>
    internal readonly HookList<Action<Tensor>> PostAccumulate = new();

    /// <summary>Where the forward call was, recorded under anomaly detection.</summary>
    internal string? ForwardTrace;

    internal IDictionary<string, object?> Metadata => _metadata ??= [];

    internal static NodeExtras Of(Node node)
    {
        if (node.Extras is null) Interlocked.CompareExchange(ref node.Extras, new NodeExtras(), null);
        return node.Extras;
    }

    internal HookList<Func<Tensor, Tensor?>> HooksOf(int output)
    {
        lock (TensorHooks)
        {
            if (!TensorHooks.TryGetValue(output, out HookList<Func<Tensor, Tensor?>>? hooks)) TensorHooks[output] = hooks = new();
            return hooks;
        }
    }
}
