using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <remarks>
/// // Note [A number carries itself]
/// A tensor of one element keeps it in <see cref="_number"/> and has no storage, until it gets one to share with a view: what a
/// graph of numbers costs is mostly the making of objects. Until then nobody changes it: who does, or hands it out, gives it a storage
/// first (<see cref="CheckInPlace"/>). So the number that moves there is the same whichever thread looks, and no change is lost.
/// </remarks>
public sealed partial class Tensor
{
    private Storage? _storage;
    private long _number;

    /// <summary>How often the memory was changed in place; views share the count.</summary>
    /// <exception cref="AutogradException">The tensor was made in inference mode, which keeps no count.</exception>
    public int Version => !IsInference ? ChangeCount
        : throw new AutogradException(
            "Inference tensors do not track a version; Clone() one outside inference mode to get a normal tensor.");

    /// <summary>Whether both tensors lie in the same memory.</summary>
    public bool SharesStorageWith(Tensor other) =>
        ReferenceEquals(this, other.Given()) || (_storage is not null && ReferenceEquals(_storage, other._storage));

    /// <summary>Gives the memory back. Optional; every later use of this tensor or its views throws.</summary>
    /// <remarks>
    /// It comes back at once if no other thread has used it and its elements were not handed out. Otherwise somebody may be using it: what
    /// they see stays as it is, and the memory comes back when the tensor is collected.
    /// </remarks>
    public void Dispose() => SharedStorage().Dispose();

    /// <summary>A tensor of undefined content.</summary>
    internal static Tensor Uninitialized(Shape shape, DType dtype) => Uninitialized(Here.Now, shape, dtype);

    /// <inheritdoc cref="Uninitialized(Shape, DType)"/>
    internal static Tensor Uninitialized(Here here, Shape shape, DType dtype) =>
        here.Has(NotOwn) ? Special(here, shape, dtype, zero: false)
        : shape.NumEl == 1 ? new(shape, dtype, here) : new(here, new Storage(here, shape, dtype, zero: false), shape, dtype);

    /// <summary>A tensor of zeros.</summary>
    internal static Tensor Zeroed(Here here, Shape shape, DType dtype) =>
        here.Has(NotOwn) ? Special(here, shape, dtype, zero: true)
        : shape.NumEl == 1 ? new(shape, dtype, here) : new(here, new Storage(here, shape, dtype, zero: true), shape, dtype);

    // Where tensors are noted by a scope, or are those of an earlier run.
    private const GradMode.Switch NotOwn = GradMode.Switch.Scoped | GradMode.Switch.Supplied;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Special(Here here, Shape shape, DType dtype, bool zero) =>
        here.Has(GradMode.Switch.Scoped) ? new(here, new Storage(here, shape, dtype, zero), shape, dtype)
        : here.Supply!.Take(here, shape, dtype, zero);

    /// <summary>A tensor of zeros that no operation makes: for what comes from outside, and for places of an index.</summary>
    internal static Tensor Outside(Shape shape, DType dtype)
    {
        Here here = Here.Now;
        bool isInTensor = shape.NumEl == 1 && !here.Has(GradMode.Switch.Scoped);
        return new(isInTensor ? null : new Storage(here, shape, dtype, zero: true), shape, dtype);
    }

    /// <summary>Another tensor over the same memory, without history.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="strides">Its strides, or null for row-major ones.</param>
    /// <param name="offset">The place of its first element in the storage.</param>
    internal Tensor Alias(Shape shape, int[]? strides, int offset)
    {
        if (strides is not null && Layout.IsContiguous(shape, strides)) strides = null;
        // What is seen of a normal tensor in inference mode is normal, and what is seen of an inference tensor is none outside of it.
        return new Tensor(SharedStorage(), shape, DType, strides, offset) { _flags = _flags & Flags.Inference };
    }

    /// <summary>Another tensor over the same memory, without history, whose bytes are read as another dtype.</summary>
    internal Tensor AliasAs(DType dtype, Shape shape, int[] strides, int offset)
    {
        Storage storage = SharedStorage();
        storage.ReadAlsoAs(dtype);
        return new Tensor(storage, shape, dtype, Layout.IsContiguous(shape, strides) ? null : strides, offset)
        {
            _flags = _flags & Flags.Inference
        };
    }

    /// <summary>Whether its memory is read as elements of another dtype, too: <see cref="View(DType)"/>.</summary>
    internal bool HasOtherDTypes => _storage is { HasOtherDTypes: true };

    /// <summary>All of the memory the tensor lies in, from before its <see cref="Offset"/>; for a <see cref="Loan"/> alone.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> LendTo<T>(scoped ref Loan loan) where T : unmanaged =>
        _storage is { } storage ? storage.LendTo<T>(ref loan) : MemoryMarshal.CreateSpan(ref Unsafe.As<long, T>(ref _number), 1);

    /// <summary>The same as bytes, whatever the dtype; for a <see cref="Loan"/> alone.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    internal Span<byte> LendBytesTo(scoped ref Loan loan) =>
        _storage is { } storage
        ? storage.LendBytesTo(ref loan) : MemoryMarshal.CreateSpan(ref Unsafe.As<long, byte>(ref _number), DType.Size);

    /// <summary>The first element, which is the only one of a tensor with one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T First<T>() where T : unmanaged => _storage is { } storage ? storage.Read<T>(Offset) : Unsafe.As<long, T>(ref _number);

    /// <summary>Writes the first element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetFirst<T>(T value) where T : unmanaged
    {
        if (_storage is { } storage) storage.Write(Offset, value);
        else Unsafe.As<long, T>(ref _number) = value;
    }

    /// <summary>Whether it is one element that no other tensor shares. See Note [A number carries itself].</summary>
    internal bool CarriesItself => _storage is null;

    /// <summary>
    /// Whether both are single elements of one shape and one dtype of floating point: what is most often asked of two tensors,
    /// has the answer yes along a graph of numbers, and then leaves no other question. (Parameters have a storage once they were stepped.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsNumberLike(Tensor other) =>
        ReferenceEquals(Shape, other.Shape) && Shape.NumEl == 1 && DType == other.DType && DType.IsFloatingPoint
            && ((_flags ^ other._flags) & Flags.Number) == 0;

    /// <summary>One element of undefined content, which carries itself outside of scopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor UninitializedNumber(Here here, Shape shape, DType dtype) =>
        here.Has(NotPlain) ? Uninitialized(here, shape, dtype) : new(shape, dtype);

    // What a number is not just made under.
    private const GradMode.Switch NotPlain =
        GradMode.Switch.Inference | GradMode.Switch.Watched | GradMode.Switch.Scoped | GradMode.Switch.Supplied;

    /// <summary>The same for a gradient, which may be one that the pass has done with. See Note [A gradient's own memory].</summary>
    internal static Tensor SpareNumber(Here here, Shape shape, DType dtype)
    {
        if (here.SpareNumber is not { } spare || !ReferenceEquals(spare.Shape, shape) || spare.DType != dtype
            || here.Has(NotPlain))
            return UninitializedNumber(here, shape, dtype);
        here.SpareNumber = null;
        return spare;
    }

    /// <summary>Whether it is a number that carries itself and that nothing else was ever noted of.</summary>
    internal bool IsPlainNumber => _storage is null && _node is null && _extras is null && _flags == Flags.None;

    /// <summary>How many elements the memory has in all.</summary>
    internal int MemoryLength => _storage?.LengthIn(DType.Size) ?? 1;

    /// <summary>How often the memory was changed in place, also for an inference tensor.</summary>
    internal int ChangeCount
    {
        get => _storage is { } storage ? storage.Version : 0;
        set => SharedStorage().Version = value;
    }

    /// <summary>
    /// Whether it waits in a backward pass as a gradient that only the pass knows. For the engine, see Note [A gradient's own memory].
    /// </summary>
    internal bool IsOwned
    {
        get => (_flags & Flags.Owned) != 0;
        set => _flags = value ? _flags | Flags.Owned : _flags & ~Flags.Owned;
    }

    /// <summary>
    /// Whether it is the gradient of a leaf, made by a run of a compiled step, that nobody has got by <see cref="Grad"/>: the next run may
    /// write over it. See Note [Gradients that nobody saw].
    /// </summary>
    internal bool IsUnseen
    {
        get => (_flags & Flags.Unseen) != 0;
        set => _flags = value ? _flags | Flags.Unseen : _flags & ~Flags.Unseen;
    }

    private void HandOut()
    {
        if (IsUnseen) IsUnseen = false;
    }

    /// <summary>Whether the memory is a pooled block, which is worth returning early.</summary>
    internal bool IsPooled => _storage is { IsPooled: true };

    /// <summary>The lease under which the memory is a block of the pool.</summary>
    internal Lease? Lease => _storage?.Lease;

    /// <summary>
    /// Takes over the data of another tensor and stays the same tensor to everybody who holds it: how a module changes dtype.
    /// </summary>
    internal void ReplaceData(Tensor source)
    {
        HostAccess.Write("A change of the dtype of a module");
        Structure.Change();
        // A kernel of another thread may be reading what is replaced, and keeps only the tensor alive.
        _storage?.LeavePool();
        source.KeepBeyondScopes();
        _storage = source.SharedStorage();
        Shape = source.Shape;
        DType = source.DType;
        Offset = source.Offset;
        _strides = source._strides;
    }

    /// <summary>Notes that somebody else may be using the memory at any time, so that it is not given back early.</summary>
    internal void ShareMemory()
    {
        // Of no elements there is nothing to see, also after the scope that they were made in: what reads them does not throw either.
        if (_storage is { Length: > 0 } storage) storage.Share();
    }

    /// <summary>Gives the memory back if only this thread has seen it; otherwise nothing changes. For what nobody needs any
    /// more.</summary>
    internal void GiveMemoryBack() => _storage?.GiveBack();

    /// <summary>
    /// Notes that the library itself holds it beyond what is being computed, so that no scope gives it back. See Note [Made in a scope].
    /// </summary>
    internal void KeepBeyondScopes()
    {
        _storage?.Keep(ScopeMark.None);
        if (_node is not null) MemoryScope.Current?.KeepHistory(this, ScopeMark.None);
    }

    /// <summary>Checks that the memory is still there.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed, or the scope that it was made in has ended.</exception>
    internal void CheckNotDisposed() => _storage?.CheckNotDisposed();

    /// <summary>Whether the memory was given back.</summary>
    internal bool IsDisposed => _storage?.IsDisposed == true;

    /// <summary>Leaves the memory to the scope of a mark, or to none.</summary>
    internal void KeepMemory(ScopeMark to) => _storage?.Keep(to);

    /// <summary>Counts a change by a run that nobody else may change it beside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CountChangeAlone()
    {
        if (_extras is ViewInfo || _storage is not { } storage || (_flags & (Flags.Number | Flags.Inference)) != 0) BumpVersion();
        else storage.Version++;
    }

    private int CountChange() => Interlocked.Increment(ref SharedStorage().Version);

    /// <summary>The memory as an object that several tensors can share. See Note [A number carries itself].</summary>
    private Storage SharedStorage()
    {
        if (_storage is { } storage) return storage;
        // Of a number from outside of scopes, whoever looks at it in one.
        storage = new Storage(Shape.Scalar, DType);
        var work = new ShareWork(this, storage);
        Dispatch.Moving(DType, ref work);
        return Interlocked.CompareExchange(ref _storage, storage, null) ?? storage;
    }

    private readonly struct ShareWork(Tensor number, Storage storage) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            storage.Write(0, number.First<T>());
        }
    }
}
