namespace Adjoint.Distributed;

/// <summary>Tensors one after the other as bytes, in row-major order.</summary>
internal static class TensorBytes
{
    internal static void Pack(IEnumerable<Tensor> tensors, Span<byte> target)
    {
        foreach (Tensor tensor in tensors)
        {
            Tensor lain = Elements.ToContiguous(tensor.Detach());
            using var memory = new Loan();
            Span<byte> bytes = memory.Bytes(lain);
            bytes.CopyTo(target);
            target = target[bytes.Length..];
        }
    }

    /// <summary>Writes over the tensors, in place.</summary>
    internal static void Unpack(ReadOnlySpan<byte> source, IEnumerable<Tensor> tensors)
    {
        using Unrecorded _ = Unrecorded.Begin();
        foreach (Tensor tensor in tensors)
        {
            Tensor received = tensor.IsContiguous ? tensor : Tensor.Empty(tensor.Shape, tensor.DType);
            tensor.CheckInPlace("Receive", recorded: false);
            int length = tensor.NumEl * tensor.DType.Size;
            using (var memory = new Loan()) source[..length].CopyTo(memory.Bytes(received));
            if (!ReferenceEquals(received, tensor)) Elements.CopyTo(received, tensor);
            tensor.BumpVersion();
            source = source[length..];
        }
    }
}
