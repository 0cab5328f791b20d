namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The elements themselves, in row-major order, without a copy. Writing to them is not seen by autograd.</summary>
    /// <remarks>
    /// The span is the tensor's own memory, shared with its views, for as long as anybody has it, whatever becomes of the tensor: it
    /// may be kept, and used after <see cref="Dispose"/>. The price is that this memory is not used again for other tensors, but left to
    /// the collector. Who looks at a tensor in every step of a loop has <see cref="Read{T}(Action{ReadOnlySpan{T}})"/>,
    /// <see cref="Write{T}(Action{Span{T}})"/>, <see cref="CopyTo"/> and <see cref="CopyFrom"/>, which have no such price.
    /// </remarks>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the C# type of the dtype.</exception>
    /// <exception cref="ShapeException">The tensor is not contiguous.</exception>
    /// <exception cref="AutogradException">The tensor requires grad and grad mode is on; detach it first.</exception>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        HostAccess.Read("AsSpan");
        CheckElements<T>("AsSpan");
        if (!IsContiguous)
            throw new ShapeException(
                $"AsSpan: the tensor of shape {Shape} is not contiguous (strides {Shape.Text(Strides)}); use Contiguous() first.");
        CheckUnrecorded(
            "AsSpan: cannot hand out the elements of a tensor that requires grad. Use Detach().AsSpan<T>(), or do it inside "
            + "Autograd.NoGrad().");
        Span<T> all = SharedStorage().HandOut<T>();
        return NumEl == 0 ? [] : all.Slice(Offset, NumEl);
    }

    /// <summary>Calls <paramref name="reader"/> with the elements in row-major order.</summary>
    /// <remarks>They are the tensor's own memory if it is contiguous, otherwise a copy.</remarks>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the C# type of the dtype.</exception>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    public void Read<T>(Action<ReadOnlySpan<T>> reader) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        Read<T, Action<ReadOnlySpan<T>>, bool>(reader, static (elements, read) =>
        {
            read(elements);
            return true;
        });
    }

    /// <summary>What <paramref name="reader"/> returns for the elements in row-major order.</summary>
    /// <inheritdoc cref="Read{T}(Action{ReadOnlySpan{T}})"/>
    public TResult Read<T, TResult>(Func<ReadOnlySpan<T>, TResult> reader) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Read<T, Func<ReadOnlySpan<T>, TResult>, TResult>(reader, static (elements, read) => read(elements));
    }

    /// <summary>
    /// What <paramref name="reader"/> returns for the elements in row-major order and <paramref name="state"/>: without a closure.
    /// </summary>
    /// <inheritdoc cref="Read{T}(Action{ReadOnlySpan{T}})"/>
    public TResult Read<T, TState, TResult>(TState state, Func<ReadOnlySpan<T>, TState, TResult> reader) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reader);
        UserCode.CheckStack();
        HostAccess.Read("Read");
        CheckElements<T>("Read");
        Tensor x = Elements.Reading(this);
        Storage storage = x.SharedStorage();
        bool borrowed = storage.Borrow();
        try
        {
            using var memory = new Loan();
            return reader(memory.Of<T>(x), state);
        }
        finally
        {
            if (borrowed) storage.Settle();
        }
    }

    /// <summary>
    /// Calls <paramref name="writer"/> with the elements themselves, in row-major order, to change them. It counts as one change in place.
    /// </summary>
    /// <exception cref="DTypeException"><typeparamref name="T"/> is not the C# type of the dtype.</exception>
    /// <exception cref="ShapeException">The tensor is not contiguous.</exception>
    /// <exception cref="AutogradException">The tensor requires grad and grad mode is on, or it must not be changed in place.</exception>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    public void Write<T>(Action<Span<T>> writer) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(writer);
        Write<T, Action<Span<T>>>(writer, static (elements, write) => write(elements));
    }

    /// <summary>Calls <paramref name="writer"/> with the elements themselves and <paramref name="state"/>: without a closure.</summary>
    /// <inheritdoc cref="Write{T}(Action{Span{T}})"/>
    public void Write<T, TState>(TState state, Action<Span<T>, TState> writer) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(writer);
        UserCode.CheckStack();
        HostAccess.Write("Write");
        CheckElements<T>("Write");
        CheckUnrecorded(
            "Write: the elements of a tensor that requires grad cannot be written. Use Detach().Write(...), or do it inside "
            + "Autograd.NoGrad().");
        if (!IsContiguous)
            throw new ShapeException(
                $"Write: the tensor of shape {Shape} is not contiguous (strides {Shape.Text(Strides)}); use CopyFrom, or write to "
                + "Contiguous() and CopyInPlace it.");
        CheckInPlace("Write", recorded: false);
        Storage storage = SharedStorage();
        bool borrowed = storage.Borrow();
        try
        {
            using var memory = new Loan();
            writer(memory.Of<T>(this), state);
        }
        finally
        {
            // Also when it threw: some elements may have been written.
            if (borrowed) storage.Settle();
            BumpVersion();
        }
    }

    /// <summary>Writes numbers over the elements, in row-major order, whatever the layout. It counts as one change in place.</summary>
    /// <param name="source">As many numbers as there are elements.</param>
    /// <exception cref="ShapeException">The number of elements is another.</exception>
    /// <inheritdoc cref="Write{T}(Action{Span{T}})"/>
    public void CopyFrom<T>(ReadOnlySpan<T> source) where T : unmanaged
    {
        HostAccess.Write("CopyFrom");
        CheckElements<T>("CopyFrom");
        if (source.Length != NumEl)
            throw new ShapeException($"CopyFrom: the tensor of shape {Shape} has {NumEl} elements, but {source.Length} were given.");
        CheckUnrecorded(
            "CopyFrom: the elements of a tensor that requires grad cannot be written. Use Detach().CopyFrom(...), or do it inside "
            + "Autograd.NoGrad().");
        CheckInPlace("CopyFrom", recorded: false);
        if (IsContiguous)
        {
            using var memory = new Loan();
            source.CopyTo(memory.Of<T>(this));
        }
        else
        {
            Elements.CopyTo(From(source, Shape), this);
        }
        BumpVersion();
    }

    /// <summary>
    /// Copies the elements, in row-major order, to <paramref name="target"/>, converted to <typeparamref name="T"/> if the dtype differs.
    /// </summary>
    /// <param name="target">Room for as many numbers as there are elements, or more.</param>
    /// <exception cref="ShapeException">There is not room for all.</exception>
    public void CopyTo<T>(Span<T> target) where T : unmanaged
    {
        HostAccess.Read("CopyTo");
        if (target.Length < NumEl)
            throw new ShapeException($"CopyTo: the tensor of shape {Shape} has {NumEl} elements, but there is room for {target.Length}.");
        Elements.Convert(this, target[..NumEl]);
    }

    private void CheckElements<T>(string operation) where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
            throw new DTypeException(
                $"{operation}<{typeof(T).Name}>: the tensor's dtype is {DType}; use its own type, or To(DType.{DTypes.Of<T>()}) first.");
    }

    private void CheckUnrecorded(string message)
    {
        if (RequiresGrad && GradMode.IsEnabled) throw new AutogradException(message);
    }
}
