namespace Adjoint;

/// <summary>A node with one input and one output.</summary>
internal abstract class UnaryNode : Node
{
    // The edge in parts: an Edge of its own is filled up to 16 bytes.
    private readonly Node? _input;
    private readonly int _nrOfInput;

    private protected UnaryNode(Here here, Tensor x)
    {
        Edge edge = x.GradientEdge;
        _input = edge.Node;
        _nrOfInput = edge.InputNr;
        Stamp(here, _input);
    }

    internal sealed override int InputCount => 1;

    internal sealed override Edge InputEdge(int index) => Input;

    private Edge Input => new(_input, _nrOfInput);

    /// <summary>The gradient of the input: gᵀ·J.</summary>
    private protected abstract Tensor? Vjp(Here here, Tensor g);

    /// <summary>
    /// The same where nobody else knows <paramref name="g"/>, so that the result may take its memory. See Note [A gradient's own memory].
    /// </summary>
    private protected virtual Tensor? VjpInto(Here here, Tensor g) => Vjp(here, g);

    /// <summary>The tangent of the output: J·t.</summary>
    private protected virtual Tensor? Jvp(Tensor t) => base.Jvp([t])[0];

    internal sealed override Tensor?[] Apply(Tensor?[] gradients) =>
        [gradients[0] is { } g && _input is not null ? Vjp(Here.Now, g) : null];

    internal sealed override Tensor?[] Jvp(Tensor?[] tangents) => [tangents[0] is { } t ? Jvp(t) : null];

    internal sealed override void Propagate(Engine run)
    {
        Tensor? g = run.TakeOne(this);
        if (g is null)
        {
            run.Send(Input, null, own: false);
            return;
        }
        run.Deliver(Input, g, run.Owns(g) ? VjpInto(run.Here, g) : Vjp(run.Here, g));
    }
}
