using System.Globalization;
using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>Changes parameters in place along their gradients, step by step.</summary>
public abstract class Optimizer
{
    // Threads may share an optimizer: what it remembers is changed by one at a time.
    private readonly Lock _stepping = new();
    private readonly List<ParamGroup> _groups = [];
    private readonly OrderedDictionary<string, object?> _defaults;
    private readonly ReplacedParameters _replaced;
    private readonly Dictionary<Tensor, Dictionary<string, object?>> _state = new(ReferenceEqualityComparer.Instance);

    /// <summary>Checks the groups and fills in the options they do not give.</summary>
    /// <param name="groups">The groups of parameters.</param>
    /// <param name="defaults">The options of groups that do not give them.</param>
    /// <exception cref="ArgumentException">There is no parameter, one is no leaf, or one occurs twice.</exception>
    protected Optimizer(IEnumerable<ParamGroup> groups, OrderedDictionary<string, object?> defaults)
    {
        groups.Given();
        _defaults = new OrderedDictionary<string, object?>(defaults.Given());
        _replaced = new(GetType().Name);
        string given = nameof(groups);
        foreach (ParamGroup group in groups.Elements()) Add(group, given = group.Argument ?? given);
        if (_groups.All(g => g.Parameters.Count == 0))
            throw new ArgumentException(
                $"{GetType().Name}: got an empty list of parameters. Does the module hold its layers in fields, properties, arrays or "
                + "lists?", given);
    }

    /// <summary>The groups of parameters with their options, which may be changed between steps.</summary>
    public IReadOnlyList<ParamGroup> ParamGroups => _groups;

    /// <summary>The options of groups that do not give them.</summary>
    public IReadOnlyDictionary<string, object?> Defaults => _defaults;

    /// <summary>Adds a group, to train more parameters than before.</summary>
    /// <exception cref="ArgumentException">A parameter is no leaf or already in a group.</exception>
    public void AddParamGroup(ParamGroup group)
    {
        group.Given();
        Add(group, nameof(group));
    }

    private void Add(ParamGroup group, string given)
    {
        var seen = new HashSet<Tensor>(_groups.SelectMany(g => g.Parameters), ReferenceEqualityComparer.Instance);
        for (int i = 0; i < group.Parameters.Count; i++)
        {
            Tensor p = group.Parameters[i];
            if (!p.IsLeaf)
                throw new ArgumentException(
                    $"{GetType().Name}: cannot optimize a tensor that is no leaf: parameter {i} (shape {p.Shape}) was computed by "
                    + $"{p.GradFn?.Name}. Detach() it, or optimize what it was computed from.", given);
            if (!p.DType.IsFloatingPoint)
                throw new ArgumentException(
                    $"{GetType().Name}: cannot optimize a {p.DType} tensor: parameter {i} (shape {p.Shape}).", given);
            if (!seen.Add(p))
                throw new ArgumentException(
                    $"{GetType().Name}: parameter {i} (shape {p.Shape}) appears more than once in the parameter groups.", given);
        }
        foreach ((string name, object? value) in _defaults) group.Options.TryAdd(name, value);
        CheckOptions(group);
        group.Owner ??= this;
        _groups.Add(group);
        _replaced.Add(group.Parameters);
        Structure.Change();
    }

    /// <summary>Clears the gradients of all parameters.</summary>
    /// <param name="setToNone">Null, which is cheaper; with false zeros in the same memory.</param>
    public void ZeroGrad(bool setToNone = true)
    {
        foreach (ParamGroup group in _groups)
            foreach (Tensor p in group.Held) Gradients.Clear(p, setToNone);
    }

    /// <summary>Changes every parameter that has a gradient.</summary>
    /// <exception cref="ArgumentException">A parameter or layer of the module was replaced by one that this optimizer does not hold;
    /// nothing was changed.</exception>
    public void Step()
    {
        // The dictionary of options is open to everybody.
        foreach (ParamGroup group in _groups)
        {
            if (!group.IsChanged) continue;
            CheckOptions(group);
            group.See();
        }
        _replaced.Check(_groups);
        using Unrecorded _ = Unrecorded.Begin();
        lock (_stepping)
        {
            if (GraphCapture.IsCapturing) StepInGraph();
            else foreach (ParamGroup group in _groups) Step(group);
        }
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
        }
        finally
        {
            for (int i = 0; i < own.Length; i++) group.Held[i].GradOrNull = own[i];
        }
    }

    /// <summary>Checks the options of a group where they changed, as before a step.</summary>
    /// <returns>Another number where its steps are another formula.</returns>
    internal int Prepare(ParamGroup group)
    {
        if (group.IsChanged)
        {
            CheckOptions(group);
            group.See();
        }
        return FormOf(group);
    }

    /// <summary>Which formula the steps of a group are, where it depends on the options.</summary>
    private protected virtual int FormOf(ParamGroup group) => 0;

    /// <summary>The step as a formula of a single parameter and its gradient, if it remembers nothing; otherwise null.</summary>
    internal virtual IScalarStep? ScalarStep(ParamGroup group, DType dtype) => null;

    /// <summary>Steps a group whose options were checked.</summary>
    internal void StepGroup(ParamGroup group)
    {
        using Unrecorded _ = Unrecorded.Begin();
        lock (_stepping) Step(group);
    }

    /// <summary>The tensors that are remembered of parameters.</summary>
    internal IReadOnlyList<(Tensor Of, string Name, Tensor Tensor)> TensorsOf(params Tensor[] parameters) =>
    [
        .. from p in parameters
           where _state.ContainsKey(p)
           from remembered in _state[p]
           where remembered.Value is Tensor
           select (p, remembered.Key, (Tensor)remembered.Value!),
    ];

    /// <summary>Keeps what is remembered of parameters; the result brings that back.</summary>
    internal Action Keep(params Tensor[] parameters)
    {
        var before = new Dictionary<string, object?>?[parameters.Length];
        for (int i = 0; i < before.Length; i++)
            if (_state.TryGetValue(parameters[i], out Dictionary<string, object?>? state)) before[i] = new(state);
        return () =>
        {
            for (int i = 0; i < before.Length; i++)
            {
                if (before[i] is { } state) _state[parameters[i]] = new(state);
                else _state.Remove(parameters[i]);
            }
        };
    }

    /// <summary>Computes the loss by <paramref name="closure"/>, with gradients recorded, and then steps.</summary>
    /// <param name="closure">Clears the gradients, computes the loss, runs it backward and returns it.</param>
    /// <returns>The loss.</returns>
    public Tensor Step(Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        UserCode.CheckStack();
        Tensor loss;
        using (Autograd.EnableGrad())
            loss = closure()
            ?? throw new InvalidOperationException($"{GetType().Name}.Step: the closure must return the loss, but returned null.");
        Step();
        return loss;
    }

    /// <summary>What the optimizer remembers; the tensors are its own, not copies.</summary>
    public OptimizerState StateDict()
    {
        List<Tensor> all = [.. _groups.SelectMany(g => g.Parameters)];
        var state = new Dictionary<int, IReadOnlyDictionary<string, object?>>();
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
        var options = new OrderedDictionary<string, object?>[_groups.Count];
        var memories = new Dictionary<Tensor, Dictionary<string, object?>>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < _groups.Count; i++)
        {
            var group = new ParamGroup([]);
            foreach ((string name, object? value) in _groups[i].Options) group.Options[name] = value;
            foreach ((string name, object? value) in state.ParamGroups[i].Options) group.Options[name] = value;
            CheckOptions(group);
            options[i] = group.Options;
            for (int j = 0; j < _groups[i].Parameters.Count; j++)
            {
                int number = state.ParamGroups[i].Parameters[j];
                if (!state.State.TryGetValue(number, out IReadOnlyDictionary<string, object?>? own)) continue;
                Tensor p = _groups[i].Parameters[j];
                memories[p] = own.ToDictionary(entry => entry.Key, entry => Remembered(number, entry.Key, entry.Value, p));
            }
        }
        for (int i = 0; i < _groups.Count; i++)
            foreach ((string name, object? value) in options[i]) _groups[i].Options[name] = value;
        _state.Clear();
        Structure.Change();
        foreach ((Tensor p, Dictionary<string, object?> memory) in memories) _state[p] = memory;
    }

    // What was remembered of a parameter is stepped beside it, element by element.
    private static object? Remembered(int number, string name, object? value, Tensor parameter) => value switch
    {
        Tensor t when !t.Shape.Equals(parameter.Shape) =>
            throw new ShapeException(
                $"LoadStateDict: \"{name}\" of parameter {number} has shape {t.Shape}, but the parameter {parameter.Shape}."),
        Tensor when name == "step" =>
            throw new ArgumentException($"LoadStateDict: \"step\" of parameter {number} must be a number, but is a tensor.", "state"),
        Tensor t => t.Detach().To(parameter.DType).Clone(),
        double => value,
        float or int or long => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException(
            $"LoadStateDict: \"{name}\" of parameter {number} must be a tensor or a number, but is "
            + $"{(value is null ? "null" : value.GetType().Name)}.", "state"),
    };

    /// <summary>Steps all parameters of a group that have a gradient, in place; recording is off.</summary>
    /// <remarks>
    /// It is called for one group after the other by <see cref="Step()"/>, which sees to it that nobody else steps meanwhile.
    /// </remarks>
    /// <example><code>
    /// sealed class SignDescent(IEnumerable&lt;Tensor&gt; parameters, double lr)
    ///     : Optimizer([new ParamGroup(parameters)], new() { ["lr"] = lr })
    /// {
    ///     protected override void CheckOptions(ParamGroup group) => ArgumentOutOfRangeException.ThrowIfNegative(group.Lr);
    ///
    ///     protected override void Step(ParamGroup group)
    ///     {
    ///         foreach (Tensor p in group.Parameters)
    ///         {
    ///             if (p.Grad is not { } g) continue;
    ///             Tensor mean = Remembered(StateOf(p), "exp_avg", p).MulInPlace(0.9).AddInPlace(g, 0.1);
    ///             p.SubInPlace(mean.Sign(), group.Lr);
    ///         }
    ///     }
    /// }
    /// </code></example>
    protected abstract void Step(ParamGroup group);

    /// <summary>
    /// Throws an <see cref="ArgumentException"/> for options that make no sense. It is called before a group is used, and when an option
    /// changes.
    /// </summary>
    protected internal abstract void CheckOptions(ParamGroup group);

    /// <summary>
    /// What is remembered of a parameter by name, empty at first: tensors of its shape, and numbers as doubles. It is saved with the
    /// optimizer.
    /// </summary>
    protected IDictionary<string, object?> StateOf(Tensor parameter)
    {
        parameter.Given();
        if (!_groups.Exists(g => Array.Exists(g.Held, p => ReferenceEquals(p, parameter))))
            throw new ArgumentException(
                $"{GetType().Name}: a tensor of shape {parameter.Shape} is not optimized, so nothing is remembered of it.",
                nameof(parameter));
        return Memory(parameter);
    }

    private protected Dictionary<string, object?> Memory(Tensor parameter)
    {
        if (!_state.TryGetValue(parameter, out Dictionary<string, object?>? state)) _state[parameter] = state = [];
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

    /// <summary>Counts the steps of a parameter, from 1.</summary>
    /// <exception cref="ArgumentException">Something else than a double is remembered as "step".</exception>
    protected static double NextStep(IDictionary<string, object?> state)
    {
        state.Given();
        double t = 1;
        if (state.TryGetValue("step", out object? before))
            t += before as double? ?? throw new ArgumentException(
                $"NextStep: the count of steps that is remembered as \"step\" must be a double, but is "
                + $"{before?.GetType().Name ?? "null"}.", nameof(state));
        state["step"] = t;
        return t;
    }

    /// <summary>The gradient of a parameter, negated to go uphill, plus what weight decay adds to it.</summary>
    protected static Tensor Decayed(Tensor parameter, Tensor gradient, ParamGroup group)
    {
        Tensor g = gradient.Given().Detach();
        parameter.Given();
        if (group.Given().Options.ContainsKey("maximize") && group.Flag("maximize")) g = -g;
        double decay = group.Options.ContainsKey("weight_decay") ? group.Number("weight_decay") : 0;
        return decay == 0 ? g : g.Add(parameter, decay);
    }

    /// <summary>An option that must be in a range.</summary>
    private protected static void Check(ParamGroup group, Interval range, string option, string spoken)
    {
        double value = group.Number(option);
        if (!range.Contains(value))
            throw new ArgumentOutOfRangeException(
                option, value, string.Create(CultureInfo.InvariantCulture, $"Invalid {spoken}: {value}. It must be {range}."));
    }

    /// <summary>β₁ and β₂ as given, or as usual.</summary>
    private protected static (double Beta1, double Beta2) Betas((double Beta1, double Beta2)? given) => given ?? (0.9, 0.999);

    /// <summary>How much of the means is kept.</summary>
    private protected static void CheckBetas(ParamGroup group)
    {
        Check(group, Interval.Kept, "beta1", "beta1");
        Check(group, Interval.Kept, "beta2", "beta2");
    }
}
