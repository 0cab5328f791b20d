using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <remarks>
/// // Note [Who waits sleeps]
/// MPI waits by looking again and again, and gives its processor away only when the system takes it. Where each rank has a processor
/// that is the quickest way, and MPI's blocking collectives are quicker than those that are only begun: 2.7 MB on two ranks took
/// 260 µs instead of 576. Where there are more ranks than processors, who only looks keeps those from running for whom he waits. There a
/// collective is begun, and between looks this process sleeps, so that whoever has something to do does it. Nothing is thrown out of that
/// wait: MPI still writes to the caller's memory. A run that fails meanwhile is ended by the watch.
/// </remarks>
internal sealed partial class MpiGroup
{
    private void Move(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        Volatile.Write(ref _inData, Stopwatch.GetTimestamp());
        try
        {
            if (_world.IsCrowded) MoveAsleep(call, send, receive);
            else MpiLibrary.Check(MoveAwake(call, send, receive), call.ToString());
        }
        catch (DistributedException e)
        {
            throw _world.Fail($"rank {_world.Rank}: {e.Message}");
        }
    }

    private int MoveAwake(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        nint type = _world.Library.TypeOf(call.Element), op = _world.Library.OperationOf(call.Op);
        ref byte source = ref MemoryMarshal.GetReference(send);
        ref byte target = ref MemoryMarshal.GetReference(receive);
        return call.Kind switch
        {
            CollectiveKind.AllReduce => MpiCalls.AllReduce(MpiCalls.InPlace, ref target, call.Count, type, op, _comm),
            CollectiveKind.Broadcast => MpiCalls.Broadcast(ref target, call.Count, type, call.Root, _comm),
            CollectiveKind.Reduce => Rank == call.Root
                ? MpiCalls.Reduce(MpiCalls.InPlace, ref target, call.Count, type, op, call.Root, _comm)
                : MpiCalls.ReduceSending(ref source, 0, call.Count, type, op, call.Root, _comm),
            CollectiveKind.AllGather => MpiCalls.AllGather(ref source, call.Count, type, ref target, call.Count, type, _comm),
            CollectiveKind.ReduceScatter => MpiCalls.ReduceScatter(ref source, ref target, call.Count, type, op, _comm),
            _ => 0,
        };
    }

    private unsafe void MoveAsleep(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        nint type = _world.Library.TypeOf(call.Element), op = _world.Library.OperationOf(call.Op), request = 0;
        ref byte source = ref MemoryMarshal.GetReference(send);
        ref byte target = ref MemoryMarshal.GetReference(receive);
        fixed (byte* _ = send, __ = receive)
        {
            int code = call.Kind switch
            {
                CollectiveKind.AllReduce => MpiCalls.BeginAllReduce(
                    MpiCalls.InPlace, ref target, call.Count, type, op, _comm, out request),
                CollectiveKind.Broadcast => MpiCalls.BeginBroadcast(ref target, call.Count, type, call.Root, _comm, out request),
                CollectiveKind.Reduce => Rank == call.Root
                    ? MpiCalls.BeginReduce(MpiCalls.InPlace, ref target, call.Count, type, op, call.Root, _comm, out request)
                    : MpiCalls.BeginReduceSending(ref source, 0, call.Count, type, op, call.Root, _comm, out request),
                CollectiveKind.AllGather => MpiCalls.BeginAllGather(
                    ref source, call.Count, type, ref target, call.Count, type, _comm, out request),
                CollectiveKind.ReduceScatter => MpiCalls.BeginReduceScatter(
                    ref source, ref target, call.Count, type, op, _comm, out request),
                _ => 0,
            };
            MpiLibrary.Check(code, call.ToString());
            if (request != 0) Await(request);
        }
    }

    // Until it has ended, however the run does meanwhile: the memory is MPI's so long.
    private void Await(nint request)
    {
        Waiting waiting = Patience();
        MpiStatus status = default;
        while (true)
        {
            MpiLibrary.Check(MpiCalls.Test(ref request, out int done, ref status), "MPI_Test");
            if (done != 0) return;
            waiting.Pause();
        }
    }
}
