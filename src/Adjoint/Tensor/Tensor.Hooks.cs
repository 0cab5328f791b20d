namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Whether code of the user's runs when a gradient reaches this leaf.</summary>
    internal bool HasHooks => _node is AccumulateGrad { Extras.IsAsked: true };

    /// <summary>Keeps the gradient of this computed tensor in <see cref="Grad"/>; on a leaf it does nothing.</summary>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public void RetainGrad()
    {
        if (!RequiresGrad)
            throw new NoHistoryException(
                "RetainGrad: the tensor does not require grad, so it will never have one. Compute it from a tensor with requiresGrad: "
                + "true.");
        if (IsLeaf || RetainsGrad) return;
        if (GraphCapture.IsAnywhere) GraphCapture.NoteRetained(this, _node!, OutputNr);
        _flags |= Flags.RetainsGrad;
        NodeExtras.Of(_node!).SetRetaining(OutputNr, this);
    }

    /// <summary>
    /// Calls <paramref name="hook"/> with this tensor's gradient each time one is computed. What the hook returns replaces the
    /// gradient, null keeps it.
    /// </summary>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public HookHandle RegisterHook(Func<Tensor, Tensor?> hook)
    {
        hook.Given();
        if (!RequiresGrad)
            throw new NoHistoryException("RegisterHook: the tensor does not require grad, so no gradient would ever reach the hook.");
        Edge edge = GradientEdge;
        return NodeExtras.Of(edge.Node!).HooksOf(edge.InputNr).Add(hook);
    }

    /// <summary>Calls <paramref name="hook"/> with this tensor's gradient each time one is computed.</summary>
    /// <exception cref="AutogradException">The tensor does not require grad.</exception>
    public HookHandle RegisterHook(Action<Tensor> hook)
    {
        hook.Given();
        return RegisterHook(g => { hook(g); return null; });
    }

    /// <summary>
    /// Calls <paramref name="hook"/> with this leaf each time its <see cref="Grad"/> was updated, to step an optimizer in the backward
    /// pass, say.
    /// </summary>
    /// <exception cref="AutogradException">The tensor is no leaf, or does not require grad.</exception>
    public HookHandle RegisterPostAccumulateGradHook(Action<Tensor> hook)
    {
        hook.Given();
        if (!RequiresGrad) throw new AutogradException("RegisterPostAccumulateGradHook: the tensor does not require grad.");
        if (!IsLeaf)
            throw new AutogradException("RegisterPostAccumulateGradHook: the tensor is not a leaf, so it has no Grad to be updated.");
        return NodeExtras.Of(GradientEdge.Node!).PostAccumulate.Add(hook);
    }

    /// <summary>
    /// As <see cref="RegisterPostAccumulateGradHook"/>, but the hook is called while the pass goes on, as soon as the whole gradient has
    /// arrived. See Note [Leaves as they arrive].
    /// </summary>
    internal HookHandle RegisterArrivalHook(Action<Tensor> hook)
    {
        HookHandle called = RegisterPostAccumulateGradHook(hook), awaited = ((AccumulateGrad)GradientEdge.Node!).Await();
        return new HookHandle(() =>
        {
            called.Remove();
            awaited.Remove();
        });
    }
}
