namespace Adjoint;

/// <summary>What only some nodes carry: hooks, metadata, the place of the forward call.</summary>
internal sealed class NodeExtras
{
    private readonly Lock _changing = new();
    private readonly Dictionary<int, HookList<Func<Tensor, Tensor?>>> _tensorHooks = [];
    private readonly Dictionary<int, Tensor> _retaining = [];
    private Dictionary<string, object?>? _metadata;

    /// <summary>Called with the gradients of the outputs before the node runs.</summary>
    internal readonly HookList<Func<Tensor?[], Tensor?[]?>> PreHooks = new();

    /// <summary>Called with the gradients of inputs and outputs after the node ran.</summary>
    internal readonly HookList<Func<Tensor?[], Tensor?[], Tensor?[]?>> PostHooks = new();

    /// <summary>Called with the leaf after its Grad was updated.</summary>
    internal readonly HookList<Action<Tensor>> PostAccumulate = new();

    /// <summary>Where the forward call was, recorded under anomaly detection.</summary>
    internal string? ForwardTrace;

    internal IDictionary<string, object?> Metadata => _metadata ??= [];

    /// <summary>Whether code of the user's runs when the node is visited, or a gradient is kept besides.</summary>
    internal bool IsAsked
    {
        get
        {
            lock (_changing)
            {
                return !PreHooks.IsEmpty || !PostHooks.IsEmpty || !PostAccumulate.IsEmpty || _retaining.Count > 0
                    || _tensorHooks.Values.Any(hooks => !hooks.IsEmpty);
            }
        }
    }

    /// <summary>Whether a hook may give another gradient back.</summary>
    internal bool ChangesGradients
    {
        get
        {
            lock (_changing) return !PreHooks.IsEmpty || !PostHooks.IsEmpty || _tensorHooks.Values.Any(MayChange);
        }
    }

    /// <summary>Whether there are hooks on an output that may give another gradient back: a hook on several tensors only looks.</summary>
    internal bool ChangesGradientOf(int output) => FindHooks(output) is { } hooks && MayChange(hooks);

    private static bool MayChange(HookList<Func<Tensor, Tensor?>> hooks)
    {
        foreach ((_, Func<Tensor, Tensor?> hook) in hooks.All)
            if (hook.Target is not MultiGradHook.Place) return true;
        return false;
    }

    /// <summary>How the arguments of a function of two differ from its result, if they do.</summary>
    internal readonly ArgumentFit? Fit;

    private NodeExtras(ArgumentFit? fit) => Fit = fit;

    /// <summary>Those of a node, made when they are first asked for; several threads may be the first.</summary>
    internal static NodeExtras Of(Node node)
    {
        while (true)
        {
            object? side = Volatile.Read(ref node.Side);
            if (side is NodeExtras there) return there;
            var made = new NodeExtras(side as ArgumentFit);
            if (Interlocked.CompareExchange(ref node.Side, made, side) == side) return made;
        }
    }

    /// <summary>The hooks on the gradient of an output, as registered on its tensor; none at first.</summary>
    internal HookList<Func<Tensor, Tensor?>> HooksOf(int output)
    {
        lock (_changing)
        {
            if (!_tensorHooks.TryGetValue(output, out HookList<Func<Tensor, Tensor?>>? hooks)) _tensorHooks[output] = hooks = new();
            return hooks;
        }
    }

    /// <summary>The hooks on the gradient of an output, or null if there never were any.</summary>
    internal HookList<Func<Tensor, Tensor?>>? FindHooks(int output)
    {
        lock (_changing) return _tensorHooks.GetValueOrDefault(output);
    }

    /// <summary>Has the gradients of an output added to the Grad of its tensor; of null no longer.</summary>
    internal void SetRetaining(int output, Tensor? tensor)
    {
        lock (_changing)
        {
            if (tensor is null) _retaining.Remove(output);
            else _retaining[output] = tensor;
        }
    }

    /// <summary>Adds a gradient to the tensor that keeps those of the output, if one does; several passes may do so at once.</summary>
    internal void Retain(int output, Tensor gradient)
    {
        lock (_changing)
        {
            // A clone, because the pass goes on with the gradient, and others may hold it.
            if (_retaining.TryGetValue(output, out Tensor? tensor))
                tensor.GradOrNull = tensor.GradOrNull is { } sum ? sum + gradient : gradient.Clone();
        }
    }
}
