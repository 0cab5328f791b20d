using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// One recorded operation: a function from the gradients of its outputs to the gradients of its inputs.
/// </summary>
/// <remarks>
/// // Note [Graph]
/// A tensor knows the node that made it (<see cref="Tensor.GradFn"/>); a node knows by its edges the nodes that made its inputs.
/// Leaves that require grad end the graph in an <see cref="AccumulateGrad"/>. Nodes are small sealed classes with typed saved
/// fields; the engine knows none of them by name.
///
/// // Note [Newest first]
/// Every node has a sequence number above those of the nodes it leads to. So the newest node that waits has received every
/// gradient it ever will, and the engine needs neither counts of dependencies nor a visited set nor recursion.
/// The number is a Lamport clock: one above the thread's last and above every input's, which needs no counter shared by
/// threads and still holds for a graph that several threads built.
/// </remarks>
[System.Diagnostics.DebuggerDisplay("{Name,nq} ({InputCount} inputs, {OutputCount} outputs)")]
[System.Diagnostics.DebuggerTypeProxy(typeof(NodeDebugView))]
public abstract class Node
{
    // The engine's state of one run, kept in the node itself because a dictionary costs three times the whole backward pass.
    // Note [Shared nodes]: a node that another run has claimed, or that has several outputs, is in a dictionary of the run instead.
    // A claim is the number of the engine, 0 for none: a reference would have to be noted for the collector at every visit.
    internal int Claim;
    internal Tensor? Pending;

    // What few nodes have: a fit, or extras, which then have the fit. One place for both: what each node is smaller by, all are quicker by.
    internal object? Side;

    /// <summary>Hooks, metadata and the anomaly trace; null as long as nobody asked for any.</summary>
    internal NodeExtras? Extras => Side as NodeExtras;

    /// <summary>Newer nodes have larger numbers than all they lead to.</summary>
    internal long Sequence { get; private protected set; }

    /// <summary>PyTorch's name of the node: <c>MulBackward0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How many outputs the operation had.</summary>
    internal virtual int OutputCount => 1;

    /// <summary>How many inputs the operation had.</summary>
    internal abstract int InputCount { get; }

    /// <summary>Where the gradient of input <paramref name="index"/> goes.</summary>
    internal abstract Edge InputEdge(int index);

    /// <summary>One edge for each differentiable input, in the order of the arguments.</summary>
    public IReadOnlyList<Edge> NextFunctions
    {
        get
        {
            var edges = new Edge[InputCount];
            for (int i = 0; i < edges.Length; i++) edges[i] = InputEdge(i);
            return edges;
        }
    }

    /// <summary>A place for the user's notes about this node, empty at first.</summary>
    public IDictionary<string, object?> Metadata => NodeExtras.Of(this).Metadata;

    /// <summary>The gradients of the inputs, given those of the outputs (null stands for zero).</summary>
    internal abstract Tensor?[] Apply(Tensor?[] gradients);

    /// <summary>The tangent of the output, given those of the inputs (null stands for zero): forward mode.</summary>
    /// <exception cref="MissingRuleException">The operation has none.</exception>
    internal virtual Tensor?[] Jvp(Tensor?[] tangents) =>
        throw new MissingRuleException($"{Name}: forward mode is not available for this operation. Use reverse mode (Backward, Vjp).");

    /// <summary>Takes the pending gradients, computes the inputs' and sends them on: what the engine calls for each node.</summary>
    internal virtual void Propagate(Engine run)
    {
        Tensor?[] gradients = run.Take(this);
        run.Deliver(this, gradients, Apply(gradients), shown: false);
    }

    /// <summary>Drops what was saved for the backward pass.</summary>
    internal virtual void ReleaseSaved() { }

    /// <summary>Copies the operands it saved that show the same elements as a tensor which its result is about to overwrite.</summary>
    internal virtual void KeepOperands(Tensor changing) { }

    /// <summary>What the operation saved, by name: <c>self</c>, <c>other</c>, <c>result</c>, <c>exponent</c>, <c>dim</c>.</summary>
    /// <exception cref="AutogradException">A tensor among it was freed by a backward pass.</exception>
    public virtual IReadOnlyDictionary<string, object?> Saved => System.Collections.ObjectModel.ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Computes the gradients of the inputs as the engine would: <c>(x ** 2).GradFn(g)</c> of PyTorch.</summary>
    /// <param name="gradients">One for each output; null stands for zero.</param>
    public Tensor?[] Call(params Tensor?[] gradients)
    {
        gradients.Given();
        if (gradients.Length != OutputCount)
            throw new ArgumentException(
                $"{Name}: has {OutputCount} outputs, but {gradients.Length} gradients were given.", nameof(gradients));
        return Apply(gradients);
    }

    /// <summary>
    /// Calls <paramref name="hook"/> after the node ran, with the gradients of its inputs and of its outputs; what it returns
    /// replaces the former, null keeps them.
    /// </summary>
    public HookHandle RegisterHook(Func<Tensor?[], Tensor?[], Tensor?[]?> hook) => NodeExtras.Of(this).PostHooks.Add(hook.Given());

    /// <summary>
    /// Calls <paramref name="hook"/> with the gradients of the outputs before the node runs; what it returns replaces them, null keeps
    /// them.
    /// </summary>
    public HookHandle RegisterPreHook(Func<Tensor?[], Tensor?[]?> hook) => NodeExtras.Of(this).PreHooks.Add(hook.Given());

    /// <summary>Numbers the node above everything it leads to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Stamp(Here here, Node? input)
    {
        long newest = input is null ? here.Clock : Math.Max(here.Clock, input.Sequence);
        here.Clock = Sequence = newest + 1;
    }

    /// <summary>The name in angle brackets, as PyTorch prints it in <c>grad_fn</c>.</summary>
    public override string ToString() => $"<{Name}>";
}
