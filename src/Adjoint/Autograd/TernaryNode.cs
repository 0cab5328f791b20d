namespace Adjoint;

/// <summary>A node with three inputs and one output.</summary>
internal abstract class TernaryNode : Node
{
    private readonly Edge _x, _y, _z;

    private protected TernaryNode(Tensor x, Tensor y, Tensor z)
    {
        _x = x.GradientEdge;
        _y = y.GradientEdge;
        _z = z.GradientEdge;
        Node? newest = _x.Node;
        if (_y.Node is { } second && (newest is null || second.Sequence > newest.Sequence)) newest = second;
        if (_z.Node is { } third && (newest is null || third.Sequence > newest.Sequence)) newest = third;
        Stamp(newest);
    }

    internal sealed override int InputCount => 3;

    internal sealed override Edge InputEdge(int index) => index switch { 0 => _x, 1 => _y, _ => _z };

    /// <summary>The gradients of the inputs; one that is not needed may be left null.</summary>
    private protected abstract void Vjp(Tensor g, bool needsX, bool needsY, bool needsZ, out Tensor? dx, out Tensor? dy, out Tensor? dz);

    internal sealed override Tensor?[] Apply(Tensor?[] gradients)
    {
        if (gradients[0] is not { } g) return [null, null, null];
        Vjp(g, _x.Node is not null, _y.Node is not null, _z.Node is not null, out Tensor? dx, out Tensor? dy, out Tensor? dz);
        return [dx, dy, dz];
    }

    internal sealed override void Propagate(Engine run)
    {
        Tensor? g = run.TakeOne(this);
        Tensor? dx = null, dy = null, dz = null;
        if (g is not null)
        {
            Vjp(g, run.Needs(_x), run.Needs(_y), run.Needs(_z), out dx, out dy, out dz);
            Engine.MarkForwarded(dx, g);
            Engine.MarkForwarded(dy, g);
            Engine.MarkForwarded(dz, g);
            Engine.MarkForwarded(dx, dy);
            Engine.MarkForwarded(dx, dz);
            Engine.MarkForwarded(dy, dz);
        }
        run.Send(_x, dx);
        run.Send(_y, dy);
        run.Send(_z, dz);
        if (g is not null) run.Recycle(g);
    }
}
