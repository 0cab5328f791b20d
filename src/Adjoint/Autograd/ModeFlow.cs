using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The public scopes that the running code is in, innermost first: what goes with the code from thread to thread.
/// </summary>
/// <remarks>
/// // Note [Modes flow]
/// The modes lie in thread-statics, because operations read them. But a thread of the pool serves many jobs, and an async method
/// many threads. So what a *public* scope sets is noted in the ExecutionContext as well, which .NET saves, restores and hands on
/// as it does the culture: when the context of a thread changes, its modes become those noted there. A job begins in the modes of
/// the code that started it; nothing it sets outlives it, scopes that were never disposed included; and an await goes on in its
/// modes on whatever thread. This costs something only when a public scope begins or ends. Scopes within the library restore
/// what they change themselves, and note nothing: so wherever the library calls the user's code with modes of its own, it notes
/// them first (<see cref="UserCode"/>), since what the user's code does there may let the context change.
///
/// // Note [Dropped scopes]
/// SetGradEnabled(…) is also a statement, whose scope nobody will end. Deeper than <see cref="Shallow"/> a scope is therefore
/// known by a weak reference, and where they pile up those are left out that nobody holds any more: each scope has in itself what
/// it brings back, so none misses those below.
/// </remarks>
internal sealed class ModeFlow
{
    private const int Shallow = 16, FirstTrim = 64, Most = 4096;

    private static readonly AsyncLocal<ModeFlow?> s_current = new(static change =>
    {
        if (change.ThreadContextChanged) (change.CurrentValue?._now ?? default).Set();
    });

    private readonly ModeState _before, _now;
    private readonly WeakReference<ModeScope>? _scope;
    private readonly int _length, _trimAt;
    private ModeFlow? _outer;

    private ModeFlow(in ModeState before, ModeScope? scope, ModeFlow? outer)
    {
        (_before, _now, _outer) = (before, ModeState.Now, outer);
        _trimAt = outer?._trimAt ?? FirstTrim;
        _length = (outer?._length ?? 0) + 1;
        if (_length > Shallow && scope is not null) _scope = new(scope);
        if (_length <= _trimAt) return;
        _length = Trim();
        _trimAt = Math.Max(FirstTrim, Math.Min(2 * _length, _length + Most));
    }

    internal static ModeFlow? Current => s_current.Value;

    /// <summary>Whether the noted modes are those of the thread.</summary>
    internal static bool IsNoted(in ModeState now) => (s_current.Value?._now ?? default) == now;

    /// <summary>Notes the modes as they are now, until the result is left.</summary>
    internal static ModeFlow Note(in ModeState before, ModeScope? scope)
    {
        var flow = new ModeFlow(before, scope, s_current.Value);
        s_current.Value = flow;
        return flow;
    }

    /// <summary>Goes back to a place in the flow.</summary>
    internal static void Return(ModeFlow? to)
    {
        if (s_current.Value != to) s_current.Value = to;
    }

    /// <summary>
    /// Brings back the modes from before, in the code that is within the scope; elsewhere, and a second time, it does nothing.
    /// Scopes inside of it that were not ended end with it.
    /// </summary>
    internal void Leave()
    {
        for (ModeFlow? at = s_current.Value; at is not null; at = at._outer)
        {
            if (at != this) continue;
            s_current.Value = _outer;
            _before.Set();
            return;
        }
    }

    // Other flows may share the scopes further out: what is left out here nobody can end there either.
    private int Trim()
    {
        int length = 1;
        for (ModeFlow at = this; at._outer is { } outer;)
        {
            if (outer._scope is { } scope && !scope.TryGetTarget(out _))
            {
                at._outer = outer._outer;
                continue;
            }
            at = outer;
            length++;
        }
        return length;
    }
}

/// <summary>
/// Code of the user's that the library calls with modes of its own: they are noted meanwhile, and all modes are as before at the
/// end, whatever the code left behind. See Note [Modes flow].
/// </summary>
internal readonly ref struct UserCode
{
    private readonly ModeState _before;
    private readonly ModeFlow? _outer;
    private readonly bool _entered;

    private UserCode(scoped in ModeState before, scoped in ModeState inside)
    {
        CheckStack();
        (_before, _outer, _entered) = (before, ModeFlow.Current, true);
        inside.Set();
        if (!ModeFlow.IsNoted(inside)) ModeFlow.Note(before, null);
    }

    /// <summary>In the modes as they are now.</summary>
    internal static UserCode Here()
    {
        ModeState now = ModeState.Now;
        return new UserCode(now, now);
    }

    /// <summary>In the given modes.</summary>
    internal static UserCode In(scoped in ModeState inside) => new(ModeState.Now, inside);

    /// <inheritdoc cref="StackSpace.Check"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CheckStack() => StackSpace.Check();

    /// <summary>Whether there is room on the stack, for what says in its own words that there is none.</summary>
    internal static bool HasStack => StackSpace.IsLeft;

    /// <summary>Brings the modes back; of the default value, which stands for no code of the user's, it does nothing.</summary>
    public void Dispose()
    {
        if (!_entered) return;
        ModeFlow.Return(_outer);
        _before.Set();
    }
}
