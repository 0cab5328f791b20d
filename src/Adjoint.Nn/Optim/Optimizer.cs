using System.Globalization;
using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>
/// Changes parameters in place along their gradients, step by step. One's own is an <see cref="Optimizer{TOptions}"/> or a
/// <see cref="RuleOptimizer{TRule, TOptions}"/>.
/// </summary>
public abstract partial class Optimizer : IStructured
{
    // Threads may share an optimizer: what it remembers is changed by one at a time.
    private readonly Lock _stepping = new();
    private readonly List<ParamGroup> _groups = [];
    private readonly object _defaults;
    private readonly ReplacedParameters _replaced;
    private readonly Dictionary<Tensor, Dictionary<string, object?>> _state = new(ReferenceEqualityComparer.Instance);

    /// <summary>Checks the groups and fills in the options they do not give.</summary>
    /// <exception cref="ArgumentException">There is no parameter, one is no leaf, or one occurs twice.</exception>
    private protected Optimizer(IEnumerable<ParamGroup> groups, OptionView view, object defaults)
    {
        (View, _defaults) = (view, view.With(defaults, []));
        _replaced = new(TypeText.Of(GetType()));
        string given = nameof(groups);
        var records = new List<object>();
        foreach (ParamGroup group in groups.Elements())
        {
            records.Add(Checked(group, given = group.Argument ?? given));
            _groups.Add(group);
        }
        if (_groups.All(g => g.Parameters.Count == 0))
            throw new ArgumentException(
                $"{TypeText.Of(GetType())}: got an empty list of parameters. Does the module hold its layers in fields, properties, arrays or "
                + "lists?", given);
        for (int i = 0; i < records.Count; i++) Take(_groups[i], records[i]);
    }

    /// <summary>The groups of parameters with their options, which may be changed between steps.</summary>
    public IReadOnlyList<ParamGroup> ParamGroups => _groups;

    /// <summary>The options of groups that do not give them.</summary>
    public IReadOnlyDictionary<string, object?> Defaults
    {
        get
        {
            var defaults = new OrderedDictionary<string, object?>();
            for (int i = 0; i < View.Names.Count; i++) defaults[View.Names[i]] = View.Get(_defaults, i);
            return defaults;
        }
    }

    /// <summary>How the typed options are read and set by name.</summary>
    private protected OptionView View { get; }

    /// <summary>Adds a group, to train more parameters than before.</summary>
    /// <exception cref="ArgumentException">A parameter is no leaf or already in a group.</exception>
    public void AddParamGroup(ParamGroup group)
    {
        RefuseInGraph("AddParamGroup: adds parameters");
        object record = Checked(group.Given(), nameof(group));
        _groups.Add(group);
        Take(group, record);
    }

    /// <summary>The options of a group that is to be optimized.</summary>
    private object Checked(ParamGroup group, string given)
    {
        var seen = new HashSet<Tensor>(_groups.SelectMany(g => g.Parameters), ReferenceEqualityComparer.Instance);
        for (int i = 0; i < group.Parameters.Count; i++)
        {
            Tensor p = group.Parameters[i];
            if (!p.IsLeaf)
                throw new ArgumentException(
                    $"{TypeText.Of(GetType())}: cannot optimize a tensor that is no leaf: parameter {i} (shape {p.Shape}) was computed by "
                    + $"{p.GradFn?.Name}. Detach() it, or optimize what it was computed from.", given);
            if (!p.DType.IsFloatingPoint)
                throw new ArgumentException(
                    $"{TypeText.Of(GetType())}: cannot optimize a {p.DType} tensor: parameter {i} (shape {p.Shape}).", given);
            if (Refused(p) is { } why)
                throw new ArgumentException($"{TypeText.Of(GetType())}: cannot optimize parameter {i} (shape {p.Shape}): {why}.", given);
            if (!seen.Add(p))
                throw new ArgumentException(
                    $"{TypeText.Of(GetType())}: parameter {i} (shape {p.Shape}) appears more than once in the parameter groups.", given);
        }
        return group.Options.Over(this, View, _defaults);
    }

    /// <summary>Why a parameter cannot be optimized; null where it can.</summary>
    private protected virtual string? Refused(Tensor parameter) => null;

    private void Take(ParamGroup group, object record)
    {
        group.Options.Belong(this, View, record);
        foreach (Tensor p in group.Held) p.KeepBeyondScopes();
        _replaced.Add(group.Parameters);
        Structure.Change();
    }

    /// <summary>Clears the gradients of all parameters.</summary>
    /// <param name="setToNone">Null, which is cheaper; with false zeros in the same memory.</param>
    public void ZeroGrad(bool setToNone = true)
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteUse(this);
        foreach (ParamGroup group in _groups)
            foreach (Tensor p in group.Held) Gradients.Clear(p, setToNone);
    }

    /// <summary>Changes every parameter that has a gradient.</summary>
    /// <exception cref="ArgumentException">A parameter or layer of the module was replaced by one that this optimizer does not hold;
    /// nothing was changed.</exception>
    public void Step()
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteUse(this);
        _replaced.Check(_groups);
        using Unrecorded _ = Unrecorded.Begin();
        lock (_stepping)
        {
            if (GraphCapture.IsCapturing) StepInGraph();
            else foreach (ParamGroup group in _groups) Step(group);
            KeepState();
        }
    }

    // What is remembered outlives the scope that the step was made in. See Note [Made in a scope].
    private void KeepState()
    {
        if (MemoryScope.Current is null) return;
        foreach (Dictionary<string, object?> remembered in _state.Values)
            foreach (object? value in remembered.Values)
                if (value is Tensor x) x.KeepBeyondScopes();
    }

    /// <summary>Whether a parameter is stepped by itself, whatever else is in its group. Who overrides the step may mix them.</summary>
    internal virtual bool StepsEachAlone => GetType().Assembly == typeof(Optimizer).Assembly;

    // To a graph the step of a parameter is one operation, which reads the options when it runs; where they may be mixed, that of a group.
    private void StepInGraph()
    {
        foreach (ParamGroup group in _groups)
        {
            if (!StepsEachAlone)
            {
                Tensor?[] all = [.. group.Held.SelectMany(p => new[] { p, p.GradOrNull })];
                if (all.Length > 0) Door.RunMany(new OptimizerGroupStep(this, group), all);
                continue;
            }
            foreach (Tensor p in group.Held)
                if (p.GradOrNull is { } grad) Door.Run(new OptimizerStep(this, group, p), p, grad);
        }
    }

    /// <summary>Steps the parameters of a group along other gradients than their own; recording is off.</summary>
    /// <param name="group">The group, or a part of one.</param>
    /// <param name="operands">Each parameter, and its gradient after it.</param>
    internal void StepAlong(ParamGroup group, ReadOnlySpan<Tensor?> operands)
    {
        using Lock.Scope alone = _stepping.EnterScope();
        Tensor?[] own = [.. group.Held.Select(p => p.GradOrNull)];
        try
        {
            for (int i = 0; i < own.Length; i++) group.Held[i].GradOrNull = operands[2 * i + 1];
            Step(group);
            KeepState();
        }
        finally
        {
            for (int i = 0; i < own.Length; i++) group.Held[i].GradOrNull = own[i];
        }
    }

    /// <summary>Which formula the steps of a group are, where it depends on the options: another number for another one.</summary>
    internal virtual int FormOf(ParamGroup group) => 0;

    /// <summary>The step as a formula of a single parameter and its gradient, if it remembers nothing; otherwise null.</summary>
    internal virtual IScalarStep? ScalarStep(ParamGroup group, DType dtype) => null;

    /// <summary>Steps a group, recording off.</summary>
    internal void StepGroup(ParamGroup group)
    {
        using Unrecorded _ = Unrecorded.Begin();
        lock (_stepping)
        {
            Step(group);
            KeepState();
        }
    }

    private static void RefuseInGraph(string what)
    {
        if (GraphCapture.IsAnywhere && GraphCapture.Current is { } capture)
            throw capture.Refuse(what + ", which a run of the graph would not do again. Do that before the function is called.");
    }

    int IStructured.Structure
    {
        get
        {
            var all = new HashCode();
            foreach (ParamGroup group in _groups) all.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(group));
            return all.ToHashCode();
        }
    }

    bool IStructured.HasHooks => false;

    // A run steps the groups by the optimizer's own code, which reads options and state.
    bool IStructured.Knows(Type level) => level.Assembly == typeof(Optimizer).Assembly;

    IEnumerable<object> IStructured.Holds => _groups.SelectMany(group => group.Held);

    /// <summary>Computes the loss by <paramref name="closure"/>, with gradients recorded, and then steps.</summary>
    /// <param name="closure">Clears the gradients, computes the loss, runs it backward and returns it.</param>
    /// <returns>The loss.</returns>
    public virtual Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        UserCode.CheckStack();
        Tensor loss;
        using (Autograd.EnableGrad())
            loss = closure()
            ?? throw new InvalidOperationException($"{TypeText.Of(GetType())}.Step: the closure must return the loss, but returned null.");
        Step();
        return loss;
    }

    /// <summary>What the optimizer remembers; the tensors are its own, not copies.</summary>
    public OptimizerState StateDict()
    {
        List<Tensor> all = [.. _groups.SelectMany(g => g.Parameters)];
        var state = new Dictionary<int, IReadOnlyDictionary<string, object?>>();
        _isSeen = true;
        for (int i = 0; i < all.Count; i++)
            if (_state.TryGetValue(all[i], out Dictionary<string, object?>? own)) state[i] = own;
        int next = 0;
        return new OptimizerState(state, [.. _groups.Select(g =>
            new OptimizerState.Group(new OrderedDictionary<string, object?>(g.Options), [.. g.Parameters.Select(_ => next++)]))]);
    }

    /// <summary>
    /// Continues from a saved state: options and memories are taken over (tensors are copied, in the dtype of their parameter).
    /// </summary>
    /// <exception cref="ArgumentException">The numbers of groups or of parameters in a group differ; nothing is changed then.</exception>
    public void LoadStateDict(OptimizerState state)
    {
        RefuseInGraph("LoadStateDict: takes over a state");
        ArgumentNullException.ThrowIfNull(state);
        if (state.ParamGroups.Count != _groups.Count)
            throw new ArgumentException(
                $"LoadStateDict: the state has {state.ParamGroups.Count} parameter groups, but the optimizer {_groups.Count}.",
                nameof(state));
        for (int i = 0; i < _groups.Count; i++)
        {
            int saved = state.ParamGroups[i].Parameters.Count, own = _groups[i].Parameters.Count;
            if (saved != own)
                throw new ArgumentException(
                    $"LoadStateDict: group {i} of the state has {saved} parameters, but the optimizer's {own}.", nameof(state));
        }
        var options = new object[_groups.Count];
        var memories = new Dictionary<Tensor, Dictionary<string, object?>>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < _groups.Count; i++)
        {
            options[i] = View.With(_groups[i].Options.Of(this), state.ParamGroups[i].Options);
            CheckOptions(options[i]);
            for (int j = 0; j < _groups[i].Parameters.Count; j++)
            {
                int number = state.ParamGroups[i].Parameters[j];
                if (!state.State.TryGetValue(number, out IReadOnlyDictionary<string, object?>? own)) continue;
                Tensor p = _groups[i].Parameters[j];
                memories[p] = own.ToDictionary(entry => entry.Key, entry => Remembered(number, entry.Key, entry.Value, p));
            }
        }
        for (int i = 0; i < _groups.Count; i++)
        {
            _groups[i].Options.Replace(options[i]);
            foreach ((string name, object? value) in state.ParamGroups[i].Options)
                if (View.IndexOf(name) < 0) _groups[i].Options[name] = value;
        }
        _state.Clear();
        Structure.Change();
        foreach ((Tensor p, Dictionary<string, object?> memory) in memories) _state[p] = memory;
        KeepState();
    }

    /// <summary>Whether a tensor may be remembered of a parameter: as a rule it is stepped beside it, element by element.</summary>
    private protected virtual bool Fits(Tensor remembered, Tensor parameter) => remembered.Shape.Equals(parameter.Shape);

    private object? Remembered(int number, string name, object? value, Tensor parameter) => value switch
    {
        Tensor t when !Fits(t, parameter) =>
            throw new ShapeException(
                $"LoadStateDict: \"{name}\" of parameter {number} has shape {t.Shape}, but the parameter {parameter.Shape}."),
        Tensor when name == "step" =>
            throw new ArgumentException($"LoadStateDict: \"step\" of parameter {number} must be a number, but is a tensor.", "state"),
        Tensor t => t.Detach().To(parameter.DType).Clone(),
        double => value,
        float or int or long => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException(
            $"LoadStateDict: \"{name}\" of parameter {number} must be a tensor or a number, but is "
            + $"{(value is null ? "null" : TypeText.Of(value.GetType()))}.", "state"),
    };

    /// <summary>Steps all parameters of a group that have a gradient, in place; recording is off.</summary>
    private protected abstract void Step(ParamGroup group);

    /// <summary>Throws an <see cref="ArgumentException"/> for options, of the optimizer's own type, that make no sense.</summary>
    internal abstract void CheckOptions(object options);

    /// <summary>
    /// What is remembered of a parameter by name, empty at first: tensors of its shape, and numbers as doubles. It is saved with the
    /// optimizer.
    /// </summary>
    protected IDictionary<string, object?> StateOf(Tensor parameter)
    {
        parameter.Given();
        if (!_groups.Exists(g => Array.Exists(g.Held, p => ReferenceEquals(p, parameter))))
            throw new ArgumentException(
                $"{TypeText.Of(GetType())}: a tensor of shape {parameter.Shape} is not optimized, so nothing is remembered of it.",
                nameof(parameter));
        _isSeen = true;
        return Memory(parameter);
    }

    /// <summary>What is remembered of a parameter.</summary>
    internal Dictionary<string, object?> Memory(Tensor parameter)
    {
        if (!_state.TryGetValue(parameter, out Dictionary<string, object?>? state)) _state[parameter] = state = new Memories();
        return state;
    }

    /// <summary>A tensor that is remembered of a parameter; zeros at first.</summary>
    /// <exception cref="ArgumentException">A number is remembered under that name.</exception>
    protected static Tensor Remembered(IDictionary<string, object?> state, string name, Tensor parameter)
    {
        state.Given();
        parameter.Given();
        if (state.TryGetValue(name.Given(), out object? value) && value is not null)
            return value as Tensor ?? throw new ArgumentException(
                $"Remembered: \"{name}\" must be a tensor of shape {parameter.Shape}, but {value} is remembered under that name.",
                nameof(name));
        Tensor zeros = Tensor.Zeros(parameter.Shape, parameter.DType);
        state[name] = zeros;
        return zeros;
    }

    /// <summary>A tensor that is remembered of a parameter; at first of one number.</summary>
    internal Tensor Begun(Dictionary<string, object?> state, string name, Tensor parameter, double begin)
    {
        if (begin != 0 && !state.ContainsKey(name)) state[name] = Tensor.Full(parameter.Shape, begin, parameter.DType);
        return Remembered(state, name, parameter);
    }

    /// <summary>A number that is remembered of a parameter.</summary>
    internal double? NumberOf(Tensor parameter, string name) =>
        _state.TryGetValue(parameter, out Dictionary<string, object?>? state) && state.TryGetValue(name, out object? value)
            ? value as double? : null;

    /// <summary>Counts the steps of a parameter, from 1.</summary>
    /// <exception cref="ArgumentException">Something else than a double is remembered as "step".</exception>
    protected static double NextStep(IDictionary<string, object?> state)
    {
        state.Given();
        double t = 1;
        if (state.TryGetValue("step", out object? before))
            t += before as double? ?? throw new ArgumentException(
                $"NextStep: the count of steps that is remembered as \"step\" must be a double, but is "
                + $"{(before is null ? "null" : TypeText.Of(before.GetType()))}.", nameof(state));
        state["step"] = t;
        return t;
    }

    /// <summary>The gradient of a parameter, negated to go uphill, plus what weight decay adds to it.</summary>
    protected static Tensor Decayed(Tensor parameter, Tensor gradient, double weightDecay, bool maximize = false)
    {
        Tensor g = gradient.Given().Detach();
        parameter.Given();
        if (maximize) g = -g;
        return weightDecay == 0 ? g : g.Add(parameter, weightDecay);
    }

    /// <summary>An option that must be in a range.</summary>
    private protected static void Check(double value, Interval range, string option, string spoken)
    {
        if (!range.Contains(value))
            throw new ArgumentOutOfRangeException(
                option, value, string.Create(CultureInfo.InvariantCulture, $"Invalid {spoken}: {value}. It must be {range}."));
    }
}
