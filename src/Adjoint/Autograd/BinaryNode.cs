namespace Adjoint;

/// <summary>A node with two inputs and one output.</summary>
internal abstract class BinaryNode : Node
{
    // The two edges in parts: an Edge of its own is filled up to 16 bytes, two of them to 8 more than this.
    private readonly Node? _x, _y;
    private readonly int _nrOfX, _nrOfY;

    private protected BinaryNode(Here here, Tensor x, Tensor y, Tensor z)
    {
        if (ArgumentFit.Of(x, y, z) is { } fit) Side = fit;
        Edge first = x.GradientEdge, second = y.GradientEdge;
        _x = first.Node;
        _nrOfX = first.InputNr;
        _y = second.Node;
        _nrOfY = second.InputNr;
        Stamp(here, _x);
        if (_y is { } other && other.Sequence >= Sequence) Stamp(here, other);
    }

    /// <summary>How the arguments differ from the result, if they do.</summary>
    private protected ArgumentFit? Fit => Side is null ? null : Side as ArgumentFit ?? (Side as NodeExtras)?.Fit;

    internal sealed override int InputCount => 2;

    internal sealed override Edge InputEdge(int index) => index == 0 ? EdgeOfX : EdgeOfY;

    private Edge EdgeOfX => new(_x, _nrOfX);

    private Edge EdgeOfY => new(_y, _nrOfY);

    /// <summary>The gradients of both inputs; one that is not needed may be left null.</summary>
    private protected abstract void Vjp(Here here, Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy);

    /// <summary>
    /// The same where nobody else knows <paramref name="g"/>, so that one of them may take its memory. See Note [A gradient's own memory].
    /// </summary>
    private protected virtual void VjpInto(Here here, Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy) =>
        Vjp(here, g, needsX, needsY, out dx, out dy);

    internal sealed override Tensor?[] Apply(Tensor?[] gradients)
    {
        if (gradients[0] is not { } g) return [null, null];
        Vjp(Here.Now, g, _x is not null, _y is not null, out Tensor? dx, out Tensor? dy);
        return [dx, dy];
    }

    internal sealed override void Propagate(Engine run)
    {
        Edge x = EdgeOfX, y = EdgeOfY;
        Tensor? g = run.TakeOne(this);
        if (g is null)
        {
            run.Send(x, null, own: false);
            run.Send(y, null, own: false);
            return;
        }
        Tensor? dx, dy;
        if (run.Owns(g)) VjpInto(run.Here, g, run.Needs(x), run.Needs(y), out dx, out dy);
        else Vjp(run.Here, g, run.Needs(x), run.Needs(y), out dx, out dy);
        run.Deliver(x, y, g, dx, dy);
    }
}
