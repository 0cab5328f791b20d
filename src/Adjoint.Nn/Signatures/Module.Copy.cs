namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>A copy that has nothing of its own yet but what values it holds, and has never been called.</summary>
    internal Module Bare()
    {
        var copy = (Module)MemberwiseClone();
        (copy._weak, copy._signature) = (null, 0);
        copy._hooks = _hooks is null || ReferenceEquals(_hooks, ModuleHooks.NotCalledYet) ? _hooks : _hooks.Copy();
        copy._stateHooks = _stateHooks?.Copy();
        return copy;
    }

    internal void CopyAllHooks(Module from) => CopyHooks(from);
}
