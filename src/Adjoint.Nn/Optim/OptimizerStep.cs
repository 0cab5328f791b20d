namespace Adjoint.Optim;

/// <summary>The step of one parameter as an operation of a graph: its inputs are the parameter and its gradient.</summary>
/// <remarks>
/// It holds the optimizer and the group, not the numbers in them: what it is told and what it remembers it looks up whenever it
/// runs. What it remembers (moments, the count of steps) is the optimizer's own state.
/// </remarks>
internal readonly struct OptimizerStep(Optimizer optimizer, ParamGroup group, Tensor parameter)
    : ITensorOperation, IPreparedOperation, IScalarOperation, IByHand
{
    public string Name => NameOf(optimizer);

    /// <summary><c>adam_step_</c>.</summary>
    internal static string NameOf(Optimizer optimizer) => $"{optimizer.GetType().Name.Split('`')[0].ToLowerInvariant()}_step_";

    public void Describe(OpAttributes to)
    {
        foreach ((string name, object? value) in group.Options) to.Add(name, value);
    }

    public IReadOnlyList<(Tensor Of, string Name, Tensor Tensor)> Cells => optimizer.TensorsOf(parameter);

    public Action Remember() => optimizer.Keep(parameter);

    public void Write(Hand hand) => optimizer.Write(new HandStep(hand, optimizer, group, parameter));

    public object Group => group;

    public int GroupSize => group.Held.Length;

    public IOptions Options => group.Options;

    public bool RunsUserCode => UserFormula.IsUsers(optimizer.GetType());

    public int Prepare() => optimizer.FormOf(group);

    public void RunGroup() => optimizer.StepGroup(group);

    public IScalarStep?[]? Scalars(DType dtype) => optimizer.ScalarStep(group, dtype) is { } step ? [step] : null;

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        optimizer.StepAlong(group.Part(parameter), inputs);
        return inputs[0]!;
    }
}
