using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>A tensor kept for the backward pass, with the version it had: changed in place since then, it is not what was saved.</summary>
/// <remarks>Small nodes keep the two parts in fields of their own, as one it is filled up to 16 bytes.</remarks>
internal struct Saved
{
    private const int Freed = -1;

    private object? _value;
    private int _version;

    internal Saved(object? value, int version) => (_value, _version) = (value, version);

    internal readonly void Deconstruct(out object? value, out int version) => (value, version) = (_value, _version);

    /// <summary>Keeps an input of the operation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Saved Input(Here here, Tensor x) => here.IsPlain && !x.IsInference ? new Saved(x, x.ChangeCount) : InputInMode(x);

    /// <inheritdoc cref="Input(Here, Tensor)"/>
    internal static Saved Input(Tensor x) => Input(Here.Now, x);

    /// <summary>Keeps the output of the operation (also of an in-place one, after the change).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Saved Output(Here here, Tensor y) =>
        new(here.Has(GradMode.Switch.SavedHooks) ? SavedTensorHooks.Pack(y, isOutput: true) : y, y.ChangeCount);

    /// <inheritdoc cref="Output(Here, Tensor)"/>
    internal static Saved Output(Tensor y) => Output(Here.Now, y);

    /// <summary>Keeps a tensor as it is, whatever the modes.</summary>
    internal static Saved Plain(Tensor x) => new(x, x.ChangeCount);

    /// <summary>Whether a tensor is kept.</summary>
    internal readonly bool Exists => _value is not null;

    /// <summary>The tensor as it was saved.</summary>
    /// <exception cref="VersionException">It was changed in place since.</exception>
    /// <exception cref="AutogradException">It was freed by a backward pass.</exception>
    internal readonly Tensor Get(Node owner)
    {
        if (_value is PackedTensor packed) return packed.Unpack(owner);
        if (_value is not null) return Get(owner.Name);
        throw new AutogradException(
            $"{owner.Name}: the tensors it saved were freed by an earlier backward pass, so the graph cannot be gone through a second "
            + "time. Give the first Backward() or Grad() retainGraph: true if it must be run again.");
    }

    /// <summary>The tensor of <see cref="Plain"/>, for an owner that is no node.</summary>
    internal readonly Tensor Get(string owner)
    {
        var x = (Tensor)_value!;
        return x.ChangeCount == _version ? x : throw Changed(x, owner);
    }

    /// <summary>
    /// Puts a copy in place of a tensor that shows the same elements as <paramref name="changing"/>, which are about to be
    /// overwritten with what was computed from them. See Note [Compound assignment].
    /// </summary>
    internal void KeepFrom(Tensor changing)
    {
        if (_value is PackedTensor packed)
        {
            packed.KeepFrom(changing);
        }
        else if (_value is Tensor x && x.ChangeCount == _version && x.ShowsTheSameAs(changing))
        {
            Tensor copy = x.Snapshot();
            (_value, _version) = (copy, copy.ChangeCount);
        }
    }

    /// <summary>The tensor, or null where none was saved because it is not needed.</summary>
    internal readonly Tensor? GetOrNull(Node owner) => _value is null && _version != Freed ? null : Get(owner);

    /// <summary>Lets go of the tensor.</summary>
    internal void Free() => this = LetGo();

    /// <summary>What is left once the tensor was let go of.</summary>
    internal readonly Saved LetGo() => _value is null ? this : new(null, Freed);

    private static Saved InputInMode(Tensor x)
    {
        if (x.IsInference && !GradMode.IsInference)
            throw new AutogradException(
                "Inference tensors cannot be saved for backward. Clone() it outside inference mode to get a normal tensor.");
        return new Saved(SavedTensorHooks.AnyActive ? SavedTensorHooks.Pack(x, isOutput: false) : x, x.ChangeCount);
    }

    private readonly VersionException Changed(Tensor x, string owner)
    {
        string made = x.GradFn is { } maker ? $", output {x.OutputNr} of {maker.Name}," : "";
        return new VersionException(
            $"{owner}: one of the tensors it needs for its gradient was changed in place: the {x.DType} tensor of shape {x.Shape}{made} "
            + $"is at version {x.ChangeCount}, but version {_version} was saved. Change a Clone() instead, or use the operation that is "
            + "not in place. Inside Autograd.DetectAnomaly() the error also shows where the forward call was.");
    }
}
