namespace Adjoint.Distributed;

/// <remarks>Tensors: PyTorch's functions of the same names, which change what they are given and are not recorded.</remarks>
public abstract partial class ProcessGroup
{
    /// <summary>Every process gets the sum (or what <paramref name="op"/> says) of the tensors of all, in place of its own.</summary>
    /// <param name="tensor">The tensor of this process; of the same shape and dtype in each. It is changed in place, and nothing is
    /// recorded.</param>
    /// <param name="op">How they become one.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="DTypeException">Tensors of that dtype cannot be reduced so.</exception>
    /// <exception cref="DistributedException">The run has failed, or the shapes differ.</exception>
    public Tensor AllReduce(Tensor tensor, ReduceOp op = ReduceOp.Sum) =>
        InPlace(Of(CollectiveKind.AllReduce, tensor.Given(), nameof(AllReduce), op), tensor, nameof(AllReduce));

    /// <summary>Every process gets the tensor of <paramref name="root"/>, in place of its own.</summary>
    /// <param name="tensor">The tensor of this process; of the same shape and dtype in each. It is changed in place, and nothing is
    /// recorded.</param>
    /// <param name="root">The rank that has it.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="DistributedException">The run has failed, or the shapes differ.</exception>
    public Tensor Broadcast(Tensor tensor, int root = 0)
    {
        tensor.Given();
        CheckRank(root, nameof(Broadcast), nameof(root));
        return InPlace(Of(CollectiveKind.Broadcast, tensor, nameof(Broadcast)) with { Root = root }, tensor, nameof(Broadcast));
    }

    /// <summary>The process <paramref name="root"/> gets the sum (or what <paramref name="op"/> says) of the tensors of all, in place
    /// of its own;
    /// the others keep theirs.</summary>
    /// <param name="tensor">The tensor of this process; of the same shape and dtype in each. That of the root is changed in place, and
    /// nothing is recorded.</param>
    /// <param name="root">The rank that gets the result.</param>
    /// <param name="op">How they become one.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="DTypeException">Tensors of that dtype cannot be reduced so.</exception>
    /// <exception cref="DistributedException">The run has failed, or the shapes differ.</exception>
    public Tensor Reduce(Tensor tensor, int root = 0, ReduceOp op = ReduceOp.Sum)
    {
        tensor.Given();
        CheckRank(root, nameof(Reduce), nameof(root));
        Collective call = Of(CollectiveKind.Reduce, tensor, nameof(Reduce), op) with { Root = root };
        if (Rank == root) return InPlace(call, tensor, nameof(Reduce));
        HostAccess.Read(nameof(Reduce));
        using Unrecorded _ = Unrecorded.Begin();
        Tensor own = tensor.Detach().Clone();
        InPlace(call, own, nameof(Reduce));
        return tensor;
    }

    /// <summary>The tensors of all processes, that of rank 0 first.</summary>
    /// <param name="tensor">The tensor of this process; of the same shape and dtype in each.</param>
    /// <returns>New tensors, without history.</returns>
    /// <exception cref="DistributedException">The run has failed, or the shapes differ.</exception>
    public IReadOnlyList<Tensor> AllGather(Tensor tensor)
    {
        Collective call = Of(CollectiveKind.AllGather, tensor.Given(), nameof(AllGather));
        HostAccess.Read(nameof(AllGather));
        using Unrecorded _ = Unrecorded.Begin();
        Tensor own = Elements.ToContiguous(tensor.Detach());
        Tensor all = Tensor.Empty([Size, .. tensor.Shape], tensor.DType);
        using (var memory = new Loan()) Checked().Run(call, memory.Bytes(own), memory.Bytes(all));
        return [.. Enumerable.Range(0, Size).Select(rank => all.Select(0, rank).Clone())];
    }

    /// <summary>
    /// The tensors of all processes are reduced, and each gets its part of the rows: rank 0 the first, and so on.
    /// </summary>
    /// <param name="tensor">The tensor of this process, of the same shape in each; the size of its first dimension is a multiple of
    /// <see cref="Size"/>.</param>
    /// <param name="op">How they become one.</param>
    /// <returns>A new tensor, without history.</returns>
    /// <exception cref="ShapeException">The rows cannot be shared alike.</exception>
    /// <exception cref="DTypeException">Tensors of that dtype cannot be reduced so.</exception>
    /// <exception cref="DistributedException">The run has failed, or the shapes differ.</exception>
    public Tensor ReduceScatter(Tensor tensor, ReduceOp op = ReduceOp.Sum)
    {
        Collective call = Of(CollectiveKind.ReduceScatter, tensor.Given(), nameof(ReduceScatter), op);
        if (tensor.NDim == 0 || tensor.Shape[0] % Size != 0)
            throw new ShapeException(
                $"ReduceScatter: the first dimension must be a multiple of {Size}, the number of processes, but the shape is {tensor.Shape}.");
        HostAccess.Read(nameof(ReduceScatter));
        using Unrecorded _ = Unrecorded.Begin();
        Tensor all = Elements.ToContiguous(tensor.Detach());
        Tensor own = Tensor.Empty([tensor.Shape[0] / Size, .. tensor.Shape.Sizes[1..]], tensor.DType);
        using var memory = new Loan();
        Reducing(call with { Count = own.NumEl }, memory.Bytes(all), memory.Bytes(own));
        return own;
    }

    /// <summary>Sends a tensor to another process, which receives it with the same tag.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="to">The rank that receives it.</param>
    /// <param name="tag">Tells messages apart; in [0, 16777216).</param>
    /// <inheritdoc cref="Send{T}(ReadOnlySpan{T}, int, int)"/>
    public void Send(Tensor tensor, int to, int tag = 0)
    {
        tensor.Given();
        CheckPeer(to, tag, nameof(Send), nameof(to));
        HostAccess.Read(nameof(Send));
        Tensor own = Elements.ToContiguous(tensor.Detach());
        using var memory = new Loan();
        Checked().SendBytes(ElementKinds.Of(tensor.DType), memory.Bytes(own), own.NumEl, to, tag);
    }

    /// <summary>Waits for a tensor that another process sends with the same tag, and writes it over this one.</summary>
    /// <param name="tensor">A tensor of the same size and dtype. It is changed in place, and nothing is recorded.</param>
    /// <param name="from">The rank that sends it.</param>
    /// <param name="tag">Tells messages apart; in [0, 16777216).</param>
    /// <returns>The tensor.</returns>
    /// <inheritdoc cref="Receive{T}(Span{T}, int, int)"/>
    public Tensor Receive(Tensor tensor, int from, int tag = 0)
    {
        tensor.Given();
        CheckPeer(from, tag, nameof(Receive), nameof(from));
        ElementKind kind = ElementKinds.Of(tensor.DType);
        ProcessGroup group = Checked();
        return Written(tensor, nameof(Receive), bytes => group.ReceiveBytes(kind, bytes, tensor.NumEl, from, tag));
    }

    private static Collective Of(CollectiveKind kind, Tensor tensor, string operation, ReduceOp op = ReduceOp.Sum)
    {
        ElementKind element = ElementKinds.Of(tensor.DType);
        element.Check(op, operation);
        return new Collective(kind, element, tensor.NumEl, op, Shape: tensor.Shape.ToString());
    }

    private Tensor InPlace(Collective call, Tensor tensor, string operation) => Written(tensor, operation, bytes =>
    {
        if (call.Reduces) Reducing(call, bytes, bytes);
        else Checked().Run(call, bytes, bytes);
    });

    private delegate void ByteWriter(Span<byte> bytes);

    // Writes over a tensor by its bytes, in row-major order, whatever its layout.
    private static Tensor Written(Tensor tensor, string operation, ByteWriter write)
    {
        HostAccess.Write(operation);
        tensor.CheckInPlace(operation, recorded: false);
        using Unrecorded _ = Unrecorded.Begin();
        Tensor lain = tensor.IsContiguous ? tensor : Elements.ToContiguous(tensor.Detach());
        try
        {
            using var memory = new Loan();
            write(memory.Bytes(lain));
        }
        finally
        {
            tensor.BumpVersion();
        }
        if (!ReferenceEquals(lain, tensor)) Elements.CopyTo(lain, tensor);
        return tensor;
    }
}
