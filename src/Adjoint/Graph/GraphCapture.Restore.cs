namespace Adjoint;

/// <remarks>
/// // Note [A capture leaves no trace]
/// To capture a step is not to take it: who captures a training step twice has not trained. So before an operation first changes memory
/// from outside, that memory is copied, and it is written back in the end, with its version; the gradients of leaves, what optimizers
/// remember and where generators stand come back too. What the function does besides (a counter of the user's, a file) is its own.
/// While it is captured, memory has versions that it never has again. Otherwise what the function leaves in a field, and views that were
/// looked at meanwhile, would take the next change of it for the one that was taken back, and compute with other values than they saved.
/// </remarks>
internal sealed partial class GraphCapture
{
    private static int s_nextVersion = 1 << 30;

    private readonly Dictionary<object, Remembered> _remembered = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, TensorHistory> _histories = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, Tensor?> _gradients = new(ReferenceEqualityComparer.Instance);
    private readonly List<Action> _undo = [];

    // Whether the first that happened to the gradient of a leaf was that it was let go.
    private readonly Dictionary<Tensor, bool> _dropped = new(ReferenceEqualityComparer.Instance);

    /// <summary>Called before the gradient of a leaf becomes another tensor.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="isDropped">Whether it has none then.</param>
    internal static void NoteGradient(Tensor leaf, bool isDropped)
    {
        if (Current is not { } capture) return;
        capture.Note(leaf);
        capture._dropped.TryAdd(leaf, isDropped);
        if (!isDropped) return;
        if (!capture._cleared.TryGetValue(leaf, out List<int>? cleared)) capture._cleared[leaf] = cleared = [];
        cleared.Add(capture._operations.Count);
    }

    /// <summary>Called when the gradient of a leaf is looked at.</summary>
    internal static void NoteRead(Tensor leaf)
    {
        if (Current is not { } capture) return;
        capture.Note(leaf);
        capture._dropped.TryAdd(leaf, false);
    }

    /// <summary>Called before the user changes the history of a tensor itself, or whether it requires gradients.</summary>
    internal static void NoteHistory(Tensor x) => Current?.RememberHistory(x);

    /// <summary>Called before the user has the gradient of a computed tensor kept.</summary>
    internal static void NoteRetained(Tensor x, Node node, int output)
    {
        if (Current is not { } capture) return;
        capture.RememberHistory(x);
        capture._undo.Add(() => NodeExtras.Of(node).SetRetaining(output, null));
    }

    private void Note(Tensor leaf)
    {
        if (_gradients.ContainsKey(leaf)) return;
        Tensor? before = leaf.GradUnnoted;
        // It must not be given back, as one that nobody looked at is.
        before?.ShareMemory();
        _gradients[leaf] = before;
    }

    /// <summary>
    /// Keeps what the operation is about to change; for what is not made yet, copies that its rule may keep of its operands.
    /// </summary>
    private List<Copy> Prepare(OpCall call, GraphTensor?[] inputs, bool isTaken)
    {
        List<Copy> copies = [];
        foreach (Tensor? x in call.Inputs)
            if (x is { RequiresGrad: true, IsLeaf: true }) Note(x);
        if (!isTaken) return copies;
        if (call.Operation is IStatefulOperation stateful)
        {
            _undo.Add(stateful.Remember());
            foreach ((_, _, Tensor cell) in stateful.Cells) Remember(cell, call);
            // It may change any of them.
            foreach (Tensor? x in call.Inputs)
                if (x is not null) RememberAll(x, call);
        }
        if (!call.IsInPlace || call.Inputs is not [{ } target, ..]) return copies;
        if (target.IsNumber && inputs[0]!.Value.Memory.Role == GraphRole.Number)
            throw Refuse($"{call.Name}: changes a C# number that is used as a tensor ({GraphPrint.Number(target)}) in place, and a number is "
                + "part of the graph. Make it a tensor outside of the function: Tensor.Scalar(…).");
        RememberAll(target, call);
        if (!GradMode.IsEnabled) return copies;
        for (int i = 0; i < inputs.Length; i++)
            if (call.Inputs[i] is { DType.IsFloatingPoint: true } x && ReferenceEquals(inputs[i]!.Value.Memory, inputs[0]!.Value.Memory))
                copies.Add(Copy.Of(inputs[i]!, x));
        return copies;
    }

    private void RememberAll(Tensor x, OpCall call)
    {
        RememberHistory(x);
        if (x.Base is { } shown) RememberHistory(shown);
        Remember(x, call);
    }

    private void Remember(Tensor x, OpCall call)
    {
        object owner = x.SharedMemory();
        if (_known.TryGetValue(owner, out GraphMemory? memory) && memory.Role == GraphRole.Result) return;
        if (_remembered.ContainsKey(owner)) return;
        using Door.Aside _ = Door.Aside.Begin();
        using Unrecorded __ = Unrecorded.Begin();
        Tensor whole = x.WholeMemory();
        int version = x.ChangeCount;
        _remembered[owner] = new Remembered(whole, Elements.Copy(whole), version);
        x.ChangeCount = Volatile.Read(ref s_nextVersion);
        if (memory is not null) _changes[memory] = x.ChangeCount;
        // The operands are looked at before it changes them; other views will have another history after it anyway.
        foreach (Tensor? operand in call.Inputs)
            if (operand is not null && ReferenceEquals(operand.SharedMemory(), owner)) operand.FollowVersion(version);
    }

    private void RememberHistory(Tensor x)
    {
        if (_known.TryGetValue(x.SharedMemory(), out GraphMemory? memory) && memory.Role == GraphRole.Result) return;
        if (_histories.TryAdd(x, x.HistoryNow) && x.TangentsNow is { } tangents) _undo.Add(() => x.SetTangents(tangents));
    }

    /// <summary>Tensors from before whose history, or whether they require grad, is another one than it was.</summary>
    private List<Tensor> Recorded()
    {
        List<Tensor> changed = [];
        foreach ((Tensor x, TensorHistory before) in _histories)
        {
            TensorHistory now = x.HistoryNow;
            if (now.RequiresGrad != before.RequiresGrad || !ReferenceEquals(Past(now.Node), Past(before.Node))) changed.Add(x);
        }
        return changed;

        static Node? Past(Node? node) => node is AccumulateGrad ? null : node;
    }

    private void Restore()
    {
        foreach (Remembered r in _remembered.Values)
        {
            r.BringBack();
            // Nobody else has seen the copy, and it may be as large as a model.
            r.Content.Dispose();
            for (int next = r.Memory.ChangeCount + 1, known = Volatile.Read(ref s_nextVersion); next > known;)
                known = Interlocked.CompareExchange(ref s_nextVersion, next, known) is var seen && seen == known ? next : seen;
            r.Memory.ChangeCount = r.Version;
        }
        foreach ((Tensor x, TensorHistory history) in _histories) x.HistoryNow = history;
        foreach ((Tensor leaf, Tensor? gradient) in _gradients) leaf.GradOrNull = gradient;
        for (int i = _undo.Count - 1; i >= 0; i--) _undo[i]();
    }

    /// <summary>Memory from outside as it was.</summary>
    private readonly record struct Remembered(Tensor Memory, Tensor Content, int Version)
    {
        internal void BringBack()
        {
            try
            {
                Elements.CopyTo(Content, Memory);
            }
            catch (ObjectDisposedException)
            {
                // The function gave the memory back: that is its own, and no reason to leave the rest changed.
            }
        }
    }

    /// <summary>A copy of an operand, and the call that makes it.</summary>
    private readonly record struct Copy(GraphTensor Operand, OpCall Call, Tensor Content)
    {
        internal static Copy Of(GraphTensor tensor, Tensor x)
        {
            var seen = new LastCall();
            using (Autograd.NoGrad())
            using (seen.Enter())
                return new Copy(tensor, seen.Of(() => x.Detach().Clone()), seen.Result!);
        }

        internal bool Is(Tensor saved) =>
            saved.IsContiguous && saved.DType == Content.DType && saved.Shape.Equals(Content.Shape) && Elements.AreSame(saved, Content);
    }

    /// <summary>The call by which something is computed.</summary>
    private sealed class LastCall : OpMode
    {
        private OpCall? _call;

        internal Tensor? Result { get; private set; }

        internal OpCall Of(Func<Tensor> f)
        {
            Result = f();
            return _call!;
        }

        protected override IReadOnlyList<Tensor?> Run(OpCall call) => (_call = call).Run();
    }
}
