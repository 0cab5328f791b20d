namespace Adjoint;

/// <summary>A step of a plan: what is done with the tensors of an arena.</summary>
internal abstract class ReplayStep
{
    /// <summary>What of the graph it does, for explanations.</summary>
    internal abstract string Kind { get; }

    /// <summary>Does it.</summary>
    internal abstract void Run(ReplayArena arena);
}

/// <summary>An operation that writes to memory that is there.</summary>
internal sealed class IntoStep(GraphOperation operation, int[] inputs, int[] results) : ReplayStep
{
    private readonly IIntoOperation _operation = operation.Call.Into!;

    internal override string Kind => operation.Name;

    internal override void Run(ReplayArena arena)
    {
        ReadOnlySpan<Tensor?> x = arena.Operands(inputs), y = arena.Targets(results);
        _operation.RunInto(x, y);
    }
}

/// <summary>An operation as a call of it runs: in place, or with results in memory that it makes.</summary>
internal sealed class CallStep(GraphOperation operation, int[] inputs) : ReplayStep
{
    // What code of the user's has seen, it may keep.
    private readonly bool _isSupplied = operation.Call.Operation is not IStatefulOperation
        && !ReplayUndo.IsUsers(operation.Call.Operation.GetType());

    internal override string Kind => operation.Name;

    internal override void Run(ReplayArena arena)
    {
        ReadOnlySpan<Tensor?> x = arena.Operands(inputs);
        Span<Tensor?> y = arena.Results(operation.Results.Count);
        if (_isSupplied) arena.Supply.Run(operation.Call, x, y);
        else operation.Call.Execute(x, y);
        for (int i = 0; i < y.Length; i++)
            if (operation.Results[i] is { } result) arena.Take(operation, result, y[i]!);
        if (_isSupplied) arena.Supply.Sort(operation, y);
    }
}

/// <summary>An operation whose rule saves what it computes besides: that is there only where it is recorded.</summary>
internal sealed class RecordedStep(GraphOperation operation, int[] inputs) : ReplayStep
{
    private readonly bool _isSupplied = !ReplayUndo.IsUsers(operation.Call.Operation.GetType());

    internal override string Kind => operation.Name;

    internal override void Run(ReplayArena arena)
    {
        Tensor?[] x = arena.Operands(inputs).ToArray(), y = new Tensor?[operation.Results.Count];
        for (int i = 0; i < x.Length; i++)
            if (operation.Recorded[i]) x[i] = x[i]!.Detach().RequiresGradQuietly();
        Here here = Here.Now;
        GradMode.Switch before = here.On;
        here.On = before & ~GradMode.Switch.NoGrad;
        try
        {
            if (_isSupplied) arena.Supply.Run(operation.Call, x, y);
            else operation.Call.Execute(x, y);
        }
        finally
        {
            here.On = before;
        }
        for (int i = 0; i < y.Length; i++)
            if (operation.Results[i] is { } result) arena.Take(operation, result, y[i]!);
        Node node = y.First(result => result?.GradFn is not null)!.GradFn!;
        IReadOnlyDictionary<string, object?> all = node.Saved;
        foreach ((string name, GraphTensor saved) in operation.Saved) arena.Take(operation, saved, (Tensor)all[name]!);
        if (_isSupplied) arena.Supply.Sort(operation, [.. y, .. operation.Saved.Select(saved => (Tensor)all[saved.Name]!)]);
    }
}
