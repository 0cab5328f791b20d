using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// The memory of tensors, lent to kernels: <c>using var memory = new Loan();</c> and then <c>Kernel.Run(memory.Of&lt;T&gt;(x), …)</c>.
/// </summary>
/// <remarks>
/// Note [Lent until the end of the block]: a span keeps the array that it shows, but not the lease under which the tensor has that array
/// from the pool; and to the compiler a tensor is dead after its last mention, while a kernel still runs. So nobody but a loan gives the
/// memory of a tensor, and a loan keeps what it gave the memory of until it is disposed of. What would go wrong is not possible:
/// a span ends with the loan, since it may refer to it as far as the compiler knows (<see cref="UnscopedRefAttribute"/>), and the loan
/// ends with its block, since it is made by <c>using</c>, which a test asks of every place. So does that an operation holds no span at
/// all: it names tensors and the kernel that gets their memory.
/// Only a block of the pool has to be kept (Note [Three kinds of memory]): smaller memory is the span's alone to keep, and costs a loan
/// nothing.
/// </remarks>
internal ref struct Loan
{
    private const int Most = 5; // with the three: as many as the largest kernels have

    // Three are most kernels' operands and result; by themselves they are written without a count and without a barrier.
    private Storage? _first, _second, _third;
    private Others _others;
    private int _count;

    /// <summary>The elements of a contiguous tensor.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> Of<T>(Tensor x) where T : unmanaged
    {
        if (!x.IsContiguous) ThrowStrided(x);
        int count = x.NumEl;
        // A part without elements may begin behind the end, as the last row of a matrix without columns does.
        return count == 0 ? [] : x.LendTo<T>(ref this).Slice(x.Offset, count);
    }

    /// <summary>As <see cref="Of"/>; none where there is no tensor.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    [UnscopedRef]
    internal Span<T> OfNullable<T>(Tensor? x) where T : unmanaged => x is null ? [] : Of<T>(x);

    /// <summary>The memory of a tensor from its first element on, for kernels that step through it by its strides.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    [UnscopedRef]
    internal Span<T> From<T>(Tensor x) where T : unmanaged => x.NumEl == 0 ? [] : x.LendTo<T>(ref this)[x.Offset..];

    /// <summary>All of the memory that a tensor lies in, from before its <see cref="Tensor.Offset"/>.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    [UnscopedRef]
    internal Span<T> Around<T>(Tensor x) where T : unmanaged => x.LendTo<T>(ref this);

    /// <summary>The elements of a contiguous tensor of any dtype as they lie in memory.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    [UnscopedRef]
    internal Span<byte> Bytes(Tensor x)
    {
        if (!x.IsContiguous) ThrowStrided(x);
        int count = x.NumEl, size = x.DType.Size;
        return count == 0 ? [] : x.LendBytesTo(ref this).Slice(x.Offset * size, count * size);
    }

    /// <summary>Keeps the owner of memory that is lent; for <see cref="Storage"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Keep(Storage owner)
    {
        if (_first is null) _first = owner;
        else if (_second is null) _second = owner;
        else if (_third is null) _third = owner;
        else KeepAnother(owner);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void KeepAnother(Storage owner)
    {
        if (owner == _first || owner == _second || owner == _third || ((ReadOnlySpan<object?>)_others).Contains(owner)) return;
        if (_count < Most) _others[_count++] = owner;
        else _others[Most - 1] = new Link(_others[Most - 1], owner);
    }

    /// <summary>Ends it: until here all whose memory was lent are alive.</summary>
    public readonly void Dispose()
    {
        GC.KeepAlive(_first);
        GC.KeepAlive(_second);
        GC.KeepAlive(_third);
        for (int i = 0; i < _count; i++) GC.KeepAlive(_others[i]);
    }

    // Elements that do not lie one after the other would silently be taken for others.
    [DoesNotReturn]
    private static void ThrowStrided(Tensor x) => throw new InvalidOperationException(
        $"The elements of a tensor of shape {x.Shape} and strides {Shape.Text(x.Strides)} were asked for as one span.");

    [InlineArray(Most)]
    private struct Others
    {
        private object? _first;
    }

    /// <summary>Two in the place of one, where more are lent than there are places.</summary>
    private sealed class Link(object? first, Storage second)
    {
        internal readonly object? First = first;
        internal readonly Storage Second = second;
    }
}
