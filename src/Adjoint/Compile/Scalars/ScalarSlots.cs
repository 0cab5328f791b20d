namespace Adjoint;

/// <summary>The tensors of a program of numbers in one row: arguments, what lies outside, gradients, results.</summary>
internal sealed class ScalarSlots
{
    private ScalarSlots(ReplayPlan plan) => Arguments = plan.Arguments.Length;

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    /// <summary>The dtype of all.</summary>
    internal DType DType { get; private set; }

    /// <summary>How many of them, the first, are arguments.</summary>
    internal int Arguments { get; }

    internal (int Slot, Tensor Tensor)[] Outside { get; private set; } = [];

    /// <summary>Numbers of C# among the arguments of a call, by their count.</summary>
    internal (int Slot, int Index)[] Numbers { get; private set; } = [];

    internal Gradient[] Gradients { get; private set; } = [];

    internal Result[] Results { get; private set; } = [];

    /// <summary>Leaves that have no gradient in the end.</summary>
    internal Tensor[] Cleared { get; private set; } = [];

    /// <summary>The places of numbers that are read from tensors, and those that are written to them.</summary>
    internal (int Place, int Slot)[] Loads { get; private set; } = [];

    /// <inheritdoc cref="Loads"/>
    internal (int Place, int Slot)[] Stores { get; private set; } = [];

    /// <summary>The places of parameters that were stepped.</summary>
    internal (int Place, int Slot)[] Changes { get; private set; } = [];

    /// <summary>Lays them out; null where a plan is more than a program of single numbers. See Note [One look before a program of
    /// numbers].</summary>
    internal static ScalarSlots? Of(
        ReplayPlan plan, (int Place, int Operand)[] loads, (int Place, int Operand)[] stores, (int Place, int Operand)[] changes)
    {
        if (!plan.IsOneTape || plan.Undo.LastThatMayThrow is not null || plan.AreGradientsAtRisk || plan.Given.Length > 0
            || plan.Cells.Length > 0 || plan.ArgumentGradients.Length > 0 || plan.ClearedArguments.Length > 0
            || plan.Outputs.Length > 1 || plan.Fresh.Length != plan.Outputs.Length)
            return null;
        var slots = new ScalarSlots(plan);
        return slots.Lay(plan, loads, stores, changes) ? slots : null;
    }

    private bool Lay(
        ReplayPlan plan, (int Place, int Operand)[] loads, (int Place, int Operand)[] stores, (int Place, int Operand)[] changes)
    {
        Count = Arguments;
        Dictionary<int, int> slotOf = [];
        List<(int, Tensor)> outside = [];
        List<(int, int)> numbers = [];
        List<Gradient> gradients = [];
        List<Result> results = [];
        Cleared = [.. plan.Cleared, .. plan.Gradients.Where((_, i) => IsLetGo(plan, i)).Select(g => g.Tensor!)];
        for (int i = 0; i < plan.Arguments.Length; i++) slotOf[plan.Arguments[i]] = i;
        foreach (GraphMemory memory in loads.Concat(changes).Select(MemoryOf).Distinct())
        {
            if (memory.Length != 1) return false;
            if (plan.Places[memory.Index] == ReplayPlace.Argument) continue;
            slotOf[memory.Index] = Count;
            DType = memory.DType;
            if (memory.Ask is { Target: NumberArgument { Index: var index } })
            {
                numbers.Add((Count++, index));
                continue;
            }
            if (plan.Places[memory.Index] != ReplayPlace.Outside) return false;
            outside.Add((Count++, memory.Tensor!));
        }
        for (int i = 0; i < plan.Gradients.Length; i++)
        {
            GraphGradient gradient = plan.Gradients[i];
            if (gradient.Leaf.Role == GraphRole.Result || plan.IsGradientMade(i) || IsLetGo(plan, i)) continue;
            if (gradient.Leaf.Role == GraphRole.Input || plan.GradientOperands[i] < 0) return false;
            GraphTensor value = plan.Tensors[plan.GradientOperands[i]];
            if (plan.Places[value.Value.Memory.Index] != ReplayPlace.Kept || !slotOf.TryAdd(value.Value.Memory.Index, Count)) return false;
            gradients.Add(new Gradient(gradient.Tensor!, Count++, value.Shape, value.DType));
        }
        for (int i = 0; i < plan.Outputs.Length; i++)
        {
            GraphTensor value = plan.Tensors[plan.Outputs[i]];
            if (plan.Places[value.Value.Memory.Index] != ReplayPlace.Fresh || !plan.Results.IsOwn(i)) return false;
            if (!slotOf.TryAdd(value.Value.Memory.Index, Count)) return false;
            results.Add(new Result(Count++, value.Shape, value.DType));
        }
        if (!stores.All(s => slotOf.ContainsKey(MemoryOf(s).Index)) || stores.Length != gradients.Count + results.Count) return false;
        // One that is asked for otherwise runs code of the user's, whether it is read or not.
        if (plan.Asked.Any(memory => plan.Graph.Memories[memory].Ask is not { Target: NumberArgument })) return false;
        if (!changes.All(s => plan.Places[MemoryOf(s).Index] == ReplayPlace.Outside)) return false;
        (Outside, Numbers, Gradients, Results) = ([.. outside], [.. numbers], [.. gradients], [.. results]);
        (Loads, Stores, Changes) = (Slots(loads), Slots(stores), Slots(changes));
        return true;

        GraphMemory MemoryOf((int Place, int Operand) at) => plan.Tensors[at.Operand].Value.Memory;

        (int, int)[] Slots((int Place, int Operand)[] all) => Array.ConvertAll(all, at => (at.Place, slotOf[MemoryOf(at).Index]));
    }

    private static bool IsLetGo(ReplayPlan plan, int gradient) => plan.IsLetGo[gradient] && !plan.IsGradientMade(gradient);

    /// <summary>The gradient of a leaf.</summary>
    internal readonly record struct Gradient(Tensor Leaf, int Slot, Shape Shape, DType DType)
    {
        /// <summary>One that nobody has seen.</summary>
        internal Tensor Make()
        {
            var made = Tensor.Uninitialized(Shape, DType);
            made.IsUnseen = true;
            return made;
        }
    }

    /// <summary>A result for the caller.</summary>
    internal readonly record struct Result(int Slot, Shape Shape, DType DType);
}
