using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>How a graph is run again and again: its steps, and where its memory lies.</summary>
/// <remarks>
/// // Note [A plan keeps the bits]
/// What is left out, computed once or put in other memory changes no bit: an operation is left out if nobody reads what it gives and it
/// changes nothing else, or if another one computed the same from the same; it is computed once if all it reads is always the same; its
/// results lie where nobody reads any more. The operations themselves run their own kernels, on operands as they lay when they were
/// captured. Nothing is computed in another order: draws, changes in place and whatever may throw keep theirs.
/// </remarks>
internal sealed class ReplayPlan
{
    private readonly ReplayCapture _capture;
    private readonly List<ReplayStep> _steps = [];
    private readonly Dictionary<GraphTensor, int> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<GraphMemory> _outputs, _gradients, _passing, _lent;
    private readonly List<List<int>> _tensorsOf = [];
    private readonly int[] _forms;
    private readonly ReplayNeeds _needs;
    private readonly Dictionary<GraphMemory, (int Count, int Last)> _reads = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphMemory, GraphMemory> _moves = new(ReferenceEqualityComparer.Instance);

    internal ReplayPlan(ReplayCapture capture)
    {
        _capture = capture;
        GraphTrace trace = capture.First;
        Graph graph = trace.Graph;
        _outputs = Set(graph.Outputs.Select(y => y.Value.Memory));
        _gradients = Set(graph.Gradients.Where(g => !capture.IsLetGo(g)).Select(g => g.Value?.Value.Memory).OfType<GraphMemory>());
        _passing = Set(graph.Gradients.Where(capture.IsLetGo).Select(g => g.Value?.Value.Memory).OfType<GraphMemory>()
            .Where(memory => !_gradients.Contains(memory) && memory.Role == GraphRole.Result));
        // What code that is not ours may keep. Our optimizers keep no gradient.
        _lent = Set(
            graph.Operations.Where(op => op.Call.Operation is IStatefulOperation).SelectMany(
                op => op.Inputs.OfType<GraphTensor>().Select(x => x.Value.Memory)
                    .Where(memory => !(_passing.Contains(memory) && op.Call.Operation is IPreparedOperation { RunsUserCode: false }))));
        // Leaves that the function makes itself have no gradient when it begins.
        Leaves = [.. trace.Gradients.Where(g => !graph.Inputs.Any(x => ReferenceEquals(x.Value.Memory.Tensor, g.Leaf))
            && capture.Second.Gradients.Any(other => ReferenceEquals(other.Leaf, g.Leaf)))];
        ArgumentGradients = [.. from i in Enumerable.Range(0, graph.Inputs.Count)
                                from g in trace.Gradients
                                where ReferenceEquals(g.Leaf, graph.Inputs[i].Value.Memory.Tensor)
                                select (i, g.HasGradient)];
        Places = new ReplayPlace[graph.Memories.Count];
        Folded = new Tensor?[graph.Memories.Count];
        foreach (GraphMemory memory in graph.Memories)
        {
            _tensorsOf.Add([]);
            // What C# code makes in each call is what it was: nobody else has it.
            if (memory.IsMadeInside && memory.Role is GraphRole.Constant or GraphRole.Parameter)
                Folded[memory.Index] = Lasting(Elements.Copy(memory.Tensor!.WholeMemory()));
        }
        var needs = new ReplayNeeds(graph, Set(_outputs.Concat(_gradients)));
        (_needs, RemovedCount) = (needs, needs.RemovedCount);
        List<GraphOperation> needed = ReplayCommon.Of(needs, memory => IsWanted(memory) || IsLent(memory), IsLent, out int shared);
        SharedCount = shared;
        needed = Fold(needed);
        foreach (GraphOperation operation in needed)
            foreach (GraphTensor? x in operation.Inputs)
                if (x is not null) CountRead(x.Value.Memory, operation.Index);
        needed.RemoveAll(IsMove);
        var buffers = new ReplayBuffers(this);
        List<ReplayPart> parts = ReplayPart.Of(needed, this);
        var makers = new ReplayPart?[graph.Memories.Count];
        var isReadElsewhere = new bool[graph.Memories.Count];
        foreach (ReplayPart part in parts)
            foreach (GraphMemory memory in part.Made) makers[memory.Index] ??= part;
        foreach (ReplayPart part in parts)
            foreach (GraphMemory memory in part.Read)
                isReadElsewhere[memory.Index] |= !part.IsTape || !ReferenceEquals(part, makers[memory.Index]);
        foreach (GraphMemory memory in graph.Memories)
            Places[memory.Index] = PlaceOf(memory, makers[memory.Index], isReadElsewhere[memory.Index]);
        foreach (ReplayPart part in parts) _steps.Add(part.Step(this));
        buffers.Lay(parts);
        Buffers = buffers.Sizes;
        BufferOf = buffers.Of;
        LastRead = buffers.LastRead;
        Steps = [.. _steps];
        Asked = [.. Indices(ReplayPlace.Asked)];
        Cells = [.. Indices(ReplayPlace.Gradient)];
        Fresh = [.. Indices(ReplayPlace.Fresh)];
        Kept = [.. Indices(ReplayPlace.Kept)];
        Given = [.. Indices(ReplayPlace.Given)];
        Arguments = [.. graph.Inputs.Select(x => x.Value.Memory.Index)];
        ArgumentOffsets = [.. graph.Inputs.Select(x => x.Offset)];
        Gradients = [.. graph.Gradients];
        GradientOperands = [.. Gradients.Select(g => Operand(g.Value))];
        IsLetGo = [.. Gradients.Select(capture.IsLetGo)];
        Outputs = [.. graph.Outputs.Select(Operand)];
        Prepared = [.. needed.Select(op => op.Call.Operation).OfType<IPreparedOperation>().DistinctBy(op => op.Group)];
        _forms = Array.ConvertAll(Prepared, prepared => prepared.Prepare());
        Undo = new ReplayUndo(needed);
        Alone = [.. needed.Where(op => op.Call.Operation is ITileOperation && op.Results.Any(y => y?.Shape.NumEl > 1)
            && TileGroup.KernelOf(op) is null)];
        AreGradientsAtRisk = Undo.LastThatMayThrow is { } last && needed.Any(op => op.Index < last.Index
            && op.Results.Any(y => y is not null && Places[y.Value.Memory.Index] is ReplayPlace.Kept or ReplayPlace.Moved));
        Tensors = [.. _tensors.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        TensorsOf = [.. _tensorsOf.Select(list => list.ToArray())];
        Extents = Array.ConvertAll(Tensors, ReplayExtent.Of);
        Reaches = [.. Arguments.Select((memory, i) => TensorsOf[memory].Select(number => Extents[number])
            .Append(ReplayExtent.Of(graph.Inputs[i])).Aggregate(ReplayExtent.Both).From(ArgumentOffsets[i]))];
        Passing = [.. Arguments.Concat(Cells).Concat(Fresh).Concat(Given).Distinct().SelectMany(memory => TensorsOf[memory])];
        Wholes = new Shape?[Places.Length];
        foreach (int memory in Fresh.Concat(Kept)) Wholes[memory] = WholeShape(graph.Memories[memory]);
    }

    internal Graph Graph => _capture.First.Graph;

    /// <summary>The plan for the options that there are now.</summary>
    internal ReplayPlan Anew() => new(_capture);

    /// <summary>The leaves that have no gradient in the end.</summary>
    internal Tensor[] Cleared => _capture.Cleared;

    /// <summary>The arguments that have none.</summary>
    internal int[] ClearedArguments => _capture.ClearedArguments;

    /// <summary>What of memory each operand shows.</summary>
    internal ReplayExtent[] Extents { get; }

    /// <summary>What of its memory is read and written of each argument, seen from where it begins.</summary>
    internal (int First, int Last)[] Reaches { get; }

    /// <summary>How results become the caller's.</summary>
    internal ReplayResults Results => _capture.Results;

    /// <summary>Whether a gradient is that of a leaf that the function makes.</summary>
    internal bool IsGradientMade(int gradient) => _capture.IsMade(gradient);

    internal ReplayStep[] Steps { get; }

    /// <summary>Where each memory of the graph lies, by its index.</summary>
    internal ReplayPlace[] Places { get; }

    /// <summary>What was computed once.</summary>
    internal Tensor?[] Folded { get; }

    /// <summary>The operands that steps name by their numbers.</summary>
    internal GraphTensor[] Tensors { get; }

    /// <summary>Which of them show each memory.</summary>
    internal int[][] TensorsOf { get; }

    internal (DType DType, int Length)[] Buffers { get; }

    /// <summary>The buffer of each memory that lies in one.</summary>
    internal int[] BufferOf { get; }

    /// <summary>For each step the memories that lie where an operation put them, and that no later step reads.</summary>
    internal int[][] LastRead { get; }

    internal int[] Asked { get; }

    internal int[] Cells { get; }

    internal int[] Fresh { get; }

    internal int[] Kept { get; }

    internal int[] Given { get; }

    /// <summary>The memory of each argument, and where in it the argument began.</summary>
    internal int[] Arguments { get; }

    /// <inheritdoc cref="Arguments"/>
    internal int[] ArgumentOffsets { get; }

    /// <summary>The operands that belong to one run.</summary>
    internal int[] Passing { get; }

    /// <summary>The shape in which new memory is made.</summary>
    internal Shape?[] Wholes { get; }

    /// <summary>Whether all of it is one program of numbers.</summary>
    internal bool IsOneTape => TapeCount == Steps.Length;

    /// <summary>Leaves that must have a gradient, or none.</summary>
    internal GraphLeaf[] Leaves { get; }

    /// <summary>Arguments that must have a gradient, or none.</summary>
    internal (int Argument, bool HasGradient)[] ArgumentGradients { get; }

    internal GraphGradient[] Gradients { get; }

    /// <summary>The operand that becomes each gradient; −1 for none.</summary>
    internal int[] GradientOperands { get; }

    /// <summary>Whether each gradient is let go at the end of a run.</summary>
    internal bool[] IsLetGo { get; }

    internal int[] Outputs { get; }

    /// <summary>What looks at its options before a run.</summary>
    internal IPreparedOperation[] Prepared { get; }

    internal ReplayUndo Undo { get; }

    /// <summary>Whether something may throw after a gradient was written: then not over the one that a leaf has.</summary>
    internal bool AreGradientsAtRisk { get; }

    /// <summary>Operations that are element-wise, but cannot be done by tiles as they are called.</summary>
    internal GraphOperation[] Alone { get; }

    internal int RemovedCount { get; }

    /// <summary>Operations that compute what another one computed.</summary>
    internal int SharedCount { get; }

    internal int FoldedCount { get; private set; }

    internal int TapeCount { get; private set; }

    /// <summary>Whether a run changes what is there before and after it, besides its arguments and generators.</summary>
    internal bool ChangesWhatStays => Cleared.Length > 0
        || Graph.Memories.Any(memory => memory is { IsChanged: true, Role: not GraphRole.Input })
        || Graph.Gradients.Any(gradient => gradient.Leaf.Role is not (GraphRole.Input or GraphRole.Result));

    /// <summary>Lets optimizers look at their options; false where they are such that the plan no longer holds.</summary>
    internal bool IsPrepared()
    {
        for (int i = 0; i < _forms.Length; i++)
            if (Prepared[i].Prepare() != _forms[i]) return false;
        return true;
    }

    // In the shape in which it is made, so that what makes it and who gets it need no other tensor.
    private Shape WholeShape(GraphMemory memory)
    {
        foreach (int number in TensorsOf[memory.Index])
            if (Tensors[number] is { IsWhole: true, Shape: var shape }) return shape;
        return [memory.Length];
    }

    /// <summary>The number of an operand, which is given one where it has none.</summary>
    internal int Operand(GraphTensor? x)
    {
        if (x is null) return -1;
        ref int at = ref CollectionsMarshal.GetValueRefOrAddDefault(_tensors, x, out bool known);
        if (known) return at;
        at = _tensors.Count - 1;
        _tensorsOf[x.Value.Memory.Index].Add(at);
        return at;
    }

    internal int NextTape() => TapeCount++;

    /// <summary>Whether memory is the caller's after the run, or a gradient's.</summary>
    internal bool IsWanted(GraphMemory memory) => _outputs.Contains(memory) || _gradients.Contains(memory);

    /// <summary>Whether somebody besides the operations that are run has to do with the memory.</summary>
    internal bool IsSeen(GraphMemory memory) =>
        IsWanted(memory) || IsLent(memory) || _passing.Contains(memory) || _moves.ContainsValue(memory) || _moves.ContainsKey(memory);

    /// <summary>How often operations that are run have the memory as an operand.</summary>
    internal int ReadsOf(GraphMemory memory) => _reads.GetValueOrDefault(memory).Count;

    /// <summary>Whether somebody besides this plan may keep the memory.</summary>
    internal bool IsLent(GraphMemory memory) => _lent.Contains(memory);

    private static Tensor Lasting(Tensor x)
    {
        x.ShareMemory();
        x.KeepBeyondScopes();
        return x;
    }

    private static HashSet<GraphMemory> Set(IEnumerable<GraphMemory> memories) => new(memories, ReferenceEqualityComparer.Instance);

    private IEnumerable<int> Indices(ReplayPlace place) => Enumerable.Range(0, Places.Length).Where(i => Places[i] == place);

    private List<GraphOperation> Fold(List<GraphOperation> operations)
    {
        List<GraphOperation> left = [];
        foreach (GraphOperation operation in operations)
        {
            bool isFixed = _needs.IsPure(operation)
                && operation.Inputs.All(x =>
                    x is null || x.Value.Memory.Role == GraphRole.Number || Folded[x.Value.Memory.Index] is not null)
                && operation.Results.All(y => y is null || (!IsWanted(y.Value.Memory) && !IsLent(y.Value.Memory)));
            if (!isFixed)
            {
                left.Add(operation);
                continue;
            }
            FoldedCount++;
            Tensor?[] x = [.. operation.Inputs.Select(FoldedOperand)];
            Tensor?[] y = new Tensor?[operation.Results.Count];
            operation.Call.Execute(x, y);
            for (int i = 0; i < y.Length; i++)
            {
                if (operation.Results[i] is not { } result) continue;
                Folded[result.Value.Memory.Index] = Lasting(y[i]!);
            }
        }
        return left;
    }

    // The copy of a gradient that nobody reads afterwards: the gradient is computed where the copy would lie.
    private bool IsMove(GraphOperation operation)
    {
        if (operation.Call.Name != "clone" || !_needs.IsPure(operation)) return false;
        if (operation.Inputs[0] is not { IsWhole: true } x || operation.Results[0] is not { } y) return false;
        GraphMemory from = x.Value.Memory, to = y.Value.Memory;
        if (from.Role != GraphRole.Result || from.Length == 1 || from.Values.Count > 1 || Folded[from.Index] is not null) return false;
        if (!x.Shape.Equals(y.Shape) || _outputs.Contains(to) || !(_gradients.Contains(to) || _passing.Contains(to) || _lent.Contains(to)))
            return false;
        if (IsWanted(from) || _lent.Contains(from) || _moves.ContainsValue(from) || _moves.ContainsKey(from)) return false;
        if (_reads[from].Last > operation.Index) return false;
        if (from.Values[0].MadeBy is not { } maker || maker.Call.Into is not { } into || !into.GoesInto(maker)) return false;
        _moves[to] = from;
        _reads[from] = _reads[from] with { Count = _reads[from].Count - 1 };
        return true;
    }

    private void CountRead(GraphMemory memory, int by)
    {
        ref (int Count, int Last) reads = ref CollectionsMarshal.GetValueRefOrAddDefault(_reads, memory, out _);
        reads = (reads.Count + 1, Math.Max(reads.Last, by));
    }

    /// <summary>The memory that lies in the same place, by a move; null for none.</summary>
    internal GraphMemory? MovedTo(int memory) => _moves.GetValueOrDefault(Graph.Memories[memory]);

    private Tensor? FoldedOperand(GraphTensor? x)
    {
        if (x is null) return null;
        if (x.Value.Memory.Role == GraphRole.Number) return x.ShownOf(x.Value.Memory.Tensor!);
        return Folded[x.Value.Memory.Index]!.Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), x.Offset);
    }

    private ReplayPlace PlaceOf(GraphMemory memory, ReplayPart? maker, bool isReadElsewhere)
    {
        switch (memory.Role)
        {
            case GraphRole.Input: return ReplayPlace.Argument;
            case GraphRole.Asked: return ReplayPlace.Asked;
            case GraphRole.State: return ReplayPlace.None;
            case GraphRole.Gradient when memory.Leaf is not null: return ReplayPlace.Gradient;
            case GraphRole.Result: break;
            case var _ when Folded[memory.Index] is not null: return ReplayPlace.Folded;
            default: return ReplayPlace.Outside;
        }
        if (Folded[memory.Index] is not null) return ReplayPlace.Folded;
        if (_moves.ContainsValue(memory)) return ReplayPlace.Moved;
        if (_moves.ContainsKey(memory)) return ReplayPlace.Kept;
        if (maker is null) return ReplayPlace.None;
        if (!maker.WritesTo(memory)) return ReplayPlace.Given;
        if (_outputs.Contains(memory)) return ReplayPlace.Fresh;
        if (_gradients.Contains(memory) || _lent.Contains(memory)) return ReplayPlace.Kept;
        return maker.IsTape && !isReadElsewhere ? ReplayPlace.None : ReplayPlace.Shared;
    }
}
