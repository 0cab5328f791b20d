using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A differentiable function of one's own: it computes its outputs without being recorded, and says itself how gradients
/// (and, for forward mode, tangents) pass.
/// </summary>
/// <remarks>
/// One object serves one call: parameters are its fields, and what Backward needs is kept with <see cref="Save"/>.
/// The node is named after the class: <c>CubeBackward</c> for a class <c>Cube</c>.
/// </remarks>
/// <example><code>
/// sealed class Cube : Function
/// {
///     protected override Tensor Forward(Tensor x) { Save(x); return x * x * x; }
///     protected override Tensor? Backward(Tensor g) => Saved(0) is { } x ? 3 * x * x * g : null;
/// }
///
/// Tensor y = new Cube().Apply(x);
/// </code></example>
public abstract class Function
{
    private readonly List<Tensor> _dirty = [];
    private readonly HashSet<Tensor> _nonDifferentiable = [];
    private Saved[] _saved = [];
    private bool _applied;
    private Node? _node;

    /// <summary>Whether each input of this call requires grad.</summary>
    protected IReadOnlyList<bool> NeedsInputGrad { get; private set; } = [];

    /// <summary>Whether the gradient of an output that took no part arrives as zeros (the default) or as null.</summary>
    protected internal bool MaterializeGrads { get; set; } = true;

    /// <summary>Whether the backward rule cannot be differentiated itself: doing so is then an error instead of a wrong result.</summary>
    protected internal virtual bool IsOnceDifferentiable => false;

    /// <summary>The function of one tensor.</summary>
    protected virtual Tensor Forward(Tensor x) =>
        throw new AutogradException(
            $"{GetType().Name}: does not implement Forward for one tensor. Override Forward(Tensor) or Forward(IReadOnlyList<Tensor>).");

    /// <summary>The function of several tensors, with one or more outputs.</summary>
    protected virtual IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs) => inputs.Count == 1 ? [Forward(inputs[0])]
        : throw new AutogradException(
            $"{GetType().Name}: was applied to {inputs.Count} tensors, but does not implement Forward(IReadOnlyList<Tensor>).");

    /// <summary>The gradient of the input, given that of the output; null for none.</summary>
    protected virtual Tensor? Backward(Tensor g) =>
        throw new MissingRuleException(
            $"{GetType().Name}: does not implement Backward. Override Backward(Tensor) or Backward(IReadOnlyList<Tensor?>).");

    /// <summary>The gradients of the inputs, given those of the outputs; null for none.</summary>
    protected virtual IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gradients) => gradients is [{ } g] ? [Backward(g)]
        : gradients.Count == 1 ? [null]
        : throw new MissingRuleException(
            $"{GetType().Name}: has {gradients.Count} outputs, but does not implement Backward(IReadOnlyList<Tensor?>).");

    /// <summary>The tangents of the outputs, given those of the inputs (null stands for zero): the rule of forward mode.</summary>
    protected virtual IReadOnlyList<Tensor?> Jvp(IReadOnlyList<Tensor?> tangents) =>
        throw new MissingRuleException(
            $"{GetType().Name}: does not implement Jvp, so it cannot be used in forward mode. Override Jvp, or use reverse mode.");

    /// <summary>Applies the function to one tensor.</summary>
    /// <exception cref="AutogradException">The object was applied before, or an input must not be changed in place as it was marked to
    /// be.</exception>
    public Tensor Apply(Tensor x) => Apply([x.Given()], single: true)[0];

    /// <summary>Applies the function to several tensors.</summary>
    /// <exception cref="AutogradException">The object was applied before, or an input must not be changed in place as it was marked to
    /// be.</exception>
    [OverloadResolutionPriority(1)] // [x] is a list of tensors here, not a tensor literal
    public IReadOnlyList<Tensor> Apply(IReadOnlyList<Tensor> inputs) => Apply([.. inputs.AllGiven()], single: false);

    /// <summary>Applies the function to two or more tensors.</summary>
    /// <inheritdoc cref="Apply(IReadOnlyList{Tensor})"/>
    public IReadOnlyList<Tensor> Apply(Tensor first, Tensor second, params Tensor[] more) =>
        Apply([first.Given(), second.Given(), .. more.AllGiven()], single: false);

    /// <summary>Keeps tensors (inputs, outputs or others) for Backward; null entries come back as null. Call it once, in Forward.</summary>
    protected void Save(params Tensor?[] tensors) => _toSave = tensors.Given();

    private Tensor?[] _toSave = [];

    /// <summary>The tensor kept at place <paramref name="index"/>.</summary>
    /// <exception cref="VersionException">It was changed in place since.</exception>
    /// <exception cref="AutogradException">A backward pass freed it.</exception>
    protected Tensor? Saved(int index) => (uint)index < (uint)_saved.Length ? _saved[index].GetOrNull(_node!)
        : throw new ArgumentOutOfRangeException(
            nameof(index), index,
            $"{GetType().Name}: there is no saved tensor {index}; Forward saved {_saved.Length} (none are kept where no gradient is "
            + "wanted).");

    /// <summary>Says that Forward changed these inputs in place; each must also be among the outputs.</summary>
    protected void MarkDirty(params Tensor[] inputs) => _dirty.AddRange(inputs.AllGiven());

    /// <summary>Says that these outputs have no gradient.</summary>
    protected void MarkNonDifferentiable(params Tensor[] outputs) => _nonDifferentiable.UnionWith(outputs.AllGiven());

    internal string NodeName => GetType().Name + "Backward";

    internal IReadOnlyList<Tensor?> RunBackward(IReadOnlyList<Tensor?> gradients) => Backward(gradients);

    internal IReadOnlyList<Tensor?> RunJvp(IReadOnlyList<Tensor?> tangents) => Jvp(tangents);

    internal void FreeSaved()
    {
        for (int i = 0; i < _saved.Length; i++) _saved[i].Free();
    }

    private IReadOnlyList<Tensor> Apply(Tensor[] inputs, bool single)
    {
        if (_applied)
            throw new AutogradException(
                $"{GetType().Name}: one object serves one call, because it keeps what its Backward needs. Make a new one: new "
                + $"{GetType().Name}(…).Apply(x).");
        _applied = true;
        NeedsInputGrad = Array.ConvertAll(inputs, x => x.RequiresGrad);
        bool wanted = History.IsWanted(inputs);

        IReadOnlyList<Tensor> results;
        using (UserCode.In(ModeState.Now.Unrecorded)) results = single ? [Forward(inputs[0])] : Forward(inputs) ?? throw ReturnedNull();
        if (results.Any(y => y is null)) throw ReturnedNull();

        Tensor[] outputs = CheckDirty(inputs, results);
        if (!wanted) return outputs;

        _node = new RuleNode<FunctionRule>(Here.Now, new FunctionRule(this, inputs, outputs, _nonDifferentiable), inputs);
        Keep(inputs, outputs);
        Record(inputs, outputs);
        return outputs;
    }

    /// <summary>
    /// The outputs, each a tensor of its own: an input returned unchanged, or a view of one, becomes a view that only this function
    /// explains.
    /// </summary>
    private AutogradException ReturnedNull() => new($"{GetType().Name}: Forward must return tensors, but returned null.");

    private Tensor[] CheckDirty(Tensor[] inputs, IReadOnlyList<Tensor> results)
    {
        foreach (Tensor dirty in _dirty)
        {
            if (!results.Contains(dirty))
                throw new AutogradException(
                    $"{GetType().Name}: an input was marked dirty but not returned. Inputs that are changed in place must be outputs too.");
            if (dirty.IsView && results.Count > 1 && NeedsInputGrad.Contains(true) && GradMode.IsEnabled)
                throw new AutogradException(
                    $"{GetType().Name}: changes an input in place that is a view, so it cannot have more than one output.");
            dirty.CheckInPlace(GetType().Name, NeedsInputGrad.Contains(true));
        }

        var outputs = new Tensor[results.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor y = results[i];
            bool returned = Array.IndexOf(inputs, y) >= 0;
            if (_dirty.Contains(y))
            {
                y.BumpVersion();
                outputs[i] = y;
            }
            else if (returned)
            {
                outputs[i] = y.Detach().AsViewOf(y, ViewOrigin.CustomFunction);
                if (_nonDifferentiable.Contains(y)) _nonDifferentiable.Add(outputs[i]);
            }
            else
            {
                bool showsInput = y.IsView && Array.Exists(inputs, x => x.SharesStorageWith(y));
                outputs[i] = showsInput ? y.Detach().AsViewOf(y.Base!, ViewOrigin.CustomFunction) : y;
                if (_nonDifferentiable.Contains(y)) _nonDifferentiable.Add(outputs[i]);
            }
        }
        return outputs;
    }

    private void Keep(Tensor[] inputs, Tensor[] outputs)
    {
        _saved = Array.ConvertAll(_toSave, x => x is null ? default
            : Array.IndexOf(inputs, x) < 0 && Array.IndexOf(outputs, x) >= 0 ? Adjoint.Saved.Output(x)
            : Adjoint.Saved.Input(x));
    }

    private void Record(Tensor[] inputs, Tensor[] outputs)
    {
        if (GradMode.IsEnabled && History.AnyRequiresGrad(inputs))
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                if (!outputs[i].DType.IsFloatingPoint || _nonDifferentiable.Contains(outputs[i])) continue;
                if (_dirty.Contains(outputs[i])) outputs[i].Rebase(_node!, i);
                else outputs[i].SetHistory(_node!, i);
            }
            if (Anomaly.IsEnabled) Anomaly.Remember(_node!);
        }
        if (ForwardMode.Level != 0) ForwardMode.Propagate(_node!, inputs, outputs);
    }
}
