using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <remarks>
/// // Note [A message announces itself]
/// Of each message there goes first what it is: its type and how many values. So a receiver that expects something else says so, instead
/// of taking eight bytes for two floats, and nobody waits without an eye on the clock. A few values travel with the announcement. Of
/// many the sender waits until the announcement has been received, and then MPI takes them from the caller's memory into the receiver's.
/// </remarks>
internal sealed partial class MpiGroup
{
    private const int InlineBytes = 2048, HeaderBytes = 16;

    /// <inheritdoc/>
    internal override void SendBytes(ElementKind kind, ReadOnlySpan<byte> data, int count, int to, int tag)
    {
        _world.CheckAlive();
        string what = $"Send of {count} {kind} to rank {to} with tag {tag}";
        bool isInline = data.Length <= InlineBytes;
        byte[] announced = GC.AllocateArray<byte>(HeaderBytes + (isInline ? data.Length : 0), pinned: true);
        Span<int> header = MemoryMarshal.Cast<byte, int>(announced.AsSpan(0, HeaderBytes));
        (header[0], header[1]) = ((int)kind, count);
        if (isInline) data.CopyTo(announced.AsSpan(HeaderBytes));

        nint bytes = _world.Library["ompi_mpi_byte"], request;
        MpiLibrary.Check(isInline
            ? MpiCalls.BeginSend(ref announced[0], announced.Length, bytes, to, 2 * tag, _comm, out request)
            : MpiCalls.BeginSynchronousSend(ref announced[0], announced.Length, bytes, to, 2 * tag, _comm, out request), "MPI_Isend");
        Wait(
            ref request, () => $"{what} on rank {Rank}: it was not received within {Options.Timeout}.",
            () => Gone(to, what));
        GC.KeepAlive(announced);
        if (isInline) return;
        SendRest(kind, data, count, to, tag);
    }

    private unsafe void SendRest(ElementKind kind, ReadOnlySpan<byte> data, int count, int to, int tag)
    {
        fixed (byte* _ = data)
        {
            MpiLibrary.Check(
                MpiCalls.BeginSend(
                    ref MemoryMarshal.GetReference(data), count, _world.Library.TypeOf(kind), to, 2 * tag + 1, _comm, out nint request),
                "MPI_Isend");
            Await(request);
        }
    }

    private unsafe void ReceiveRest(ElementKind kind, Span<byte> data, int count, int from, int tag)
    {
        fixed (byte* _ = data)
        {
            MpiLibrary.Check(
                MpiCalls.BeginReceive(
                    ref MemoryMarshal.GetReference(data), count, _world.Library.TypeOf(kind), from, 2 * tag + 1, _comm, out nint request),
                "MPI_Irecv");
            Await(request);
        }
    }

    /// <inheritdoc/>
    internal override void ReceiveBytes(ElementKind kind, Span<byte> data, int count, int from, int tag)
    {
        _world.CheckAlive();
        string what = $"Receive of {count} {kind} from rank {from} with tag {tag} on rank {Rank}";
        MpiStatus status = default;
        nint bytes = _world.Library["ompi_mpi_byte"], message = Probed(from, tag, what, ref status);
        byte[] announced = new byte[HeaderBytes + InlineBytes];
        MpiLibrary.Check(MpiCalls.GetCount(ref status, bytes, out int length), "MPI_Get_count");
        MpiLibrary.Check(MpiCalls.Receive(ref announced[0], length, bytes, ref message, ref status), "MPI_Mrecv");
        ReadOnlySpan<int> header = MemoryMarshal.Cast<byte, int>(announced.AsSpan(0, HeaderBytes));
        if (header[0] != (int)kind || header[1] != count)
            throw _world.Fail($"{what}: rank {from} has sent {header[1]} {(ElementKind)header[0]}.");
        if (data.Length <= InlineBytes)
            announced.AsSpan(HeaderBytes, data.Length).CopyTo(data);
        else
            ReceiveRest(kind, data, count, from, tag);
    }

    private nint Probed(int from, int tag, string what, ref MpiStatus status)
    {
        Waiting waiting = Patience();
        while (true)
        {
            MpiLibrary.Check(MpiCalls.Probe(from, 2 * tag, _comm, out int there, out nint message, ref status), "MPI_Improbe");
            if (there != 0) return message;
            _world.CheckAlive();
            if (waiting.IsLong && Gone(from, what) is { } gone) throw _world.Fail(gone);
            if (waiting.IsOver) throw _world.Fail($"{what}: nothing came within {Options.Timeout}.");
            waiting.Pause();
        }
    }

    // A rank that has left sends and receives nothing more: there is no number of a collective that it may still have come to.
    private string? Gone(int rank, string what) => _world.Watch.HasLeft(WorldRanks[rank])
        ? $"{what}: rank {rank} has ended its program." : null;
}
