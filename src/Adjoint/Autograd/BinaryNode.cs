namespace Adjoint;

/// <summary>A node with two inputs and one output.</summary>
internal abstract class BinaryNode : Node
{
    private readonly Edge _x, _y;

    private protected BinaryNode(Here here, Tensor x, Tensor y)
    {
        _x = x.GradientEdge;
        _y = y.GradientEdge;
        Stamp(here, _x.Node);
        if (_y.Node is { } other && other.Sequence >= Sequence) Stamp(here, other);
    }

    internal sealed override int InputCount => 2;

    internal sealed override Edge InputEdge(int index) => index == 0 ? _x : _y;

    /// <summary>The gradients of both inputs; one that is not needed may be left null.</summary>
    private protected abstract void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy);

    /// <summary>The same where nobody else knows <paramref name="g"/>, so that one of them may take its memory. See Note [A gradient's own memory].</summary>
    private protected virtual void VjpInto(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy) =>
        Vjp(g, needsX, needsY, out dx, out dy);

    internal sealed override Tensor?[] Apply(Tensor?[] gradients)
    {
        if (gradients[0] is not { } g) return [null, null];
        Vjp(g, _x.Node is not null, _y.Node is not null, out Tensor? dx, out Tensor? dy);
        return [dx, dy];
    }

    internal sealed override void Propagate(Engine run)
    {
        Tensor? g = run.TakeOne(this);
        if (g is null)
        {
            run.Send(_x, null);
            run.Send(_y, null);
            return;
        }
        Tensor? dx, dy;
        if (run.Owns(g)) VjpInto(g, run.Needs(_x), run.Needs(_y), out dx, out dy);
        else Vjp(g, run.Needs(_x), run.Needs(_y), out dx, out dy);
        run.Deliver(_x, _y, g, dx, dy);
    }
}
