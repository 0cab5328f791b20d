namespace Adjoint;

/// <summary>Operations that become one step of a plan.</summary>
internal sealed class ReplayPart
{
    private readonly HashSet<GraphMemory> _reads = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphMemory, bool> _makes = new(ReferenceEqualityComparer.Instance);

    private readonly TileGroup? _tiles;

    private ReplayPart(TileGroup tiles, ReplayPlan plan)
    {
        (Operations, _tiles) = ([.. tiles.Operations], tiles);
        foreach (GraphTensor x in Operations.SelectMany(operation => operation.Inputs).OfType<GraphTensor>())
            if (!IsInner(x.Value.Memory, plan)) _reads.Add(x.Value.Memory);
        foreach (GraphMemory memory in tiles.Made)
            if (!IsInner(memory, plan)) _makes[memory] = true;
    }

    private ReplayPart(List<GraphOperation> operations, DType? tape, bool isGroup)
    {
        (Operations, Tape, IsGroup) = (operations, tape, isGroup);
        foreach (GraphOperation operation in operations)
        {
            foreach (GraphTensor? x in operation.Inputs)
                if (x is not null) _reads.Add(x.Value.Memory);
            bool into = tape is not null || operation.Call.Into is { } call && call.GoesInto(operation);
            foreach (GraphTensor y in operation.Results.OfType<GraphTensor>().Concat(operation.Saved.Select(s => s.Tensor)))
                if (y.Value.Memory.Role == GraphRole.Result && operation.Makes(y.Value.Memory.Values[0]))
                    _makes[y.Value.Memory] = into;
        }
    }

    internal IReadOnlyList<GraphOperation> Operations { get; }

    /// <summary>The dtype of its numbers, if it is a program of numbers.</summary>
    internal DType? Tape { get; }

    internal bool IsTape => Tape is not null;

    /// <summary>Whether it is all steps of an optimizer's group.</summary>
    internal bool IsGroup { get; }

    /// <summary>Whether what it makes is written to memory that is there.</summary>
    internal bool WritesTo(GraphMemory memory) => _makes[memory];

    internal IEnumerable<GraphMemory> Made => _makes.Keys;

    internal IEnumerable<GraphMemory> Read => _reads;

    /// <summary>The memory that a result may take over, where the part is one operation.</summary>
    internal bool MayOverwrite(GraphMemory old, GraphMemory made)
    {
        if (_tiles is not null) return _tiles.MayOverwrite(old, made);
        if (IsTape || Operations is not [var only] || !_makes[made] || !only.Call.Into!.MayOverwrite || old.Length != made.Length)
            return false;
        return only.Inputs.All(x => x is null || !ReferenceEquals(x.Value.Memory, old)
            || (x.IsWhole && x.Shape.Equals(only.Results.OfType<GraphTensor>().First().Shape)));
    }

    /// <summary>Runs of numbers, element-wise operations and groups of optimizers together, everything else by itself.</summary>
    internal static List<ReplayPart> Of(List<GraphOperation> operations, ReplayPlan plan)
    {
        List<ReplayPart> parts = [];
        foreach ((List<GraphOperation> before, TileGroup? tiles) in TileGroups.Of(operations))
        {
            AddPlain(before, plan, parts);
            if (tiles is not null) parts.Add(new ReplayPart(tiles, plan));
        }
        return parts;
    }

    private static void AddPlain(List<GraphOperation> operations, ReplayPlan plan, List<ReplayPart> parts)
    {
        for (int i = 0; i < operations.Count;)
        {
            int count = 0;
            DType? tape = ScalarTapes.TypeOf(operations[i], plan);
            if (tape is not null)
            {
                while (i + count < operations.Count && ScalarTapes.TypeOf(operations[i + count], plan) == tape) count++;
                parts.Add(new ReplayPart(operations.GetRange(i, count), tape, isGroup: false));
            }
            else
            {
                count = GroupAt(operations, i, plan);
                parts.Add(new ReplayPart(operations.GetRange(i, Math.Max(1, count)), null, isGroup: count > 0));
            }
            i += Math.Max(1, count);
        }
    }

    // Nobody but the group has to do with it.
    private bool IsInner(GraphMemory memory, ReplayPlan plan) =>
        _tiles!.Made.Contains(memory) && !plan.IsSeen(memory) && plan.ReadsOf(memory) == _tiles.ReadsOf(memory);

    internal ReplayStep Step(ReplayPlan plan)
    {
        if (Tape is { } dtype) return ScalarTapes.Of(dtype, this, plan);
        if (_tiles is not null) return _tiles.Step(plan, memory => IsInner(memory, plan));
        GraphOperation only = Operations[0];
        if (IsGroup)
        {
            foreach (GraphOperation operation in Operations)
                foreach (GraphTensor? x in operation.Inputs) plan.Operand(x);
            return new GroupStep(only, (IPreparedOperation)only.Call.Operation);
        }
        int[] inputs = [.. only.Inputs.Select(plan.Operand)];
        if (only.Call.Into is { } into && into.GoesInto(only))
            return new IntoStep(only, inputs, [.. only.Results.Concat(only.Saved.Select(saved => saved.Tensor)).Select(plan.Operand)]);
        return only.Saved.Count > 0 ? new RecordedStep(only, inputs) : new CallStep(only, inputs);
    }

    // How many operations from here on are the whole step of a group, each along what becomes the gradient of its parameter.
    private static int GroupAt(List<GraphOperation> operations, int at, ReplayPlan plan)
    {
        if (operations[at].Call.Operation is not IPreparedOperation first || at + first.GroupSize > operations.Count) return 0;
        HashSet<GraphMemory> stepped = new(ReferenceEqualityComparer.Instance);
        for (int i = at; i < at + first.GroupSize; i++)
        {
            GraphOperation operation = operations[i];
            if (operation.Call.Operation is not IPreparedOperation next || !ReferenceEquals(next.Group, first.Group)) return 0;
            if (operation.Inputs is not [{ } parameter, { } gradient]) return 0;
            // Where not all have gradients, two steps in a row are as many operations as a whole one, of some parameters twice.
            if (!stepped.Add(parameter.Value.Memory)) return 0;
            GraphGradient? left = plan.Graph.Gradients.FirstOrDefault(g => ReferenceEquals(g.Leaf, parameter.Value.Memory));
            bool isOwn = left is not null
                ? ReferenceEquals(left.Value, gradient)
                : gradient.Value.Memory is { Role: GraphRole.Gradient, Leaf: { } leaf } && ReferenceEquals(leaf.SharedMemory(),
                    parameter.Value.Memory.Tensor!.SharedMemory());
            if (!isOwn) return 0;
        }
        return first.GroupSize;
    }
}

/// <summary>The step of an optimizer for a whole group, as it is outside of a graph.</summary>
internal sealed class GroupStep(GraphOperation first, IPreparedOperation group) : ReplayStep
{
    internal override string Kind => first.Name;

    internal override void Run(ReplayArena arena)
    {
        arena.PublishGradients();
        group.RunGroup();
    }
}
