namespace Adjoint;

/// <summary>Finds operations that compute what an earlier one computed: who reads their results reads that one's.</summary>
/// <remarks>
/// // Note [The same operation of the same values]
/// Two operations are the same if their numbers have the same bits and their operands are the same values, lying in the same way.
/// A value is what memory held between two changes, so what was changed in between is another one. Nothing is compared by rule: a·b and
/// b·a are two operations. What a caller gets has memory of its own, and is not shared; what draws, throws or changes something is
/// never the same as something else.
/// </remarks>
internal sealed class ReplayCommon : IEqualityComparer<GraphOperation>
{
    private readonly Dictionary<GraphTensor, GraphTensor> _instead = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphValue, GraphValue> _values = new(ReferenceEqualityComparer.Instance);

    /// <summary>The operations without those that are repeated.</summary>
    /// <param name="needs">All.</param>
    /// <param name="isOwn">Whether somebody outside of the run gets the memory.</param>
    /// <param name="isLent">Whether somebody may keep or change it while it runs.</param>
    /// <param name="count">How many were repeated.</param>
    internal static List<GraphOperation> Of(
        ReplayNeeds needs, Func<GraphMemory, bool> isOwn, Func<GraphMemory, bool> isLent, out int count)
    {
        var common = new ReplayCommon();
        var first = new HashSet<GraphOperation>(common);
        List<GraphOperation> left = new(needs.Operations.Count);
        foreach (GraphOperation operation in needs.Operations)
        {
            GraphOperation now = common.Reading(operation);
            if (needs.IsPure(now) && !ReplayUndo.IsUsers(now.Call.Operation.GetType()) && !Gives(now, isLent))
            {
                if (!Gives(now, isOwn) && first.TryGetValue(now, out GraphOperation? same))
                {
                    common.Replace(now, same);
                    continue;
                }
                first.Add(now);
            }
            left.Add(now);
        }
        count = needs.Operations.Count - left.Count;
        return left;
    }

    private static bool Gives(GraphOperation operation, Func<GraphMemory, bool> which)
    {
        foreach (GraphTensor? y in operation.Results)
            if (y is not null && which(y.Value.Memory)) return true;
        return false;
    }

    private void Replace(GraphOperation operation, GraphOperation same)
    {
        for (int i = 0; i < operation.Results.Count; i++)
            if (operation.Results[i] is { } y) _values[y.Value] = same.Results[i]!.Value;
    }

    // With the operands that it then has.
    private GraphOperation Reading(GraphOperation operation)
    {
        if (_values.Count == 0) return operation;
        GraphTensor?[]? inputs = null;
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (operation.Inputs[i] is not { } x || !_values.TryGetValue(x.Value, out GraphValue? value)) continue;
            if (!_instead.TryGetValue(x, out GraphTensor? other)) _instead[x] = other = x.Of(value);
            (inputs ??= [.. operation.Inputs])[i] = other;
        }
        return inputs is null ? operation : operation.Reading(inputs);
    }

    public bool Equals(GraphOperation? a, GraphOperation? b)
    {
        if (a!.Inputs.Count != b!.Inputs.Count || a.Results.Count != b.Results.Count) return false;
        for (int i = 0; i < a.Inputs.Count; i++)
            if (!AreSame(a.Inputs[i], b.Inputs[i])) return false;
        for (int i = 0; i < a.Results.Count; i++)
        {
            if ((a.Results[i], b.Results[i]) is (null, null)) continue;
            if (a.Results[i] is not { } y || b.Results[i] is not { } z || y.DType != z.DType || !LieSame(y, z)) return false;
        }
        return a.Call.IsSameOperation(b.Call);
    }

    public int GetHashCode(GraphOperation operation)
    {
        var hash = default(HashCode);
        hash.Add(operation.Call.GetType());
        foreach (GraphTensor? x in operation.Inputs)
        {
            bool isNumber = x is null || x.Value.Memory.Role == GraphRole.Number;
            hash.Add(isNumber ? -1 : x!.Value.Memory.Index);
            hash.Add(isNumber ? 0 : x!.Offset);
        }
        return hash.ToHashCode();
    }

    private static bool AreSame(GraphTensor? a, GraphTensor? b)
    {
        if (a is null || b is null) return a is null && b is null;
        if (!LieSame(a, b)) return false;
        if (ReferenceEquals(a.Value, b.Value)) return true;
        return (a.Value.Memory, b.Value.Memory) is ({ Role: GraphRole.Number, Tensor: { } x }, { Role: GraphRole.Number, Tensor: { } y })
            && x.DType == y.DType && Elements.AreSame(x.WholeMemory(), y.WholeMemory());
    }

    private static bool LieSame(GraphTensor a, GraphTensor b) =>
        a.Offset == b.Offset && a.Shape.Equals(b.Shape) && a.Strides.SequenceEqual(b.Strides);
}
