using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Element-wise operations that become one step: done one after the other on a tile of elements, and then on the next.</summary>
internal sealed class TileGroup
{
    // More would not stay in the cache, and their memories are as many.
    private const int MostOperations = 40, MostMemories = 24;

    private readonly List<(GraphOperation Operation, TileKernel Kernel)> _calls = [];
    private readonly Dictionary<GraphMemory, Use> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<GraphMemory> _made = new(ReferenceEqualityComparer.Instance);

    /// <summary>How a group uses a memory.</summary>
    private record struct Use(bool IsWritten, bool IsInOrder, int Offset, int Reads, int Last);

    internal TileGroup(int length) => Length = length;

    /// <summary>How many elements each result has.</summary>
    internal int Length { get; }

    internal IEnumerable<GraphOperation> Operations => _calls.Select(call => call.Operation);

    internal int Count => _calls.Count;

    /// <summary>The memories that it makes.</summary>
    internal IReadOnlyCollection<GraphMemory> Made => _made;

    internal bool Reads(GraphMemory memory) => _uses.ContainsKey(memory);

    internal bool Writes(GraphMemory memory) => _uses.TryGetValue(memory, out Use use) && use.IsWritten;

    /// <summary>How often its operations have the memory as an operand.</summary>
    internal int ReadsOf(GraphMemory memory) => _uses[memory].Reads;

    /// <summary>Whether all of it is an operation that could as well be run by itself.</summary>
    internal bool IsOne =>
        _calls is [var (operation, _)] && (operation.Changes.Count > 0 || operation.Call.Into?.GoesInto(operation) == true);

    /// <summary>What does an operation by tiles; null where that is not possible.</summary>
    internal static TileKernel? KernelOf(GraphOperation operation)
    {
        if (operation.Call.Operation is not ITileOperation tiled || tiled.Tile(operation) is not { } kernel) return null;
        GraphTensor result = operation.Results.First(y => y is not null)!;
        if (result.Shape.NumEl < 2 || operation.Inputs.Count + operation.Results.Count > TileProgram.MostOperands) return null;
        bool isInPlace = operation.Changes.Count > 0;
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (operation.Inputs[i] is not { } x || IsInOrder(x, result.Shape.NumEl)) continue;
            // What is changed in place while others of its elements are operands.
            if (isInPlace && ReferenceEquals(x.Value.Memory, result.Value.Memory)) return null;
            if (x.Shape.NumEl == 1) continue;
            // Picking elements one by one is slower than turning all at once, and short rows cost as much.
            int[] strides = Layout.ExpandStrides(x.Shape, x.Strides, result.Shape);
            int last = strides.Length - 1;
            while (last > 0 && result.Shape[last] == 1) last--;
            if (strides[last] is not (0 or 1) || result.Shape[last] < 8 || strides.Any(stride => stride < 0)) return null;
        }
        return kernel;
    }

    /// <summary>Takes an operation up after the others, unless it must come after the group.</summary>
    internal bool Takes(GraphOperation operation, TileKernel kernel)
    {
        if (_calls.Count == MostOperations) return false;
        Dictionary<GraphMemory, Use> uses = new(ReferenceEqualityComparer.Instance);
        foreach (GraphTensor x in operation.Inputs.OfType<GraphTensor>())
        {
            if (!Fits(uses, x, isWritten: false)) return false;
        }
        foreach (GraphTensor y in operation.Results.OfType<GraphTensor>())
            if (!Fits(uses, y, isWritten: true)) return false;
        int memories = _uses.Keys.Concat(uses.Keys).Distinct().Count(memory => !_made.Contains(memory));
        if (memories > MostMemories) return false;
        foreach ((GraphMemory memory, Use use) in uses) _uses[memory] = use;
        foreach (GraphTensor y in operation.Results.OfType<GraphTensor>())
            if (y.Value.Version == 0) _made.Add(y.Value.Memory);
        _calls.Add((operation, kernel));
        return true;
    }

    /// <summary>Whether a result may lie where an operand did that nobody reads any more.</summary>
    internal bool MayOverwrite(GraphMemory old, GraphMemory made)
    {
        Use before = _uses[old];
        if (!before.IsInOrder || before.Offset != 0 || old.Length != Length || made.Length != Length) return false;
        int at = _calls.FindIndex(call => call.Operation.Results.Any(y => ReferenceEquals(y?.Value.Memory, made)));
        return before.Last < at || (before.Last == at && _calls[at].Kernel.MayOverwrite);
    }

    /// <summary>The step, of which values that lie nowhere else last as long as a tile.</summary>
    internal TileStep Step(ReplayPlan plan, Func<GraphMemory, bool> isInner)
    {
        var lay = new TileLayout(this, plan, isInner);
        foreach ((GraphOperation operation, TileKernel kernel) in _calls) lay.Add(operation, kernel);
        return lay.Step();
    }

    /// <summary>The last operation that has the memory as an operand or a result.</summary>
    internal int LastOf(GraphMemory memory) => _uses[memory].Last;

    /// <summary>Whether the elements lie one after the other, as many as there are in a result.</summary>
    internal static bool IsInOrder(GraphTensor x, int length) => x.IsContiguous && x.Shape.NumEl == length;

    // Memory that is written to is seen in one way by all operations: then each tile is apart from the others.
    private bool Fits(Dictionary<GraphMemory, Use> uses, GraphTensor x, bool isWritten)
    {
        GraphMemory memory = x.Value.Memory;
        bool isInOrder = IsInOrder(x, Length);
        ref Use now = ref CollectionsMarshal.GetValueRefOrAddDefault(uses, memory, out bool isKnown);
        if (!isKnown && !_uses.TryGetValue(memory, out now)) now = new Use(isWritten, isInOrder, x.Offset, 0, 0);
        bool isSame = isInOrder && now.IsInOrder && now.Offset == x.Offset;
        if ((isWritten || now.IsWritten) && !isSame) return false;
        now = now with
        {
            IsWritten = now.IsWritten || isWritten,
            IsInOrder = isSame,
            Reads = now.Reads + (isWritten ? 0 : 1),
            Last = _calls.Count,
        };
        return true;
    }
}
