namespace Adjoint.Nn;

/// <remarks>Hooks around the saving and loading of state.</remarks>
public abstract partial class Module
{
    private StateHooks? _stateHooks;

    /// <summary>
    /// Calls <paramref name="hook"/> with the module and the prefix of its names before each <see cref="StateDict"/> reads it, also that of a
    /// module above: PyTorch's <c>register_state_dict_pre_hook</c>.
    /// </summary>
    public HookHandle RegisterStateDictPreHook(Action<Module, string> hook) => OwnStateHooks.BeforeSave.Add(hook.Given());

    /// <summary>
    /// Calls <paramref name="hook"/> with the module, the state dictionary so far and the prefix of the module's names when
    /// <see cref="StateDict"/> has read the module and all below it; it may add, rename or remove entries: PyTorch's
    /// <c>register_state_dict_post_hook</c>.
    /// </summary>
    public HookHandle RegisterStateDictHook(Action<Module, OrderedDictionary<string, Tensor>, string> hook) =>
        OwnStateHooks.AfterSave.Add(hook.Given());

    /// <summary>
    /// Calls <paramref name="hook"/> with the module, a copy of the state to be loaded and the prefix of the module's names, before
    /// <see cref="LoadStateDict"/> compares names and shapes; it may add, rename or remove entries, as of a file of an earlier version:
    /// PyTorch's <c>register_load_state_dict_pre_hook</c>.
    /// </summary>
    public HookHandle RegisterLoadStateDictPreHook(Action<Module, OrderedDictionary<string, Tensor>, string> hook) =>
        OwnStateHooks.BeforeLoad.Add(hook.Given());

    /// <summary>
    /// Calls <paramref name="hook"/> with the module and what was missing or not expected after each <see cref="LoadStateDict"/>, also that of
    /// a module above, has taken the values: PyTorch's <c>register_load_state_dict_post_hook</c>.
    /// </summary>
    public HookHandle RegisterLoadStateDictPostHook(Action<Module, LoadReport> hook) => OwnStateHooks.AfterLoad.Add(hook.Given());

    private StateHooks OwnStateHooks => _stateHooks ??= new();

    /// <summary>The hooks of a module around its state.</summary>
    private sealed class StateHooks
    {
        internal readonly HookList<Action<Module, string>> BeforeSave = new();
        internal readonly HookList<Action<Module, OrderedDictionary<string, Tensor>, string>> AfterSave = new(), BeforeLoad = new();
        internal readonly HookList<Action<Module, LoadReport>> AfterLoad = new();

        internal StateHooks Copy()
        {
            var copy = new StateHooks();
            foreach (var (_, hook) in BeforeSave.All) copy.BeforeSave.Add(hook);
            foreach (var (_, hook) in AfterSave.All) copy.AfterSave.Add(hook);
            foreach (var (_, hook) in BeforeLoad.All) copy.BeforeLoad.Add(hook);
            foreach (var (_, hook) in AfterLoad.All) copy.AfterLoad.Add(hook);
            return copy;
        }
    }

    // Each module with the prefix of its names, those with hooks; children after their parents.
    private List<(string Prefix, Module Module, StateHooks Hooks)> HookedModules()
    {
        List<(string, Module, StateHooks)> hooked = [];
        foreach ((string name, Module module) in Walk(distinct: false))
            if (module._stateHooks is { } hooks) hooked.Add((name.Length == 0 ? "" : name + ".", module, hooks));
        return hooked;
    }

    /// <summary>What the hooks before a load make of a state.</summary>
    private IReadOnlyDictionary<string, Tensor> BeforeLoad(IReadOnlyDictionary<string, Tensor> state)
    {
        List<(string Prefix, Module Module, StateHooks Hooks)> hooked = HookedModules();
        if (!hooked.Exists(h => !h.Hooks.BeforeLoad.IsEmpty)) return state;
        var copy = new OrderedDictionary<string, Tensor>(state);
        foreach (var (prefix, module, hooks) in hooked)
            foreach (var (_, hook) in hooks.BeforeLoad.All) hook(module, copy, prefix);
        return copy;
    }

    private void AfterLoad(LoadReport report)
    {
        foreach (var (_, module, hooks) in HookedModules())
            foreach (var (_, hook) in hooks.AfterLoad.All) hook(module, report);
    }
}
