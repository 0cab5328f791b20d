namespace Adjoint;

/// <summary>What has to be kept so that a run that throws in the middle leaves everything as it was.</summary>
/// <remarks>
/// // Note [A run is whole or not at all]
/// Which operations may throw for some values is known beforehand: those that read or make whole numbers or truth values (indices,
/// classes, integer division, results whose shape depends on values), draws, and code of the user's. What is changed after the last of
/// them needs no copy: as a rule everything, because classes are checked before anything is changed. What is changed before one is copied
/// at the start of a run. That there is no memory may come at any time, and is not undone.
/// </remarks>
internal sealed class ReplayUndo
{
    internal ReplayUndo(IReadOnlyList<GraphOperation> operations)
    {
        int last = -1;
        for (int i = 0; i < operations.Count; i++)
            if (MayThrow(operations[i])) last = i;
        List<GraphMemory> changed = [];
        List<IStatefulOperation> stateful = [];
        List<Generator> generators = [];
        // The last one may have changed something itself before it throws.
        for (int i = 0; i <= last; i++)
        {
            GraphOperation operation = operations[i];
            foreach (GraphValue value in operation.Changes)
                if (value.Memory.Role is not (GraphRole.Result or GraphRole.State) && !changed.Contains(value.Memory))
                    changed.Add(value.Memory);
            if (operation.Call.Operation is IStatefulOperation state) stateful.Add(state);
            if (operation.Attributes.TryGetValue("generator", out object? drawn)) generators.Add(drawn as Generator ?? Rng.Default);
        }
        (Changed, Stateful, Generators) = (changed, stateful, [.. generators.Distinct()]);
        LastThatMayThrow = last < 0 ? null : operations[last];
    }

    /// <summary>Memory that is copied before a run.</summary>
    internal IReadOnlyList<GraphMemory> Changed { get; }

    internal IReadOnlyList<IStatefulOperation> Stateful { get; }

    internal IReadOnlyList<Generator> Generators { get; }

    /// <summary>The last operation that may throw, for explanations.</summary>
    internal GraphOperation? LastThatMayThrow { get; }

    internal bool IsEmpty => Changed.Count == 0 && Stateful.Count == 0 && Generators.Count == 0;

    internal static bool MayThrow(GraphOperation operation)
    {
        object call = operation.Call.Operation;
        if (call is IPreparedOperation prepared) return prepared.RunsUserCode;
        if (call is ITileOperation tiled && tiled.Tile(operation) is not null) return false;
        if (call is IStatefulOperation || operation.Attributes.ContainsKey("generator") || IsUsers(call.GetType())) return true;
        // What gives memory of its own may give it in another layout for other values.
        if (operation.Changes.Count == 0 && !(operation.Call.Into is { } into && into.GoesInto(operation))) return true;
        return operation.Inputs.Concat(operation.Results).Any(x => x is not null && !x.DType.IsFloatingPoint);
    }

    /// <summary>Whether an operation is, or holds, code of the user's.</summary>
    internal static bool IsUsers(Type type) =>
        type.Assembly.GetName().Name is not ("Adjoint" or "Adjoint.Nn" or "Adjoint.Algebra" or "System.Private.CoreLib")
        || Array.Exists(type.GetGenericArguments(), IsUsers);
}
