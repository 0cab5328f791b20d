namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>Whether the module can be called with one tensor, as containers do, as far as its type says.</summary>
    internal bool IsOfTensors => TakesTensor;

    private protected virtual bool TakesTensor => true;

    /// <summary>What a module of another signature computes of one tensor.</summary>
    private protected virtual Tensor ForwardAs(Tensor input) => throw NoForward("one input: Forward(Tensor)");

    /// <summary>What a module of another signature computes of two tensors.</summary>
    private protected virtual Tensor ForwardAs(Tensor input, Tensor other) => throw NoForward("two inputs: Forward(Tensor, Tensor)");

    /// <summary>Gives a copy the hooks of a derived type, which it does not share.</summary>
    private protected virtual void CopyHooks(Module from)
    {
    }

    /// <summary>
    /// Calls the module in another way than by its Forward, with all that belongs to a call: hooks, parametrizations, its place in a
    /// graph. Hooks see the tensors among the arguments, and each tensor of the result.
    /// </summary>
    private protected TOut CallAs<TOut>(Func<Tensor[], TOut> forward, params Tensor[] given)
    {
        UserCode.CheckStack();
        using GraphPart _ = GraphPart.Enter(this);
        FirstCall();
        if (!HasHooks(this)) return forward(given);
        return IsParametrized ? WithParametrizations(Hooked) : Hooked();

        TOut Hooked()
        {
            Tensor[] inputs = EnterHooks(given, out BackwardHooks? backward);
            TOut output = forward(inputs);
            return (TOut)TensorParts.With(output, LeaveHooks(inputs, TensorParts.In(output), backward))!;
        }
    }

    /// <summary>What the hooks make of the tensors in the inputs.</summary>
    private protected Tensor[] EnterHooks(Tensor[] given, out BackwardHooks? backward)
    {
        FirstCall();
        Tensor[] inputs = s_globalHooks.RunBefore(this, given);
        if (_hooks is { } own) inputs = own.RunBefore(this, inputs);
        if (inputs.Length != given.Length || inputs.Contains(null!))
            throw new InvalidOperationException(
                $"{TypeName}: a forward pre-hook returned {inputs.Length} "
                + $"inputs{(inputs.Contains(null!) ? " with null among them" : "")}; the module was called with {given.Length} tensors.");
        backward = _hooks is { Backward.IsEmpty: false } ? new BackwardHooks(this, _hooks.Backward) : null;
        return backward is null ? inputs : backward.Enter(inputs);
    }

    /// <summary>What the hooks make of the tensors in the output; each hook is called with each of them.</summary>
    private protected Tensor[] LeaveHooks(Tensor[] inputs, Tensor[] outputs, BackwardHooks? backward)
    {
        Tensor[] seen = [.. outputs];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = s_globalHooks.RunAfter(this, inputs, seen[i]);
            if (_hooks is { } own) seen[i] = own.RunAfter(this, inputs, seen[i]);
        }
        return backward is null ? seen : backward.Leave(seen);
    }
}
