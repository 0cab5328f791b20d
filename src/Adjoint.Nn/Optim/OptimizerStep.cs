namespace Adjoint.Optim;

/// <summary>The step of one parameter as an operation of a graph: its inputs are the parameter and its gradient.</summary>
/// <remarks>
/// It holds the optimizer and the group, not the numbers in them: what it is told and what it remembers it looks up whenever it runs. What it
/// remembers (moments, the count of steps) is the optimizer's own state.
/// </remarks>
internal readonly struct OptimizerStep(Optimizer optimizer, ParamGroup group, Tensor parameter) : ITensorOperation, IStatefulOperation
{
    public string Name => $"{optimizer.GetType().Name.ToLowerInvariant()}_step_";

    public void Describe(OpAttributes to)
    {
        foreach ((string name, object? value) in group.Options) to.Add(name, value);
    }

    public IReadOnlyList<(string Name, Tensor Tensor)> Cells =>
        [.. (optimizer.RememberedOf(parameter) ?? new Dictionary<string, object?>()).Where(s => s.Value is Tensor).Select(s => (s.Key, (Tensor)s.Value!))];

    public Action Remember()
    {
        (Optimizer owner, Tensor p) = (optimizer, parameter);
        Dictionary<string, object?>? before = owner.RememberedOf(p) is { } state ? new(state) : null;
        return () => owner.RememberOf(p, before is null ? null : new(before));
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        optimizer.Step(group, parameter, inputs[1]!);
        return inputs[0]!;
    }
}
