using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Gives back, at the end of its <c>using</c> block, the memory of the tensors that were made inside and not kept. Without one they are
/// left to the collector, which costs up to twice the time of a cheap operation on 100,000 to 1,000,000 elements.
/// </summary>
/// <remarks>
/// <para>
/// A scope is never needed, and never changes a value. A tensor that is used after the scope it was made in throws an
/// <see cref="ObjectDisposedException"/> that says so. What is needed later is kept:
/// </para>
/// <list type="bullet">
/// <item><see cref="Keep(Tensor)"/> keeps a tensor, with all that its gradient needs. It then belongs to the next scope further out, if
/// there is one. What the function given to <see cref="Cpu.Memory.Scope{T}(Func{T})"/> returns is kept, too.</item>
/// <item>What the library itself holds is kept: gradients (<see cref="Tensor.Grad"/>), parameters and buffers of modules
/// (<c>AsParameter</c>, <c>AsBuffer</c>), what optimizers and datasets remember, captured graphs.</item>
/// <item>What somebody else may be using is kept: memory that another thread has met, spans that were handed out.</item>
/// </list>
/// <para>
/// So there are left those that the user alone knows to be needed: in a local, a field or a list, or by a graph whose
/// <c>Backward()</c> is yet to come.
/// </para>
/// <para>
/// It is the same for all sizes: a loss of one element is gone as a matrix is. Read what is wanted of it inside (<c>loss.Item()</c>).
/// </para>
/// <para>
/// A scope belongs to the thread that began it: what other threads make inside, or the code makes after an <c>await</c> that goes on
/// elsewhere, is left to the collector. Disposing it twice does nothing; disposing it ends the scopes inside it that were not ended.
/// </para>
/// // Note [Made in a scope]
/// That nobody refers to a tensor only a collection can tell; so a scope does not ask, but takes the memory from the tensor, which says
/// so to whoever uses it then. That is what <see cref="Tensor.Dispose"/> does, with the same proof that nobody is inside the memory
/// (Note [Seen by one thread]); and no tensor ever shows what lies there afterwards. Memory that was taken is the only thing a scope
/// changes: it can cost an exception, and no value.
/// A scope knows what was made inside by leases and their numbers, not by the tensors: these stay as collectable as they were, and a
/// scope around a whole program holds nothing.
/// How deep the scope lies that gives a storage back is noted in the storage: keeping is to write a smaller number there. Where the library
/// stores a tensor beyond a computation it writes 0 (<see cref="Tensor.KeepBeyondScopes"/>). What is no block: Note [Small as large].
///
/// // Note [In any order]
/// Whoever disposes scopes in another order than that of <c>using</c> finds them as nested as they were begun: an outer one ends those
/// inside, after which these keep nothing and say so. Disposed on another thread than its own, a scope cannot prove that its thread is
/// not inside the memory: all that it made is left to the collector, nothing is gone, and what is made afterwards belongs to the next
/// scope further out that has not ended. No scope holds a tensor or a graph, in whichever way it ends, or if it never does: it has a list
/// of leases, and marks hold nothing.
///
/// // Note [What a gradient needs]
/// What a graph needs lies in its nodes, in fields of many kinds. So who keeps a tensor with a history that was not gone through keeps
/// all that the scope has made: any of it may be needed. A backward pass lets go of what nodes saved, so a history of which no node
/// holds anything was gone through.
/// </remarks>
/// <example><code>
/// Tensor w = Tensor.Rand([500, 500], requiresGrad: true), x = Tensor.Rand(64, 500);
/// for (int step = 0; step &lt; 3; step++)
/// {
///     using MemoryScope scope = Cpu.Memory.Scope();
///     w.Grad = null;
///     Tensor loss = x.MatMul(w).Tanh().Square().Mean();
///     loss.Backward();
///     using (Autograd.NoGrad()) w.SubInPlace(w.Grad! * 0.1);
/// }
/// </code></example>
public sealed class MemoryScope : ModeScope
{
    private const int Deepest = byte.MaxValue, MostSpare = 1024;

    // What the last scope of any thread has given back: about as much as the next one will.
    private static long s_given;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly MemoryScope? _outer;
    private readonly int _depth;
    private Entry[] _made;
    private int _count;

    private bool _ended;

    private ScopeMark? _mark;

    internal MemoryScope()
    {
        Here here = Here.Now;
        _outer = here.Rare.Scope;
        _depth = (_outer?._depth ?? 0) + 1;
        here.Rare.Scope = this;
        here.On |= GradMode.Switch.Scoped;
        _made = here.SpareList as Entry[] ?? new Entry[16];
        here.SpareList = null;
        Awaited = Volatile.Read(ref s_given);
        Begin();
    }

    /// <summary>The innermost scope that the running code is in.</summary>
    internal static MemoryScope? Current => Of(Here.Now);

    /// <summary>The innermost scope of a thread that has not ended: another thread may have ended one.</summary>
    internal static MemoryScope? Of(Here here) => Living(here.Rare.Scope);

    /// <summary>The mark of what is made now and is no block of the pool; null: it is not the scope's.</summary>
    internal ScopeMark? Mark =>
        _ended || _depth > Deepest || Environment.CurrentManagedThreadId != _thread ? null : _mark ??= new ScopeMark(_depth);

    // What is kept belongs to the scope around, if that can give it back. See Note [Small as large].
    private ScopeMark OuterMark => LiveOuter?.Mark ?? ScopeMark.None;

    private MemoryScope? LiveOuter => Living(_outer);

    private static MemoryScope? Living(MemoryScope? scope)
    {
        while (scope is { _ended: true }) scope = scope._outer;
        return scope;
    }

    /// <summary>How many bytes it will probably give back.</summary>
    internal long Awaited { get; }

    /// <summary>
    /// Keeps a tensor, and what its gradient needs, beyond this scope: it then belongs to the scope around, or to none. Returns the tensor.
    /// </summary>
    /// <remarks>
    /// If it has a history that no backward pass has gone through, everything that was made inside so far is kept, since any of it may be
    /// needed for the gradient; <c>Keep(y.Detach())</c> keeps the numbers alone.
    /// </remarks>
    /// <param name="tensor">The tensor; one that was made elsewhere stays what it is.</param>
    /// <exception cref="ObjectDisposedException">The scope has ended, or the tensor was disposed.</exception>
    public Tensor Keep(Tensor tensor)
    {
        tensor.Given();
        if (_ended)
            throw new ObjectDisposedException(
                nameof(MemoryScope), "Keep: the scope has ended, and what was made inside and not kept was given back. Keep it before.");
        tensor.CheckNotDisposed();
        ScopeMark outer = OuterMark;
        tensor.KeepMemory(outer);
        KeepHistory(tensor, outer);
        return tensor;
    }

    /// <summary>Notes what was made inside, and gives the depth at which it is given back; 0: not by a scope.</summary>
    internal byte Note(Lease lease)
    {
        if (_ended || _depth > Deepest || Environment.CurrentManagedThreadId != _thread) return 0;
        Add(new Entry(lease, lease.Number));
        return (byte)_depth;
    }

    /// <summary>Keeps what the gradients and tangents of a tensor may need, unless they were computed.</summary>
    internal void KeepHistory(Tensor tensor, ScopeMark to)
    {
        if (Environment.CurrentManagedThreadId != _thread) return;
        bool isNeeded = tensor.Tangents is not null || IsNeeded(tensor) || (tensor.Base is { } whole && IsNeeded(whole));
        int depth = to.Depth;
        for (MemoryScope? scope = this; isNeeded && scope is not null && scope._depth > depth; scope = scope._outer)
        {
            if (scope._thread != _thread || scope._ended) continue;
            for (int i = 0; i < scope._count; i++) scope._made[i].Storage?.Keep(to);
            scope._mark?.HandTo(to);
            scope._mark = null;
        }
    }

    // What lies inside ends with it. See Note [In any order].
    private protected override void CheckEnd()
    {
        if (_ended || Environment.CurrentManagedThreadId != _thread) return;
        MemoryScope? inner = Here.Now.Rare.Scope;
        for (MemoryScope? at = inner; at != this; at = at._outer)
            if (at is null || at._thread != _thread) return;
        for (; inner != this; inner = inner._outer) inner!.Ended();
    }

    private protected override void Ended()
    {
        if (_ended) return;
        _ended = true;
        // Its own thread may be adding to the list at this moment.
        if (Environment.CurrentManagedThreadId != _thread) return;
        _mark?.End();
        Entry[] made = _made;
        (int count, _count, _made) = (_count, 0, []);
        MemoryScope? outer = LiveOuter;
        long given = 0;
        // Backwards: what was made first then comes first again, where the next one makes the same.
        for (int i = count - 1; i >= 0; i--)
        {
            if (made[i].Storage is not { } storage) continue;
            if (storage.Depth >= _depth)
            {
                if (storage.GiveBackAtEnd()) given += made[i].Bytes;
            }
            else if (storage.Depth > 0 && outer is not null && outer._thread == _thread)
            {
                outer.Add(made[i]);
            }
        }
        Volatile.Write(ref s_given, given);
        if (made.Length > MostSpare) return;
        Array.Clear(made, 0, count);
        Here.Now.SpareList = made;
    }

    // Whether a gradient of it may need what was saved: a backward pass lets go of that.
    private static bool IsNeeded(Tensor tensor)
    {
        if (tensor.HistoryNow.Node is not { } node) return false;
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        var ahead = new Stack<Node>([node]);
        while (ahead.TryPop(out Node? next))
        {
            if (next.HoldsSaved) return true;
            if (!seen.Add(next)) continue;
            for (int i = 0; i < next.InputCount; i++)
                if (next.InputEdge(i).Node is { } input) ahead.Push(input);
        }
        return false;
    }

    private void Add(in Entry entry)
    {
        if (_count == _made.Length) Grow();
        _made[_count++] = entry;
    }

    // In a long scope most of what was made is gone: only what lives is looked at again.
    private void Grow()
    {
        int living = 0;
        for (int i = 0; i < _count; i++)
            if (_made[i].IsLent) _made[living++] = _made[i];
        Array.Clear(_made, living, _count - living);
        _count = living;
        if (living > _made.Length / 2) Array.Resize(ref _made, 2 * _made.Length);
    }

    /// <summary>Memory that was lent inside: under which number of its lease.</summary>
    private readonly record struct Entry(Lease Lease, long Number)
    {
        internal bool IsLent => Lease.Number == Number;

        internal Storage? Storage => Lease.TenantUnder(Number) as Storage;

        internal long Bytes => (long)BlockPool.SizeOf(Lease.SizeClass);
    }
}
