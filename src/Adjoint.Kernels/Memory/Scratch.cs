namespace Adjoint.Kernels;

/// <summary>
/// Memory that a kernel works with and gives back when it is done: of the pool, so that it is counted, bounded and used again.
/// </summary>
/// <remarks>
/// Note [Scratch]: memory that each thread kept for its next call, or that came from the C library or a shared pool of arrays, was seen by
/// nobody: with three threads that multiply matrices it came to 80 MB, and nothing ever gave it back.
/// </remarks>
internal readonly unsafe ref struct Scratch<T> : IDisposable where T : unmanaged
{
    // One for all that a thread works with: who gives back has a block, and a kernel does not give back twice.
    [ThreadStatic]
    private static object? t_tenant;

    private readonly Block _block;
    private readonly object _tenant;
    private readonly int _length;

    /// <summary>As many undefined elements.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for them.</exception>
    internal Scratch(long length)
    {
        long bytes = length * sizeof(T);
        _tenant = t_tenant ??= new object();
        _block = BlockPool.Borrow(bytes, _tenant) ?? throw new OutOfMemoryException(
            $"There is no memory for {bytes} bytes that an operation needs beside its operands and its result: tensors have "
            + $"{BlockPool.BytesInUse} bytes in use and {BlockPool.BytesCached} cached. Let go of tensors that are no longer needed.");
        _length = (int)Math.Min(length, int.MaxValue);
    }

    /// <summary>Its first element; null where there is no scratch memory. It stays where it is until <see cref="Dispose"/>.</summary>
    internal T* Data => _block is null ? null : (T*)_block.Pointer;

    /// <summary>All elements.</summary>
    internal Span<T> Span => _block.AsSpan<T>(_length);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _block?.Lease?.Return(_tenant);
}
