namespace Adjoint.Distributed;

/// <remarks>
/// The same in the background, on a thread of the group, in the order of the calls: PyTorch's <c>async_op=True</c>. The task ends when
/// this process has its result; until then the values must be neither read nor written.
/// </remarks>
public abstract partial class ProcessGroup
{
    /// <summary><see cref="AllReduce{T}(Span{T}, ReduceOp)"/> in the background.</summary>
    /// <param name="values">The values, an array or memory of another owner; they are not copied.</param>
    /// <param name="op">How they become one.</param>
    public Task AllReduceAsync<T>(Memory<T> values, ReduceOp op = ReduceOp.Sum) where T : unmanaged
    {
        Kind<T>(nameof(AllReduceAsync), op);
        return Later(() => AllReduce(values.Span, op));
    }

    /// <summary><see cref="AllReduce(Tensor, ReduceOp)"/> in the background.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="op">How they become one.</param>
    public Task AllReduceAsync(Tensor tensor, ReduceOp op = ReduceOp.Sum)
    {
        Of(CollectiveKind.AllReduce, tensor.Given(), nameof(AllReduceAsync), op);
        return Later(tensor, x => AllReduce(x, op));
    }

    /// <summary><see cref="Broadcast{T}(Span{T}, int)"/> in the background.</summary>
    /// <param name="values">The values, an array or memory of another owner; they are not copied.</param>
    /// <param name="root">The rank that has them.</param>
    public Task BroadcastAsync<T>(Memory<T> values, int root = 0) where T : unmanaged
    {
        ElementKinds.Of<T>(nameof(BroadcastAsync));
        CheckRank(root, nameof(BroadcastAsync), nameof(root));
        return Later(() => Broadcast(values.Span, root));
    }

    /// <summary><see cref="Broadcast(Tensor, int)"/> in the background.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="root">The rank that has it.</param>
    public Task BroadcastAsync(Tensor tensor, int root = 0)
    {
        tensor.Given();
        CheckRank(root, nameof(BroadcastAsync), nameof(root));
        return Later(tensor, x => Broadcast(x, root));
    }

    /// <summary><see cref="Reduce{T}(Span{T}, int, ReduceOp)"/> in the background.</summary>
    /// <param name="values">The values, an array or memory of another owner; they are not copied.</param>
    /// <param name="root">The rank that gets the result.</param>
    /// <param name="op">How they become one.</param>
    public Task ReduceAsync<T>(Memory<T> values, int root = 0, ReduceOp op = ReduceOp.Sum) where T : unmanaged
    {
        Kind<T>(nameof(ReduceAsync), op);
        CheckRank(root, nameof(ReduceAsync), nameof(root));
        return Later(() => Reduce(values.Span, root, op));
    }

    /// <summary><see cref="AllGather{T}(ReadOnlySpan{T}, Span{T})"/> in the background.</summary>
    /// <param name="own">The values of this process; they are not copied.</param>
    /// <param name="all">Room for as many of each process.</param>
    public Task AllGatherAsync<T>(ReadOnlyMemory<T> own, Memory<T> all) where T : unmanaged
    {
        ElementKinds.Of<T>(nameof(AllGatherAsync));
        return Later(() => AllGather(own.Span, all.Span));
    }

    /// <summary><see cref="AllGather(Tensor)"/> in the background.</summary>
    /// <param name="tensor">The tensor of this process; of the same shape and dtype in each.</param>
    public Task<IReadOnlyList<Tensor>> AllGatherAsync(Tensor tensor) => Gathered(tensor.Given());

    private async Task<IReadOnlyList<Tensor>> Gathered(Tensor tensor)
    {
        IReadOnlyList<Tensor> all = [];
        await Later(tensor, x => all = AllGather(x)).ConfigureAwait(false);
        return all;
    }

    /// <summary><see cref="ReduceScatter{T}(ReadOnlySpan{T}, Span{T}, ReduceOp)"/> in the background.</summary>
    /// <param name="all">The values of this process, a part for each process; they are not copied.</param>
    /// <param name="own">Room for the part of this process.</param>
    /// <param name="op">How they become one.</param>
    public Task ReduceScatterAsync<T>(ReadOnlyMemory<T> all, Memory<T> own, ReduceOp op = ReduceOp.Sum) where T : unmanaged
    {
        Kind<T>(nameof(ReduceScatterAsync), op);
        return Later(() => ReduceScatter(all.Span, own.Span, op));
    }

    /// <summary><see cref="Barrier"/> in the background.</summary>
    public Task BarrierAsync() => Later(Barrier);

    /// <summary>Does work in the background, after all that was asked for before.</summary>
    internal Task Later(Action work)
    {
        Checked();
        return Queue.Add(work);
    }

    // The same memory under a name of its own: what becomes of the tensor meanwhile does not concern it.
    private Task Later(Tensor tensor, Action<Tensor> work)
    {
        HostAccess.Write("In the background");
        tensor.CheckInPlace("In the background", recorded: false);
        Tensor same = tensor.Detach();
        return Later(() => work(same));
    }
}
