namespace Adjoint;

/// <summary>The end of the graph at a leaf: adds the gradient that arrives to the leaf's <see cref="Tensor.Grad"/>.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public sealed class AccumulateGrad : Node
{
    private readonly Lock _adding = new();

    /// <summary>Sequence 0: after every operation, so that the leaf's whole gradient has arrived and is added once.</summary>
    internal AccumulateGrad(Tensor variable) => Variable = variable;

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

    /// <summary>The gradient itself where nobody else can hold it, otherwise a copy.</summary>
    private static Tensor Owned(Here here, Tensor g, bool own) => own && g.IsContiguous && g.MemoryLength == g.NumEl ? g
        : Door.IsWatched(here) ? g.Detach().Clone() : Elements.Copy(g);
}
