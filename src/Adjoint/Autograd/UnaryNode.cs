namespace Adjoint;

/// <summary>A node with one input and one output.</summary>
internal abstract class UnaryNode : Node
{
    private readonly Edge _input;

    private protected UnaryNode(Here here, Tensor x)
    {
        _input = x.GradientEdge;
        Stamp(here, _input.Node);
    }

    internal sealed override int InputCount => 1;

    internal sealed override Edge InputEdge(int index) => _input;

    /// <summary>The gradient of the input: gᵀ·J.</summary>
    private protected abstract Tensor? Vjp(Tensor g);

    /// <summary>The same where nobody else knows <paramref name="g"/>, so that the result may take its memory. See Note [A gradient's own memory].</summary>
    private protected virtual Tensor? VjpInto(Tensor g) => Vjp(g);

    /// <summary>The tangent of the output: J·t.</summary>
    private protected virtual Tensor? Jvp(Tensor t) => base.Jvp([t])[0];

    internal sealed override Tensor?[] Apply(Tensor?[] gradients) => [gradients[0] is { } g && _input.Node is not null ? Vjp(g) : null];

    internal sealed override Tensor?[] Jvp(Tensor?[] tangents) => [tangents[0] is { } t ? Jvp(t) : null];

    internal sealed override void Propagate(Engine run)
    {
        Tensor? g = run.TakeOne(this);
        if (g is null)
        {
            run.Send(_input, null);
            return;
        }
        run.Deliver(_input, g, run.Owns(g) ? VjpInto(g) : Vjp(g));
    }
}
