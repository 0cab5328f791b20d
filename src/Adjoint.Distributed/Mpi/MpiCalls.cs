using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <summary>The calls of MPI's C interface that are used. See Note [Handles of Open MPI] in MpiLibrary.cs.</summary>
/// <remarks>
/// A <c>ref byte</c> is the memory of the caller itself: it does not move during the call, and nothing is copied. What a call only begins
/// needs memory that does not move until MPI_Test says that it has ended.
/// </remarks>
internal static partial class MpiCalls
{
    internal const int ThreadMultiple = 3, AnySource = -1, Undefined = -32766;

    /// <summary>MPI_IN_PLACE.</summary>
    internal const nint InPlace = 1;

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Init_thread")]
    internal static partial int Init(nint argc, nint argv, int required, out int provided);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Initialized")]
    internal static partial int Initialized(out int flag);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Finalize")]
    internal static partial int Finish();

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Abort")]
    internal static partial int Abort(nint comm, int code);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Comm_rank")]
    internal static partial int Rank(nint comm, out int rank);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Comm_size")]
    internal static partial int Size(nint comm, out int size);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Comm_split")]
    internal static partial int Split(nint comm, int color, int key, out nint result);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Comm_set_errhandler")]
    internal static partial int SetErrorHandler(nint comm, nint handler);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Error_string")]
    internal static partial int ErrorText(int code, ref byte text, out int length);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Allreduce")]
    internal static partial int AllReduce(nint send, ref byte receive, int count, nint type, nint op, nint comm);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Iallreduce")]
    internal static partial int BeginAllReduce(nint send, ref byte receive, int count, nint type, nint op, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Bcast")]
    internal static partial int Broadcast(ref byte data, int count, nint type, int root, nint comm);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Reduce")]
    internal static partial int Reduce(nint send, ref byte receive, int count, nint type, nint op, int root, nint comm);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Reduce")]
    internal static partial int ReduceSending(ref byte send, nint receive, int count, nint type, nint op, int root, nint comm);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Allgather")]
    internal static partial int AllGather(
        ref byte send, int sent, nint sentType, ref byte receive, int received, nint receivedType, nint comm);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Reduce_scatter_block")]
    internal static partial int ReduceScatter(ref byte send, ref byte receive, int count, nint type, nint op, nint comm);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Ibcast")]
    internal static partial int BeginBroadcast(ref byte data, int count, nint type, int root, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Ireduce")]
    internal static partial int BeginReduce(
        nint send, ref byte receive, int count, nint type, nint op, int root, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Ireduce")]
    internal static partial int BeginReduceSending(
        ref byte send, nint receive, int count, nint type, nint op, int root, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Iallgather")]
    internal static partial int BeginAllGather(
        ref byte send, int sent, nint sentType, ref byte receive, int received, nint receivedType, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Ireduce_scatter_block")]
    internal static partial int BeginReduceScatter(
        ref byte send, ref byte receive, int count, nint type, nint op, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Isend")]
    internal static partial int BeginSend(ref byte data, int count, nint type, int to, int tag, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Issend")]
    internal static partial int BeginSynchronousSend(ref byte data, int count, nint type, int to, int tag, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Irecv")]
    internal static partial int BeginReceive(ref byte data, int count, nint type, int from, int tag, nint comm, out nint request);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Improbe")]
    internal static partial int Probe(int from, int tag, nint comm, out int flag, out nint message, ref MpiStatus status);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Mrecv")]
    internal static partial int Receive(ref byte data, int count, nint type, ref nint message, ref MpiStatus status);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Get_count")]
    internal static partial int GetCount(ref MpiStatus status, nint type, out int count);

    [LibraryImport(MpiLibrary.Name, EntryPoint = "MPI_Test")]
    internal static partial int Test(ref nint request, out int flag, ref MpiStatus status);
}

/// <summary>MPI_Status as Open MPI lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MpiStatus
{
    internal int Source, Tag, Error, Cancelled;
    internal nuint Count;
}
