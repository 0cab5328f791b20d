namespace Adjoint.Kernels;

/// <summary>
/// The owner of one pooled block. When nothing refers to it any more its finalizer returns the block, so nobody has to call
/// Dispose; <see cref="Release"/> does it at once where the library knows that it was the last user.
/// </summary>
internal sealed unsafe class NativeBlock
{
    private readonly int _sizeClass;
    private nint _pointer;

    internal NativeBlock(long bytes)
    {
        _sizeClass = BlockPool.ClassOf((nuint)bytes);
        // Before the block is taken: what a collection brings back is then the first to be used.
        CollectionBudget.Look((long)BlockPool.SizeOf(_sizeClass));
        _pointer = BlockPool.Rent(_sizeClass);
    }

    ~NativeBlock() => Return();

    /// <summary>The first <paramref name="length"/> elements of the block.</summary>
    /// <remarks>The caller keeps this object alive while it uses the span.</remarks>
    /// <exception cref="ObjectDisposedException">The block was released.</exception>
    internal Span<T> AsSpan<T>(int length) where T : unmanaged
    {
        nint pointer = _pointer;
        ObjectDisposedException.ThrowIf(pointer == 0, typeof(NativeBlock));
        return new Span<T>((void*)pointer, length);
    }

    /// <summary>Sets the first <paramref name="bytes"/> bytes to zero.</summary>
    internal void Clear(long bytes)
    {
        System.Runtime.InteropServices.NativeMemory.Clear((void*)_pointer, (nuint)bytes);
        GC.KeepAlive(this);
    }

    /// <summary>Returns the block now; using it afterwards throws.</summary>
    internal void Release()
    {
        Return();
        GC.SuppressFinalize(this);
    }

    internal bool IsReleased => _pointer == 0;

    private void Return()
    {
        nint pointer = Interlocked.Exchange(ref _pointer, 0);
        if (pointer != 0) BlockPool.Return(pointer, _sizeClass);
    }
}
