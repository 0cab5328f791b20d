namespace Adjoint;

/// <summary>Hooks in the order of registration; a copy is made on each change, so that one may remove itself while it runs.</summary>
internal sealed class HookList<THook> where THook : Delegate
{
    private (HookHandle Handle, THook Hook)[] _hooks = [];

    internal bool IsEmpty => _hooks.Length == 0;

    internal ReadOnlySpan<(HookHandle Handle, THook Hook)> All => Volatile.Read(ref _hooks);

    internal HookHandle Add(THook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        HookHandle handle = null!;
        handle = new HookHandle(() => { lock (this) _hooks = Array.FindAll(_hooks, h => h.Handle != handle); Structure.Change(); });
        lock (this) _hooks = [.. _hooks, (handle, hook)];
        Structure.Change();
        return handle;
    }
}

/// <summary>A registered hook; <see cref="Remove"/> takes it off again. Removing twice does nothing.</summary>
public sealed class HookHandle : IDisposable
{
    private Action? _remove;

    internal HookHandle(Action remove) => _remove = remove;

    /// <summary>Takes the hook off; later backward passes do not call it.</summary>
    public void Remove() => Interlocked.Exchange(ref _remove, null)?.Invoke();

    /// <summary>The same as <see cref="Remove"/>.</summary>
    public void Dispose() => Remove();
}
