namespace Adjoint;

/// <summary>A pair of functions through which tensors saved for backward pass: pack on saving, unpack on each use.</summary>
internal sealed class SavedTensorHooks
{
    private readonly Func<Tensor, object> _pack;
    private readonly Func<object, Tensor> _unpack;

    internal SavedTensorHooks(Func<Tensor, object> pack, Func<object, Tensor> unpack, CheckpointedRun? repeats = null) =>
        (_pack, _unpack, Repeats) = (pack, unpack, repeats);

    /// <summary>What gives tensors back by computing them again; null for hooks of the user's, which may give back anything.</summary>
    internal CheckpointedRun? Repeats { get; }

    /// <summary>Those in force.</summary>
    internal static SavedTensorHooks? Current => AnyActive ? Here.Now.Rare.Hooks : null;

    internal static bool AnyActive => GradMode.Has(GradMode.Switch.SavedHooks);

    internal static void Set(SavedTensorHooks? hooks)
    {
        Here.Now.Rare.Hooks = hooks;
        GradMode.Set(GradMode.Switch.SavedHooks, hooks is not null);
    }

    internal static PackedTensor Pack(Tensor x, bool isOutput)
    {
        SavedTensorHooks hooks = Here.Now.Rare.Hooks!;
        object packed;
        using (Aside()) packed = hooks._pack(x);
        return new PackedTensor(packed, hooks._unpack, x, isOutput);
    }

    /// <summary>The hooks themselves run outside of the graph, without tangents and without hooks.</summary>
    internal static UserCode Aside() => UserCode.In(ModeState.Now.Unrecorded.WithoutHooks);
}

/// <summary>What a pack hook returned, where it knows more than what is stored in it.</summary>
internal interface IPackedPlace
{
    /// <summary>See <see cref="Saved.KeepFrom"/>.</summary>
    void KeepFrom(Tensor changing);
}

/// <summary>What a pack hook made of a saved tensor, with the place of the tensor in the graph.</summary>
internal sealed class PackedTensor
{
    private readonly object? _packed;

    // A hook that returned the tensor itself, or an alias, has kept no copy: then the version counts, as without hooks.
    private Saved _alias;
    private readonly Func<object, Tensor> _unpack;
    private readonly Edge _edge;
    private readonly Shape _shape;
    private readonly DType _dtype;
    private readonly Tangent? _tangents;
    private readonly int _outputNr;
    private readonly bool _isOutput;
    private readonly bool _requiresGrad;

    internal PackedTensor(object packed, Func<object, Tensor> unpack, Tensor x, bool isOutput)
    {
        if (packed is Tensor kept && kept.SharesStorageWith(x)) _alias = Saved.Plain(kept);
        else _packed = packed;
        _unpack = unpack;
        _isOutput = isOutput;
        _outputNr = x.OutputNr;
        _requiresGrad = isOutput || x.RequiresGrad;
        _edge = isOutput ? default : x.GradientEdge;
        (_shape, _dtype) = (x.Shape, x.DType);
        // A rule of forward mode that reads the tensor asks for its tangents of lower levels.
        _tangents = ForwardMode.Level != 0 ? x.Tangents : null;
    }

    internal void KeepFrom(Tensor changing)
    {
        if (_alias.Exists) _alias.KeepFrom(changing);
        else (_packed as IPackedPlace)?.KeepFrom(changing);
    }

    internal Tensor Unpack(Node owner)
    {
        object? packed = _alias.Exists ? _alias.Get(owner.Name) : _packed;
        Tensor? unpacked;
        using (SavedTensorHooks.Aside()) unpacked = _unpack(packed!);
        if (unpacked is null)
            throw new AutogradException(
                $"{owner.Name}: the unpack hook returned null for a saved tensor of shape {_shape} ({_dtype}); it must give the tensor "
                + "back.");
        if (!unpacked.Shape.Equals(_shape) || unpacked.DType != _dtype)
        {
            throw new AutogradException($"{owner.Name}: the unpack hook returned a tensor of shape {unpacked.Shape} ({unpacked.DType}), "
                + $"but the one that was saved has {_shape} ({_dtype}); it must give an equal one back.");
        }
        Tensor x = unpacked.Detach();
        if (_requiresGrad) x.SetHistory(_isOutput ? owner : _edge.Node!, _isOutput ? _outputNr : _edge.InputNr);
        if (_tangents is not null) x.SetTangents(_tangents);
        return x;
    }
}

/// <summary>
/// Saved-tensor hooks in force until the end of the <c>using</c> block, see <see cref="ModeScope"/>; only the innermost pair applies.
/// </summary>
public sealed class SavedTensorsScope : ModeScope
{
    internal SavedTensorsScope(SavedTensorHooks hooks)
    {
        SavedTensorHooks.Set(hooks);
        Begin();
    }
}
