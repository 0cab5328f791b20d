namespace Adjoint;

/// <summary>A pair of functions through which tensors saved for backward pass: pack on saving, unpack on each use.</summary>
internal sealed class SavedTensorHooks
{
    [ThreadStatic] private static SavedTensorHooks? s_current;

    private readonly Func<Tensor, object> _pack;
    private readonly Func<object, Tensor> _unpack;

    internal SavedTensorHooks(Func<Tensor, object> pack, Func<object, Tensor> unpack) => (_pack, _unpack) = (pack, unpack);

    internal static bool AnyActive => GradMode.Has(GradMode.Switch.SavedHooks);

    internal static SavedTensorHooks? Enter(SavedTensorHooks? hooks)
    {
        SavedTensorHooks? before = s_current;
        s_current = hooks;
        GradMode.Set(GradMode.Switch.SavedHooks, hooks is not null);
        return before;
    }

    internal static PackedTensor Pack(Tensor x, bool isOutput)
    {
        SavedTensorHooks hooks = s_current!;
        // The hooks themselves run outside of the graph and without hooks.
        Enter(null);
        try
        {
            using var _ = Autograd.NoGrad();
            return new PackedTensor(hooks._pack(x), hooks._unpack, x, isOutput);
        }
        finally
        {
            Enter(hooks);
        }
    }
}

/// <summary>What a pack hook made of a saved tensor, with the place of the tensor in the graph.</summary>
internal sealed class PackedTensor
{
    private readonly object _packed;
    private readonly Func<object, Tensor> _unpack;
    private readonly Edge _edge;
    private readonly int _outputNr;
    private readonly bool _isOutput;
    private readonly bool _requiresGrad;

    internal PackedTensor(object packed, Func<object, Tensor> unpack, Tensor x, bool isOutput)
    {
        _packed = packed;
        _unpack = unpack;
        _isOutput = isOutput;
        _outputNr = x.OutputNr;
        _requiresGrad = isOutput || x.RequiresGrad;
        _edge = isOutput ? default : x.GradientEdge;
    }

    internal Tensor Unpack(Node owner)
    {
        Tensor x;
        using (Autograd.NoGrad()) x = _unpack(_packed).Detach();
        if (_requiresGrad) x.SetHistory(_isOutput ? owner : _edge.Node!, _isOutput ? _outputNr : _edge.InputNr);
        return x;
    }
}

/// <summary>Saved-tensor hooks in force until the end of the <c>using</c> block; only the innermost pair applies.</summary>
public readonly ref struct SavedTensorsScope
{
    private readonly SavedTensorHooks? _before;

    internal SavedTensorsScope(SavedTensorHooks hooks) => _before = SavedTensorHooks.Enter(hooks);

    /// <summary>Restores the hooks from before.</summary>
    public void Dispose() => SavedTensorHooks.Enter(_before);
}
