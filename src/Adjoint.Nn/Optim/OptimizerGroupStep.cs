namespace Adjoint.Optim;

/// <summary>
/// The step of a group of parameters as one operation of a graph, for an optimizer of the user's, whose step of one parameter may
/// depend on the gradients of others. Its inputs are each parameter and its gradient, or null.
/// </summary>
/// <inheritdoc cref="OptimizerStep"/>
internal readonly struct OptimizerGroupStep(Optimizer optimizer, ParamGroup group) : ITensorsOperation, IStatefulOperation
{
    public object Group => group;

    public string Name => OptimizerStep.NameOf(optimizer);

    public void Describe(OpAttributes to)
    {
        foreach ((string name, object? value) in group.Options) to.Add(name, value);
    }

    public IReadOnlyList<(Tensor Of, string Name, Tensor Tensor)> Cells => optimizer.TensorsOf(group.Held);

    public Action Remember() => optimizer.Keep(group.Held);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        optimizer.StepAlong(group, inputs);
        var results = new Tensor?[inputs.Length / 2];
        for (int i = 0; i < results.Length; i++) results[i] = inputs[2 * i];
        return results;
    }
}
