namespace Adjoint.Distributed;

/// <summary>Sends the buffers of rank 0 to all, in one message.</summary>
internal static class BufferBroadcast
{
    /// <summary>
    /// Where the values are the same already nothing is written: a buffer that a graph has saved, a mask for example, is not changed
    /// then.
    /// </summary>
    internal static void Run(ProcessGroup group, IReadOnlyList<Tensor> buffers)
    {
        byte[] all = new byte[buffers.Sum(buffer => buffer.NumEl * buffer.DType.Size)];
        Each(all, buffers, static (part, _, bytes) => bytes.CopyTo(part));
        group.Broadcast(all.AsSpan());
        if (group.Rank == 0) return;
        Each(all, buffers, static (part, buffer, bytes) =>
        {
            if (part.SequenceEqual(bytes)) return;
            using Unrecorded _ = Unrecorded.Begin();
            Tensor received = Tensor.Empty(buffer.Shape, buffer.DType);
            using (var memory = new Loan()) part.CopyTo(memory.Bytes(received));
            buffer.Detach().CopyInPlace(received);
        });
    }

    private delegate void PartAction(Span<byte> part, Tensor buffer, Span<byte> bytes);

    private static void Each(byte[] all, IReadOnlyList<Tensor> buffers, PartAction action)
    {
        int at = 0;
        foreach (Tensor buffer in buffers)
        {
            int length = buffer.NumEl * buffer.DType.Size;
            Tensor lain = Elements.ToContiguous(buffer.Detach());
            using var memory = new Loan();
            action(all.AsSpan(at, length), buffer, memory.Bytes(lain));
            at += length;
        }
    }
}
