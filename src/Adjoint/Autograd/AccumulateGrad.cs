namespace Adjoint;

/// <summary>The end of the graph at a leaf: adds the gradient that arrives to the leaf's <see cref="Tensor.Grad"/>.</summary>
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

    internal override Edge InputEdge(int index) => default;

    internal override Tensor?[] Apply(Tensor?[] gradients)
    {
        if (gradients[0] is { } g)
        {
            g.Escape();
            Add(g);
        }
        return [];
    }

    internal override void Propagate(Engine run)
    {
        if (run.TakeOne(this) is { } g) Add(g);
    }

    private void Add(Tensor g)
    {
        // Switched off after the graph was recorded.
        if (!Variable.RequiresGrad) return;
        if (!g.Shape.Equals(Variable.Shape))
            throw new ShapeException($"AccumulateGrad: the gradient has shape {g.Shape}, but its leaf has {Variable.Shape}.");
        if (g.DType != Variable.DType) g = g.To(Variable.DType);

        // Several threads may run backward over the same leaf: each addition happens as a whole.
        lock (_adding)
        {
            Tensor? sum = Variable.GradOrNull;
            if (GradMode.IsEnabled)
                Variable.GradOrNull = sum is null ? g.Clone() : sum + g;
            else if (sum is null)
                Variable.GradOrNull = Owned(g);
            else
                sum.AddInPlace(g);
        }
    }

    /// <summary>The gradient itself where nobody else can hold it, otherwise a copy.</summary>
    private static Tensor Owned(Tensor g)
    {
        if (g.Escaped || !g.IsContiguous || g.MemoryLength != g.NumEl)
            return Door.IsWatched(Here.Now) ? g.Detach().Clone() : Elements.Copy(g);
        g.Escape();
        return g;
    }
}
