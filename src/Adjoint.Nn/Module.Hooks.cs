namespace Adjoint.Nn;

public abstract partial class Module
{
    private static readonly ModuleHooks s_globalHooks = new();

    private ModuleHooks? _hooks;

    /// <summary>
    /// Calls <paramref name="hook"/> with the module and its inputs before each <see cref="Call(Tensor)"/>; what it returns replaces the
    /// inputs, null keeps them.
    /// </summary>
    public HookHandle RegisterForwardPreHook(Func<Module, Tensor[], Tensor[]?> hook) => OwnHooks.Before.Add(hook.Given());

    /// <summary>
    /// Calls <paramref name="hook"/> with the module, its inputs and its output after each <see cref="Call(Tensor)"/>; what it returns
    /// replaces the output, null keeps it.
    /// </summary>
    public HookHandle RegisterForwardHook(Func<Module, Tensor[], Tensor, Tensor?> hook) => OwnHooks.After.Add(hook.Given());

    /// <summary>
    /// Calls <paramref name="hook"/> with the module and the gradients of its inputs (null for those that do not require grad) and of its
    /// output each time they were computed; what it returns replaces the gradients of the inputs, null keeps them.
    /// </summary>
    /// <remarks>The output must not be changed in place then.</remarks>
    public HookHandle RegisterFullBackwardHook(Func<Module, Tensor?[], Tensor?[], Tensor?[]?> hook) => OwnHooks.Backward.Add(hook.Given());

    /// <summary>As <see cref="RegisterForwardPreHook"/>, for every module; called before the module's own hooks.</summary>
    public static HookHandle RegisterGlobalForwardPreHook(Func<Module, Tensor[], Tensor[]?> hook) => s_globalHooks.Before.Add(hook.Given());

    /// <summary>As <see cref="RegisterForwardHook"/>, for every module; called before the module's own hooks.</summary>
    public static HookHandle RegisterGlobalForwardHook(Func<Module, Tensor[], Tensor, Tensor?> hook) =>
        s_globalHooks.After.Add(hook.Given());

    /// <summary>Whether a hook is registered.</summary>
    internal bool HasPreHook(Func<Module, Tensor[], Tensor[]?> hook)
    {
        if (_hooks is null) return false;
        foreach (var (_, own) in _hooks.Before.All)
            if (own == hook) return true;
        return false;
    }

    /// <summary>Takes a hook off, whoever has its handle.</summary>
    internal void RemovePreHook(Func<Module, Tensor[], Tensor[]?> hook)
    {
        if (_hooks is null) return;
        foreach (var (handle, own) in _hooks.Before.All)
            if (own == hook) handle.Remove();
        DropEmptyHooks();
    }

    private ModuleHooks OwnHooks
    {
        get
        {
            FirstCall();
            return _hooks ??= new();
        }
    }

    /// <summary>Looks at the fields before Forward may assign them; see Note [A slot keeps its role].</summary>
    private void FirstCall()
    {
        if (!ReferenceEquals(_hooks, ModuleHooks.NotCalledYet)) return;
        Look();
        Interlocked.CompareExchange(ref _hooks, null, ModuleHooks.NotCalledYet);
    }

    private protected static bool HasHooks(Module module) => module._hooks is not null || s_globalHooks.Any;

    /// <summary>
    /// Whether something of it is called besides its Forward now. Whether it had hooks once, or was called before, makes no difference.
    /// </summary>
    private protected static bool IsHooked(Module module)
    {
        module.FirstCall();
        return s_globalHooks.Any || module._hooks is { IsEmpty: false } || module.IsParametrized;
    }

    // So that a graph knows which module its operations are in.
    private Tensor CallInGraph(Tensor[] inputs)
    {
        using GraphPart _ = GraphPart.Enter(this);
        return CallWithHooks(inputs);
    }

    private Tensor CallWithHooks(Tensor[] inputs)
    {
        FirstCall();
        return IsParametrized ? WithParametrizations(() => CallHooked(inputs)) : CallHooked(inputs);
    }

    private Tensor CallHooked(Tensor[] inputs)
    {
        inputs = s_globalHooks.RunBefore(this, inputs);
        if (_hooks is { } own) inputs = own.RunBefore(this, inputs);
        BackwardHooks? backward = _hooks is { Backward.IsEmpty: false } ? new BackwardHooks(this, _hooks.Backward) : null;
        if (backward is not null) inputs = backward.Enter(inputs);
        foreach (Tensor input in inputs)
            if (input is null) throw new InvalidOperationException($"{TypeName}: a forward pre-hook returned null among the inputs.");
        Tensor output = inputs.Length switch
        {
            1 => Forward(inputs[0]),
            2 => Forward(inputs[0], inputs[1]),
            _ => throw new ArgumentException($"{TypeName}: a forward pre-hook returned {inputs.Length} inputs; a module takes one or two."),
        } ?? throw NoResult();
        output = s_globalHooks.RunAfter(this, inputs, output);
        if (_hooks is not null) output = _hooks.RunAfter(this, inputs, output);
        return backward is null ? output : backward.Leave(output);
    }
}

/// <summary>The hooks around calls of a module, or of all modules.</summary>
internal sealed class ModuleHooks
{
    /// <summary>Stands for the hooks of a module until its first call, which so costs later calls nothing.</summary>
    internal static readonly ModuleHooks NotCalledYet = new();

    internal readonly HookList<Func<Module, Tensor[], Tensor[]?>> Before = new();
    internal readonly HookList<Func<Module, Tensor[], Tensor, Tensor?>> After = new();

    internal readonly HookList<Func<Module, Tensor?[], Tensor?[], Tensor?[]?>> Backward = new();

    /// <summary>The same hooks, of which each list can change by itself.</summary>
    internal ModuleHooks Copy()
    {
        var copy = new ModuleHooks();
        foreach (var (_, hook) in Before.All) copy.Before.Add(hook);
        foreach (var (_, hook) in After.All) copy.After.Add(hook);
        foreach (var (_, hook) in Backward.All) copy.Backward.Add(hook);
        return copy;
    }

    /// <summary>Whether there are none, of any kind.</summary>
    internal bool IsEmpty => !Any && Backward.IsEmpty;

    internal bool Any => !Before.IsEmpty || !After.IsEmpty;

    internal Tensor[] RunBefore(Module module, Tensor[] inputs)
    {
        foreach (var (_, hook) in Before.All) inputs = hook(module, inputs) ?? inputs;
        return inputs;
    }

    internal Tensor RunAfter(Module module, Tensor[] inputs, Tensor output)
    {
        foreach (var (_, hook) in After.All) output = hook(module, inputs, output) ?? output;
        return output;
    }
}
