namespace Adjoint;

/// <summary>The end of the graph at a leaf: adds the gradient that arrives to the leaf's <see cref="Tensor.Grad"/>.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public sealed class AccumulateGrad : Node
{
    private readonly Lock _adding = new();

    // How many await the gradient of this leaf, and those of all leaves. See Note [Leaves as they arrive].
    private int _awaiting;
    private static int s_awaiting;

    /// <summary>Sequence 0: after every operation, so that the leaf's whole gradient has arrived and is added once.</summary>
    internal AccumulateGrad(Tensor variable) => Variable = variable;

    /// <summary>Whether any leaf is awaited.</summary>
    internal static bool AnyIsAwaited => Volatile.Read(ref s_awaiting) != 0;

    /// <summary>Whether this leaf is visited as soon as its whole gradient has arrived. See Note [Leaves as they arrive].</summary>
    internal bool IsAwaited => Volatile.Read(ref _awaiting) != 0;

    /// <summary>The leaf.</summary>
    public Tensor Variable { get; }

    /// <inheritdoc/>
    public override string Name => "AccumulateGrad";

    internal override int InputCount => 0;

    internal override bool HoldsSaved => false;

    internal override Edge InputEdge(int index) => default;

    internal override Tensor?[] Apply(Tensor?[] gradients)
    {
        if (gradients[0] is { } g) Add(Here.Now, g, own: false);
        return [];
    }

    internal override void Propagate(Engine run)
    {
        if (run.TakeOne(this) is { } g) Add(run.Here, g, run.Owns(g));
    }

    /// <summary>Has it visited as soon as its whole gradient has arrived, until the result is disposed.</summary>
    internal HookHandle Await()
    {
        Interlocked.Increment(ref _awaiting);
        Interlocked.Increment(ref s_awaiting);
        return new HookHandle(() =>
        {
            Interlocked.Decrement(ref _awaiting);
            Interlocked.Decrement(ref s_awaiting);
        });
    }

    private void Add(Here here, Tensor g, bool own)
    {
        // Switched off after the graph was recorded.
        if (!Variable.RequiresGrad) return;
        if (!g.Shape.Equals(Variable.Shape))
            throw new ShapeException($"AccumulateGrad: the gradient has shape {g.Shape}, but its leaf has {Variable.Shape}.");
        if (g.DType != Variable.DType) (g, own) = (g.To(Variable.DType), true);

        // Several threads may run backward over the same leaf: one of them is the first, and each addition happens as a whole.
        bool recorded = !here.Has(GradMode.Switch.NoGrad);
        if (IsFirst(here, g, own, recorded)) return;
        lock (_adding)
        {
            while (!IsFirst(here, g, own, recorded))
            {
                if (Variable.GradOrNull is not { } sum) continue;
                if (recorded) Variable.GradOrNull = sum + g;
                else sum.AddInPlace(g);
                return;
            }
        }
    }

    private bool IsFirst(Here here, Tensor g, bool own, bool recorded) =>
        Variable.GradOrNull is null && Variable.TrySetFirstGrad(recorded ? g.Clone() : Owned(here, g, own));

    /// <summary>The gradient itself where nobody else can hold it, otherwise a copy. See Note [Laid out as the leaf].</summary>
    private Tensor Owned(Here here, Tensor g, bool own)
    {
        int[]? order = g.IsContiguous ? null : OrderOfLeaf(g);
        if (own && g.MemoryLength == g.NumEl && (g.IsContiguous || order is not null)) return g;
        if (Door.IsWatched(here)) return g.Detach().Clone();
        return order is null ? Elements.Copy(g) : Layout.Permuted(Elements.Copy(Layout.Permuted(g, order)), Layout.Inverse(order));
    }

    // Note [Laid out as the leaf]: the gradient of a leaf whose memory is in another order, as that of a transpose, arrives in that order
    // and stays in it, as PyTorch's does: to turn it costs more than most backward passes, and the optimizer would turn it back.
    private int[]? OrderOfLeaf(Tensor g)
    {
        if (!g.Strides.SequenceEqual(Variable.Strides)) return null;
        int[] order = Layout.MemoryOrder(g.Shape, g.Strides);
        return Layout.Permuted(g, order).IsContiguous ? order : null;
    }
}
