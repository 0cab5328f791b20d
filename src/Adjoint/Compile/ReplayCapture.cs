using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Two captures of a function, the second for copies of its arguments.</summary>
/// <remarks>
/// // Note [Captured for copies]
/// What a function reads is told apart by memory. Were an argument the memory of something that the function also holds, the graph would
/// read that something through the argument, and, with the next argument, another memory. So the second capture is for copies of the
/// arguments: what then is another operand was held. Tensors that both captures meet are held; those that differ, C# code of the function
/// makes in each call (Tensor.From), and their elements are part of the graph.
/// </remarks>
internal sealed class ReplayCapture
{
    private readonly bool[] _isGradientMade;

    private ReplayCapture(GraphTrace first, GraphTrace second, Tensor[] arguments)
    {
        (First, Second) = (first, second);
        TellMade();
        Results = new ReplayResults(this, arguments);
        // What is let go of what the function makes, nobody sees.
        Cleared = [.. first.Cleared.Where(x => IsOneOf(second.Cleared, x))];
        ClearedArguments = [.. Enumerable.Range(0, arguments.Length).Where(i => IsOneOf(first.Cleared, arguments[i]))];
        _isGradientMade = [.. first.Graph.Gradients.Select((one, i) => one.Leaf.Role != GraphRole.Input
            && !ReferenceEquals(one.Tensor, second.Graph.Gradients[i].Tensor))];
    }

    /// <summary>The capture with the arguments themselves.</summary>
    internal GraphTrace First { get; private set; }

    /// <summary>The capture with copies.</summary>
    internal GraphTrace Second { get; private set; }

    /// <summary>The leaves that have no gradient in the end.</summary>
    internal Tensor[] Cleared { get; }

    /// <summary>The arguments that have none.</summary>
    internal int[] ClearedArguments { get; }

    /// <summary>How results become the caller's.</summary>
    internal ReplayResults Results { get; }

    /// <summary>Whether the gradients of what the function holds are there after a run.</summary>
    internal bool KeepsGradients { get; init; } = true;

    /// <summary>Whether a gradient lasts as long as a run: nobody sees it afterwards.</summary>
    internal bool IsLetGo(GraphGradient gradient) => !KeepsGradients && gradient.Leaf.Role is not (GraphRole.Input or GraphRole.Result);

    /// <summary>Whether the leaf of a gradient was made by the function, so that nobody sees its gradient afterwards.</summary>
    internal bool IsMade(int gradient) => _isGradientMade[gradient];

    /// <summary>Captures a function; null where it holds the memory of an argument.</summary>
    /// <exception cref="GraphException">It does what a graph cannot repeat.</exception>
    internal static ReplayCapture? Of(
        Delegate f, Tensor[] arguments, string?[] names, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> call, bool keepsGradients)
    {
        var known = new GraphNames(f, arguments, names);
        Func<string?> bringBack = known.Hold();
        try
        {
            CollectionBudget.Mark before = CollectionBudget.Now;
            GraphTrace first = Trace(known, arguments, call, false);
            LetGoOfState(first.Graph);
            CollectionBudget.LookAfter(before);
            Tensor[] copies = Array.ConvertAll(arguments, Copy);
            GraphTrace second = Trace(new GraphNames(f, copies, names), copies, call, false);
            if (GraphDifference.Between(first.Graph, second.Graph) is { } difference)
            {
                GraphTrace again = Trace(known, arguments, call, lines: true);
                if (arguments.Length > 0 && GraphDifference.Between(first.Graph, again.Graph) is null) return null;
                GraphLine? line = difference.Line ?? again.Graph.Operations.ElementAtOrDefault(difference.Operation)?.Line;
                throw GraphException.At(line, difference.Message);
            }
            if (bringBack() is { } field)
                throw new GraphException(
                    $"{field}: was assigned in the function, which a run of the graph would not do again. Do that before the function is "
                    + "called; what a run is to remember is changed in place (CopyInPlace).");
            var both = new ReplayCapture(first, second, arguments) { KeepsGradients = keepsGradients };
            if (!keepsGradients && both.AddsUp(arguments) is { } leaf)
                throw new GraphException(
                    $"Compiled.Step: keepGrads: false, but the step reads or adds to the gradient that {leaf} has when it begins, "
                    + "which is then not kept. Let go of gradients in the step before they are computed (ZeroGrad), or leave keepGrads true.");
            return both;
        }
        finally
        {
            bringBack();
        }
    }

    /// <summary>
    /// Lets go of what only said whether it may be run: the other graph, and results with their histories. Runs make nothing, so that no
    /// collection would come for what a capture leaves behind.
    /// </summary>
    /// <param name="before">Where memory stood before it was captured.</param>
    internal void Settle(CollectionBudget.Mark before)
    {
        First = First with { Results = [], Left = [] };
        Second = Second with { Graph = First.Graph, Results = [], Left = [] };
        // Nor is it kept what an optimizer remembered while it was captured, which is as large as its parameters, nor an argument: a run
        // is given its own.
        foreach (GraphMemory memory in First.Graph.Memories)
            if (memory is { Role: GraphRole.State } or { Role: GraphRole.Input, Tensor.RequiresGrad: false }) memory.Tensor = null;
        CollectionBudget.LookAfter(before);
    }

    // What an optimizer began to remember in the capture is gone again, and larger than its parameters: the second capture makes it anew.
    private static void LetGoOfState(Graph graph)
    {
        HashSet<object> there = new(
            graph.Operations.Select(op => op.Call.Operation).OfType<IStatefulOperation>().SelectMany(step => step.Cells)
                .Select(cell => cell.Tensor.MemoryOwner),
            ReferenceEqualityComparer.Instance);
        foreach (GraphMemory memory in graph.Memories)
            if (memory is { Role: GraphRole.State, Tensor: { } cell } && !there.Contains(cell.MemoryOwner)) memory.Tensor = null;
    }

    /// <summary>Captures it once more, to compare.</summary>
    internal static GraphTrace Again(
        Delegate f, Tensor[] arguments, string?[] names, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> call) =>
        Trace(new GraphNames(f, arguments, names), arguments, call, lines: false, stepsNot: true);

    /// <summary>Whether a later capture asks for and lets go the gradients of the same leaves.</summary>
    internal bool HasLeavesOf(GraphTrace later, IReadOnlyList<Tensor> arguments)
    {
        Tensor[] asked = [.. First.Gradients.Where(g => Second.Gradients.Any(o => ReferenceEquals(o.Leaf, g.Leaf))).Select(g => g.Leaf)];
        return asked.All(x => later.Gradients.Any(g => ReferenceEquals(g.Leaf, x)))
            && later.Gradients.All(g => IsOneOf(asked, g.Leaf) || !First.Graph.Memories.Any(m => ReferenceEquals(m.Tensor, g.Leaf)))
            && Cleared.All(x => IsOneOf(later.Cleared, x))
            && ClearedArguments.SequenceEqual(Enumerable.Range(0, arguments.Count).Where(i => IsOneOf(later.Cleared, arguments[i])))
            && later.Cleared.Count - later.Cleared.Count(x => IsOneOf(arguments, x)) <= First.Cleared.Count - ClearedArguments.Length;
    }

    /// <summary>Why a run could not do what the function does; null where it can.</summary>
    internal string? WhyNot(IReadOnlyList<Tensor> arguments, ClosureWatch watch)
    {
        GraphTrace trace = First;
        if (trace.Hooked is { } node) return $"a hook runs at {node}, whose C# code a run would not call";
        if (trace.OpenGradient) return "a gradient that it leaves has a history (createGraph), which a run would not have";
        if (trace.SetsOptions || trace.SetsMode) return "it sets options of an optimizer or the mode of a module, which a run would not do";
        if (trace.Recorded.Any(x => IsHeld(x, arguments, watch)))
            return "it leaves a history in a tensor that was there before, or whether that requires grad, which a run would not do";
        foreach (GraphLeaf g in trace.Gradients)
            if (g.Leaf.GradUnnoted is { } grad && trace.Graph.Memories.Any(m => m.Tensor is { } x && !ReferenceEquals(m.Leaf, g.Leaf)
                && x.SharesStorageWith(grad)))
                return "the gradient of a leaf lies in memory that the function also holds";
        return WhyNotGradients(arguments) ?? WhyNotMade() ?? WhyNotAsked() ?? WhyNotResults(arguments);
    }

    /// <summary>The result that is the tensor of an argument; −1 for none.</summary>
    internal int ArgumentOf(int result, IReadOnlyList<Tensor> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
            if (ReferenceEquals(First.Results[result], arguments[i])) return i;
        return -1;
    }

    /// <summary>The result where it is a tensor that the function holds; null where it makes it.</summary>
    internal Tensor? HeldResult(int result) =>
        ReferenceEquals(First.Results[result], Second.Results[result]) ? First.Results[result] : null;

    // A leaf of whose gradient it matters whether there was one before.
    private string? AddsUp(Tensor[] arguments)
    {
        foreach ((Tensor leaf, _) in First.Gradients)
            if (!IsOneOf(arguments, leaf) && Second.Gradients.Any(other => ReferenceEquals(other.Leaf, leaf)))
                return First.Graph.Memories.FirstOrDefault(memory => ReferenceEquals(memory.Tensor, leaf))?.Name ?? "a leaf";
        return null;
    }

    private string? WhyNotGradients(IReadOnlyList<Tensor> arguments)
    {
        foreach (GraphGradient gradient in First.Graph.Gradients)
        {
            if (gradient.Leaf.Role == GraphRole.Input && !IsOneOf(arguments, gradient.Tensor!))
                return "it leaves a gradient in a view of an argument";
            if (gradient.Leaf.Role != GraphRole.Result && !gradient.Tensor!.IsLeaf)
                return "it leaves the gradient of a tensor that is no leaf";
            if (gradient.Value is { } value && value.Value.Memory.Role is not (GraphRole.Result or GraphRole.Gradient))
                return "a gradient that it leaves is a tensor from outside";
        }
        foreach (GraphMemory memory in First.Graph.Memories)
            if (memory.Leaf is { } leaf && IsOneOf(arguments, leaf)) return "it adds to the gradient of an argument";
        return null;
    }

    // What C# code makes is part of the graph, so it must be as it is made.
    private string? WhyNotMade()
    {
        foreach (GraphMemory memory in First.Graph.Memories)
        {
            if (!memory.IsMadeInside) continue;
            string made = $"C# code in it makes a {memory.DType} tensor of {memory.Length} elements (Tensor.From), and";
            if (memory.IsChanged || memory.Role is GraphRole.Buffer) return $"{made} it is changed in place";
            if (First.Graph.Outputs.Any(y => ReferenceEquals(y.Value.Memory, memory))) return $"{made} it is a result";
            if (memory.Role is GraphRole.Gradient || First.Graph.Gradients.Any(g => ReferenceEquals(g.Value?.Value.Memory, memory)))
                return $"{made} it is a gradient";
            if (First.Graph.Operations.Any(op => op.Call.Operation is IStatefulOperation
                && op.Inputs.Any(x => ReferenceEquals(x?.Value.Memory, memory))))
                return $"{made} an optimizer steps it or along it";
        }
        return null;
    }

    private string? WhyNotAsked()
    {
        for (int i = 0; i < First.Graph.Memories.Count; i++)
            if (First.Graph.Memories[i].Ask is { Target: not NumberArgument } ask && Second.Graph.Memories[i].Ask is { } again
                && (ask.Method != again.Method || !ReferenceEquals(ask.Target, again.Target)))
                return "what it gives Graph.Number reads variables that are made anew in each call";
        return null;
    }

    private string? WhyNotResults(IReadOnlyList<Tensor> arguments)
    {
        Graph graph = First.Graph;
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            GraphMemory memory = graph.Outputs[i].Value.Memory;
            Tensor result = First.Results[i];
            if (memory.Role is GraphRole.Gradient or GraphRole.State) return $"its result {i} is the gradient or the state of something";
            if (ArgumentOf(i, arguments) >= 0 || HeldResult(i) is not null) continue;
            if (result is { RequiresGrad: true, IsLeaf: true }) return $"its result {i} is a leaf that requires grad";
            if (result.Base is null) continue;
            if (memory.Role != GraphRole.Result
                || graph.Outputs.Where((y, j) => j != i && ReferenceEquals(y.Value.Memory, memory)).Any()
                || graph.Gradients.Any(g => ReferenceEquals(g.Value?.Value.Memory, memory)))
                return $"its result {i} is a view of something that outlives the call";
        }
        return null;
    }

    // Memory that the captures do not share, although it is the same to both.
    private void TellMade()
    {
        for (int i = 0; i < First.Graph.Memories.Count && i < Second.Graph.Memories.Count; i++)
        {
            GraphMemory one = First.Graph.Memories[i], other = Second.Graph.Memories[i];
            // What an optimizer remembers is its own, and made in the first step.
            if (one.Role is GraphRole.Result or GraphRole.Input or GraphRole.Number or GraphRole.Asked or GraphRole.State) continue;
            if (one.Tensor is { } x && other.Tensor is { } y && !x.SharesStorageWith(y)) one.IsMadeInside = true;
        }
    }

    private bool IsHeld(Tensor x, IReadOnlyList<Tensor> arguments, ClosureWatch watch) =>
        IsOneOf(arguments, x) || IsOneOf(watch.Tensors, x) || IsOneOf(Second.Recorded, x);

    private static bool IsOneOf(IReadOnlyList<Tensor> tensors, Tensor x)
    {
        foreach (Tensor one in tensors)
            if (ReferenceEquals(one, x)) return true;
        return false;
    }

    private static GraphTrace Trace(
        GraphNames names, Tensor[] arguments, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> call, bool lines, bool stepsNot = false) =>
        GraphCapture.Trace(
            names, lines, arguments, () => call(arguments) is { } results && !results.Contains(null!) ? results
                : throw new GraphException("Compiled: the function must return tensors, but returned null."), stepsNot);

    // As it lies in memory, without what else lies there.
    private static Tensor Copy(Tensor x)
    {
        Tensor whole = Tensor.Uninitialized([x.MemoryLength], x.DType);
        Tensor copy = whole.Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), x.Offset);
        Elements.CopyTo(Elements.ToContiguous(x.Detach()), copy);
        if (x.RequiresGrad) copy.RequiresGradQuietly();
        if (x.GradOrNull is { } grad) copy.GradOrNull = Copy(grad);
        return copy;
    }
}
