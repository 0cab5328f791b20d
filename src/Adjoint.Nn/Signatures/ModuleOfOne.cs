namespace Adjoint.Nn;

/// <summary>
/// A module that takes and gives what it likes: tensors, tuples, records, numbers, null. <see cref="Module"/> is the short form for one
/// tensor in and one out.
/// </summary>
/// <remarks>
/// Parameters, saving, modes and conversion are as in every module. The hooks of <see cref="Module"/> see the tensors in what is taken and
/// given, in order; those of this class see the values themselves. A <c>Module&lt;Tensor, Tensor&gt;</c> may stand wherever a Module is
/// called with a tensor, as in <see cref="Sequential"/>; others are joined with
/// <see cref="Chains.Then{TIn, TMiddle, TOut}(Module{TIn, TMiddle}, Module{TMiddle, TOut})"/>.
/// </remarks>
/// <typeparam name="TIn">What it takes; of several things a tuple, or see <see cref="Module{T1, T2, TOut}"/>.</typeparam>
/// <typeparam name="TOut">What it gives.</typeparam>
/// <example><code>
/// sealed class Head : Module&lt;(Tensor Features, int Classes), (Tensor Logits, Tensor Best)&gt;
/// {
///     readonly Linear fc = new(8, 4);
///     protected override (Tensor Logits, Tensor Best) Forward((Tensor Features, int Classes) input)
///     {
///         Tensor logits = fc.Call(input.Features)[.., ..input.Classes];
///         return (logits, logits.ArgMax(1));
///     }
/// }
/// </code></example>
public abstract class Module<TIn, TOut> : Module
{
    [Untracked]
    private HookList<Func<TIn, TIn>> _before = new();

    [Untracked]
    private HookList<Func<TIn, TOut, TOut>> _after = new();

    /// <summary>The output for an input, with the hooks that were registered.</summary>
    /// <exception cref="AutogradException">Modules are called by each other so deeply that the stack of the thread ends.</exception>
    public TOut Call(TIn input)
    {
        UserCode.CheckStack();
        if (GraphCapture.IsAnywhere) return CallInGraph(input);
        return HasHooks(this) ? CallWithHooks(input) : Hooked(input);
    }

    /// <summary>How the output is computed. Users call <see cref="Call(TIn)"/>, which runs the hooks.</summary>
    protected abstract TOut Forward(TIn input);

    /// <summary>Calls <paramref name="hook"/> with the input before each call; what it returns is the input.</summary>
    public HookHandle RegisterForwardPreHook(Func<TIn, TIn> hook) => _before.Add(hook.Given());

    /// <summary>Calls <paramref name="hook"/> with the input and the output after each call; what it returns is the output.</summary>
    public HookHandle RegisterForwardHook(Func<TIn, TOut, TOut> hook) => _after.Add(hook.Given());

    private TOut Hooked(TIn input)
    {
        foreach (var (_, hook) in _before.All) input = hook(input);
        TOut output = Forward(input);
        foreach (var (_, hook) in _after.All) output = hook(input, output);
        return output;
    }

    // So that a graph knows which module its operations are in.
    private TOut CallInGraph(TIn input)
    {
        using GraphPart _ = GraphPart.Enter(this);
        return CallWithHooks(input);
    }

    private TOut CallWithHooks(TIn input) => IsParametrized ? WithParametrizations(() => CallHooked(input)) : CallHooked(input);

    private TOut CallHooked(TIn input)
    {
        Tensor[] given = TensorParts.In(input);
        Tensor[] inputs = EnterHooks(given, out BackwardHooks? backward);
        TOut output = Hooked((TIn)TensorParts.With(input, inputs)!);
        return (TOut)TensorParts.With(output, LeaveHooks(inputs, TensorParts.In(output), backward))!;
    }

    private protected override bool TakesTensor => this is Module<Tensor, Tensor>;

    private protected override Tensor ForwardAs(Tensor input) =>
        this is Module<Tensor, Tensor> fitting ? fitting.Hooked(input) : throw WrongSignature("one tensor");

    private protected sealed override Tensor ForwardAs(Tensor input, Tensor other) =>
        this is Module<(Tensor, Tensor), Tensor> fitting ? fitting.Hooked((input, other)) : throw WrongSignature("two tensors");

    private NotSupportedException WrongSignature(string given) => new(
        $"The module {TypeName} takes {TypeText.Of(typeof(TIn))} and gives {TypeText.Of(typeof(TOut))}, but was called as a Module, with {given}. Call it as what it is.");

    private protected sealed override void CopyHooks(Module from)
    {
        var other = (Module<TIn, TOut>)from;
        (_before, _after) = (new(), new());
        foreach (var (_, hook) in other._before.All) _before.Add(hook);
        foreach (var (_, hook) in other._after.All) _after.Add(hook);
    }
}
