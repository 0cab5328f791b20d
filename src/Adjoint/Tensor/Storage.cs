using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// The memory behind one or more tensors, with the count of in-place changes they share.
/// </summary>
/// <remarks>
/// // Note [Three kinds of memory]
/// Up to 16 bytes live inside this object, up to 1 KiB in a managed array, and more in a block of the pool. Each is the
/// cheapest at its size: a few numbers need no second object, small arrays die in gen 0, and larger ones would go through gen 0 at
/// the speed of fresh memory, where a block that comes back is still in the cache. (One number needs no storage at all: see
/// Note [A number carries itself].) What is made in a <see cref="MemoryScope"/> and is no block has a mark besides: Note [Small as large].
///
/// // Note [Seen by one thread]
/// A block may come back before its storage is dead only while nobody can be reading or writing it. A thread that gives it back is not
/// itself inside a kernel, so it is enough that no other thread ever met the memory. <see cref="_holder"/> is the one thread that did;
/// another's first access swaps it for <see cref="Many"/>, and giving back swaps it for <see cref="NoOne"/>: whoever comes second sees it.
/// So <see cref="Dispose"/> beside a kernel of another thread, or a ZeroGrad beside an optimizer's step, gives nothing back that is in
/// use:
/// the block then waits for the collector. While a callback has a span (<see cref="Borrow"/>), and while a formula of the user's
/// runs inside a kernel, the thread itself counts as another.
/// </remarks>
internal sealed class Storage
{
    private const int InlineBytes = 16;
    private const int ManagedBytes = 1024;

    // No thread has one of these numbers; those below −1 are of a thread that has lent a span to a callback.
    private const int NoOne = 0, Many = -1;

    private InlineMemory _inline;
    private object? _memory;

    /// <summary>How many elements.</summary>
    internal readonly int Length;

    /// <summary>How often it was changed in place; shared by all views.</summary>
    internal int Version;

    private int _holder;
    private readonly byte _elementSize;

    // The sizes of other elements that it is read as, one bit each: View(DType). A span of those is as long as the memory.
    private byte _otherSizes;

    // How deep the scope lies that gives the memory back; 0: none does. See Note [Made in a scope].
    private byte _depth;

    /// <exception cref="OutOfMemoryException">There is no memory for as much; nothing else has changed.</exception>
    internal Storage(Here here, Shape shape, DType dtype, bool zero)
    {
        Length = shape.NumEl;
        _elementSize = (byte)dtype.Size;
        long bytes = (long)Length * _elementSize;
        MemoryScope? scope = here.Rare.Scope is null ? null : MemoryScope.Of(here);
        if (bytes <= ManagedBytes)
        {
            if (bytes > InlineBytes) _memory = zero ? new byte[bytes] : GC.AllocateUninitializedArray<byte>((int)bytes);
            if (scope is not null) Mark(scope.Mark);
            return;
        }
        _holder = Environment.CurrentManagedThreadId;
        Block block = BlockPool.Rent(bytes, tenant: this, scope?.Awaited ?? 0) ?? throw OutOfMemory(shape, dtype, bytes);
        _memory = block;
        if (zero) block.Clear(bytes);
        if (scope is null) return;
        if (block.Lease is { } lease) _depth = scope.Note(lease);
        else Mark(scope.Mark);
    }

    /// <summary>That of a tensor that is there already, small and of no scope.</summary>
    internal Storage(Shape shape, DType dtype) => (Length, _elementSize) = (shape.NumEl, (byte)dtype.Size);

    // Notes that what is no block of the pool was made in a scope. See Note [Small as large].
    private void Mark(ScopeMark? mark)
    {
        if (mark is null) return;
        _holder = Environment.CurrentManagedThreadId;
        _memory = new MarkedMemory(_memory, mark);
    }

    /// <summary>Whether it is marked, and the scope has ended before anybody kept it or another thread met it.</summary>
    private bool IsOver(object? memory) =>
        memory is MarkedMemory { Mark.IsOver: true } && Volatile.Read(ref _holder) is var holder && holder != Many
        && holder != ~Environment.CurrentManagedThreadId;

    /// <summary>The storage of a Float32 that also keeps the double it was rounded from. See Note [A number stays a number].</summary>
    internal static Storage OfNumber(double exact)
    {
        var storage = new Storage(Here.Now, Shape.Scalar, DType.Float32, zero: true);
        storage._inline[1] = BitConverter.DoubleToInt64Bits(exact);
        storage.Write(0, (float)exact);
        return storage;
    }

    /// <summary>What <see cref="OfNumber"/> was given; means nothing in other storages.</summary>
    internal double Exact
    {
        get
        {
            CheckNotDisposed();
            return BitConverter.Int64BitsToDouble(_inline[1]);
        }
    }

    /// <summary>All elements, read as <typeparamref name="T"/>. What has to be kept for that the loan keeps, whose span it is.</summary>
    /// <exception cref="ObjectDisposedException">The storage was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> LendTo<T>(scoped ref Loan loan) where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != _elementSize) CheckSize(Unsafe.SizeOf<T>());
        int length = Unsafe.SizeOf<T>() == _elementSize ? Length : LengthIn(Unsafe.SizeOf<T>());
        return _memory is { } memory ? LendTo<T>(memory, length, ref loan) : Inline<T>(length);
    }

    /// <summary>All elements as bytes. What has to be kept for that the loan keeps, whose span it is.</summary>
    /// <exception cref="ObjectDisposedException">The storage was disposed.</exception>
    internal Span<byte> LendBytesTo(scoped ref Loan loan)
    {
        int bytes = checked(Length * _elementSize);
        return _memory is { } memory ? LendTo<byte>(memory, bytes, ref loan) : Inline<byte>(bytes);
    }

    /// <summary>One element.</summary>
    /// <exception cref="ObjectDisposedException">The storage was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T Read<T>(int place) where T : unmanaged
    {
        if (_memory is not null) return ReadLarge<T>(place);
        if (Unsafe.SizeOf<T>() != _elementSize) CheckSize(Unsafe.SizeOf<T>());
        return Inline<T>(LengthIn(Unsafe.SizeOf<T>()))[place];
    }

    /// <summary>Writes one element.</summary>
    /// <exception cref="ObjectDisposedException">The storage was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write<T>(int place, T value) where T : unmanaged
    {
        if (_memory is not null) WriteLarge(place, value);
        else if (Unsafe.SizeOf<T>() != _elementSize) WriteOther(place, value);
        else Inline<T>()[place] = value;
    }

    /// <summary>Whether it is read as elements of another dtype besides its own: captures do not follow that.</summary>
    internal bool HasOtherDTypes { get; private set; }

    /// <summary>How many elements of a size the memory has.</summary>
    internal int LengthIn(int elementSize) =>
        elementSize == _elementSize ? Length : (int)Math.Min(int.MaxValue, (long)Length * _elementSize / elementSize);

    /// <summary>Lets it be read as elements of another dtype as well.</summary>
    internal void ReadAlsoAs(DType dtype)
    {
        HasOtherDTypes = true;
        _otherSizes |= (byte)dtype.Size;
    }

    /// <summary>All elements, for whoever may keep them: they stay what they are for as long as anybody has the span.</summary>
    /// <exception cref="ObjectDisposedException">The storage was disposed.</exception>
    internal Span<T> HandOut<T>() where T : unmanaged
    {
        LeavePool();
        var loan = new Loan();
        Span<T> span = LendTo<T>(ref loan);
        loan.Dispose();
        return span;
    }

    /// <summary>Leaves the memory to the collector for good: it lives for as long as this storage or any span shows it.</summary>
    internal void LeavePool()
    {
        if (_memory is not (Block or MarkedMemory)) return;
        Share();
        (_memory as Block)?.Lease?.Leave(this);
    }

    /// <summary>Whether the memory is a pooled block, which is worth returning early.</summary>
    internal bool IsPooled => _memory is Block;

    /// <summary>The lease under which it has a block of the pool.</summary>
    internal Lease? Lease => (_memory as Block)?.Lease;

    /// <summary>
    /// Notes that somebody else may be using the memory at any time: it is not given back early. See Note [Seen by one thread].
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    internal void Share()
    {
        if (!TryShare()) ThrowDisposed(_memory);
    }

    /// <summary>Whether the memory is no longer there.</summary>
    internal bool IsDisposed => _memory is Disposed || IsOver(_memory);

    /// <summary>Checks that the memory is still there.</summary>
    /// <exception cref="ObjectDisposedException">It is not.</exception>
    internal void CheckNotDisposed()
    {
        if (IsDisposed) ThrowDisposed(_memory);
    }

    /// <summary>As <see cref="Share"/>; false where the memory was given back.</summary>
    internal bool TryShare()
    {
        object? memory = _memory;
        if (memory is not (Block or MarkedMemory)) return memory is not Disposed;
        if (IsOver(memory)) return false;
        for (int holder = Volatile.Read(ref _holder); holder != NoOne;)
        {
            if (holder == Many) return true;
            int seen = Interlocked.CompareExchange(ref _holder, Many, holder);
            if (seen == holder) return true;
            holder = seen;
        }
        return false;
    }

    /// <summary>As an access to the memory would: false where it was given back.</summary>
    internal bool TryMeet()
    {
        object? memory = _memory;
        return memory is Block or MarkedMemory && Volatile.Read(ref _holder) == Environment.CurrentManagedThreadId
            ? !IsOver(memory) : TryShare();
    }

    /// <summary>Notes that a callback of this thread is getting a span. Ends with <see cref="Settle"/> if it returns true.</summary>
    internal bool Borrow()
    {
        int thread = Environment.CurrentManagedThreadId;
        object? memory = _memory;
        return memory is Block or MarkedMemory && !IsOver(memory)
            && Interlocked.CompareExchange(ref _holder, ~thread, thread) == thread;
    }

    /// <summary>Ends what <see cref="Borrow"/> began, on the same thread.</summary>
    internal void Settle()
    {
        int thread = Environment.CurrentManagedThreadId;
        // What a scope that ended meanwhile did not take, it takes no more.
        bool stays = _memory is MarkedMemory { Mark.IsOver: true };
        Interlocked.CompareExchange(ref _holder, stays ? Many : thread, ~thread);
    }

    /// <summary>Gives the memory back if only this thread has seen it; otherwise nothing changes, and the collector finds it.</summary>
    internal bool GiveBack() => GiveBack(Disposed.Empty);

    /// <summary>As <see cref="GiveBack()"/>, because the scope that it was made in ends.</summary>
    internal bool GiveBackAtEnd() => GiveBack(Disposed.WithScope);

    /// <summary>How deep the scope lies that gives the memory back at its end; 0: none does.</summary>
    internal int Depth => _depth;

    /// <summary>Leaves the memory to the scope of a mark, which lies further out, or to none.</summary>
    internal void Keep(ScopeMark to)
    {
        int depth = to.Depth;
        if (_depth > depth) _depth = (byte)depth;
        if (_memory is not MarkedMemory marked || marked.Mark.Depth <= depth || IsOver(marked)) return;
        object? kept = depth == 0 ? marked.Memory : new MarkedMemory(marked.Memory, to);
        Interlocked.CompareExchange(ref _memory, kept, marked);
    }

    private bool GiveBack(Disposed why)
    {
        int thread = Environment.CurrentManagedThreadId;
        if (_memory is not Block block || Interlocked.CompareExchange(ref _holder, NoOne, thread) != thread) return false;
        _memory = why;
        block.Lease?.Return(this);
        return true;
    }

    /// <summary>Gives the memory back, at once if only this thread has seen it; every later access through any view throws.</summary>
    internal void Dispose()
    {
        object? memory = _memory;
        if (memory is Disposed || GiveBack()) return;
        // Somebody may be using it: this object keeps it, and the collector finds it with this object.
        TryShare();
        Interlocked.CompareExchange(ref _memory, new Disposed(memory), memory);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<T> Inline<T>() where T : unmanaged => Inline<T>(Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<T> Inline<T>(int count)
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<InlineMemory, T>(ref _inline), count);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T ReadLarge<T>(int place) where T : unmanaged
    {
        var loan = new Loan();
        T value = LendTo<T>(ref loan)[place];
        loan.Dispose();
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteLarge<T>(int place, T value) where T : unmanaged
    {
        var loan = new Loan();
        LendTo<T>(ref loan)[place] = value;
        loan.Dispose();
    }

    private Span<T> LendTo<T>(object memory, int count, scoped ref Loan loan) where T : unmanaged
    {
        if (memory is byte[] array)
            return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), count);
        if (memory is Block block)
        {
            int holder = Volatile.Read(ref _holder);
            if (holder != Environment.CurrentManagedThreadId && holder != Many) Meet(holder);
            if (Poison.IsOn) CheckLease(block);
            loan.Keep(this);
            return block.AsSpan<T>(count);
        }
        if (memory is MarkedMemory marked && !IsOver(marked))
        {
            int holder = Volatile.Read(ref _holder);
            if (holder != Environment.CurrentManagedThreadId && holder != Many) Meet(holder);
            return marked.Memory is { } within ? LendTo<T>(within, count, ref loan) : Inline<T>(count);
        }
        ThrowDisposed(memory);
        return default;
    }

    // Sizes are powers of two: each is a bit of its own.
    private void CheckSize(int size)
    {
        if ((_otherSizes & size) == 0) ThrowOtherType();
    }

    private void WriteOther<T>(int place, T value) where T : unmanaged
    {
        CheckSize(Unsafe.SizeOf<T>());
        Inline<T>(LengthIn(Unsafe.SizeOf<T>()))[place] = value;
    }

    private void Meet(int holder)
    {
        if (holder == ~Environment.CurrentManagedThreadId) return;
        Share();
    }

    private void CheckLease(Block block)
    {
        if (block.Lease is { IsGone: false } lease && !lease.IsHeldBy(this))
            throw new InvalidOperationException($"Memory of {Length} elements is used by a storage that has no lease for it.");
    }

    private static OutOfMemoryException OutOfMemory(Shape shape, DType dtype, long bytes)
    {
        long total = MemoryLimits.Total;
        string most = total > 0 ? $", of {ByteCount.Text(total)} that the process may use" : "";
        return new OutOfMemoryException(
            $"There is no memory for a {dtype} tensor of shape {shape}, which needs {ByteCount.Text(bytes)}: tensors have "
            + $"{ByteCount.Text(BlockPool.BytesInUse)} in use "
            + $"and {ByteCount.Text(BlockPool.BytesCached)} cached{most}. Make it in parts, or let go of tensors that are no longer needed.");
    }

    [DoesNotReturn]
    private static void ThrowDisposed(object? memory) => throw new ObjectDisposedException(
        nameof(Tensor),
        ReferenceEquals(memory, Disposed.WithScope) || memory is MarkedMemory
        ? "The tensor was made inside a memory scope that has ended, so its memory may already serve another one. What is needed after "
            + "the scope is to be kept: scope.Keep(tensor), or returned from the function given to Cpu.Memory.Scope."
        : "The tensor was disposed; its memory may already serve another one.");

    [DoesNotReturn]
    private static void ThrowOtherType() =>
        throw new InvalidOperationException(
            "The tensor got data of another dtype while it was being used, as by Module.To on another thread. Convert a module before "
            + "others use it.");

    [InlineArray(InlineBytes / sizeof(long))]
    private struct InlineMemory
    {
        private long _first;
    }

    /// <summary>What stands in place of memory after Dispose; it keeps what somebody may still be using.</summary>
    private sealed class Disposed(object? memory)
    {
        internal static readonly Disposed Empty = new(null), WithScope = new(null);

        private readonly object? _memory = memory;
    }
}
