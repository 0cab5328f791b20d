using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Adjoint.Distributed;

/// <summary>A group of processes over a communicator of MPI.</summary>
/// <remarks>
/// // Note [All have come]
/// What MPI does where ranks call different collectives, or with different counts, is undefined: it may hang, fail, or give wrong
/// numbers.
/// So each collective begins with a small one that can be waited for with an eye on the clock: all ranks reduce a fingerprint of their
/// call to its largest and least value. When that has ended, all have come, and where the two differ, all tell each other
/// what they wanted and throw the same message. Only then comes MPI's own call, with nothing left in it to wait for: it takes the
/// caller's memory as it is, and on two ranks of one machine the whole costs a microsecond more than MPI alone. How that call is waited
/// for, Note [Who waits sleeps] in MpiGroup.Moves.cs says.
/// // Note [Threads and MPI]
/// MPI is begun with MPI_THREAD_MULTIPLE: a collective of one group may be under way on one thread while another thread is in one of
/// another group, and neither waits for the other; with one lock around all calls two ranks that enter theirs in different orders
/// would wait for ever. Within a group, collectives come one after the other, in the order of the calls, those in the background too.
/// </remarks>
internal sealed partial class MpiGroup : ProcessGroup
{
    private const int TextBytes = 1024;

    private readonly MpiWorld _world;
    private readonly nint _comm;
    private readonly Lock _turn = new();
    private readonly WorkQueue _queue;
    private readonly long[] _print = GC.AllocateArray<long>(2, pinned: true);
    private long _inData;
    private int _children;
    private string? _current, _last;

    /// <summary>A group of the ranks of the run that are given in order.</summary>
    internal MpiGroup(MpiWorld world, string name, nint comm, int[] worldRanks)
    {
        (_world, Name, _comm, WorldRanks) = (world, name, comm, worldRanks);
        MpiLibrary.Check(MpiCalls.SetErrorHandler(comm, world.Library["ompi_mpi_errors_return"]), "MPI_Comm_set_errhandler");
        Rank = Array.IndexOf(worldRanks, world.Rank);
        _queue = new WorkQueue($"Adjoint MPI {name}");
        world.Groups[name] = this;
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size => WorldRanks.Length;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The ranks in the run of this group's.</summary>
    internal int[] WorldRanks { get; }

    /// <summary>How many collectives were begun.</summary>
    internal long Started { get; private set; }

    /// <summary>Since when MPI moves data, if it does.</summary>
    internal long? InData => Volatile.Read(ref _inData) is > 0 and long since ? since : null;

    /// <summary>What is being done.</summary>
    internal string Doing => $"{_current} (number {Started} in group {Name})";

    /// <summary>Where this rank is, for one that waits for it.</summary>
    internal string Where => _current is { } current ? $"is in {current}, its number {Started}"
        : _last is { } last ? $"has ended {last}, its number {Started}, and called nothing since" : "has called nothing in this group yet";

    internal override ProcessGroupOptions Options => _world.Options;

    private protected override WorkQueue Queue => _queue;

    internal bool Has(int worldRank) => Array.IndexOf(WorldRanks, worldRank) >= 0;

    /// <inheritdoc/>
    internal override void Run(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        _queue.WaitForTurn();
        lock (_turn)
        {
            Meet(call);
            try
            {
                if (call.Count > 0) Move(call, send, receive);
            }
            finally
            {
                Volatile.Write(ref _inData, 0);
                Leave();
            }
        }
    }

    internal override DistributedException Fail(string message) => _world.Fail(message);

    /// <inheritdoc/>
    private protected override ProcessGroup? Split(int[] ranks)
    {
        _queue.WaitForTurn();
        lock (_turn)
        {
            Meet(new Collective(CollectiveKind.NewGroup, Shape: $"[{string.Join(", ", ranks)}]"));
            int color = Array.IndexOf(ranks, Rank) >= 0 ? 0 : MpiCalls.Undefined;
            MpiLibrary.Check(MpiCalls.Split(_comm, color, Rank, out nint comm), "MPI_Comm_split");
            string name = string.Create(CultureInfo.InvariantCulture, $"{Name}/{++_children}");
            Leave();
            return color == 0 ? new MpiGroup(_world, name, comm, Array.ConvertAll(ranks, rank => WorldRanks[rank])) : null;
        }
    }

    /// <inheritdoc/>
    private protected override void Leaving()
    {
        if (Name == WorldName) _world.Leave();
    }

    private void Meet(in Collective call)
    {
        _world.CheckAlive();
        string name = call.ToString();
        long number = ++Started;
        Volatile.Write(ref _current, name);
        long print = call.Fingerprint();
        (_print[0], _print[1]) = (print, ~print);
        MpiLibrary.Check(MpiCalls.BeginAllReduce(
            MpiCalls.InPlace, ref Bytes(_print)[0], 2, _world.Library.TypeOf(ElementKind.Int64), _world.Library.OperationOf(ReduceOp.Max),
            _comm, out nint request), "MPI_Iallreduce");
        Wait(ref request,
            () => $"{name} (number {number} in group {Name}) on rank {Rank}: not all have come within {Options.Timeout}: "
                + _world.Watch.WhoIsMissing(this, number),
            () => _world.Watch.LeftBefore(this, number) is { } left
                ? $"{name} (number {number} in group {Name}) on rank {Rank}: rank {Array.IndexOf(WorldRanks, left)} has ended its program "
                    + "without it." : null);
        if (_print[0] != ~_print[1]) throw Disagreed(name, number);
    }

    private void Leave()
    {
        _last = _current;
        Volatile.Write(ref _current, null);
    }

    private void Wait(ref nint request, Func<string> tooLong, Func<string?> gone)
    {
        Waiting waiting = Patience();
        MpiStatus status = default;
        while (true)
        {
            MpiLibrary.Check(MpiCalls.Test(ref request, out int done, ref status), "MPI_Test");
            if (done != 0) return;
            _world.CheckAlive();
            if (waiting.IsLong && gone() is { } text) throw _world.Fail(text);
            if (waiting.IsOver) throw _world.Fail(tooLong());
            waiting.Pause();
        }
    }

    private Waiting Patience() => new(_queue.IsHere || _world.IsCrowded, Options.Timeout);

    // Every rank comes here.
    private DistributedException Disagreed(string mine, long number)
    {
        byte[] own = new byte[TextBytes], all = new byte[TextBytes * Size];
        Encoding.UTF8.GetBytes(mine.Length < TextBytes / 3 ? mine : mine[..(TextBytes / 3)], own);
        nint type = _world.Library["ompi_mpi_byte"];
        MpiLibrary.Check(MpiCalls.AllGather(ref own[0], TextBytes, type, ref all[0], TextBytes, type, _comm), "MPI_Allgather");
        IEnumerable<string> said =
            from rank in Enumerable.Range(0, Size)
            group rank by Encoding.UTF8.GetString(all, rank * TextBytes, TextBytes).TrimEnd('\0') into same
            select $"{(same.Count() == 1 ? "rank" : "ranks")} {string.Join(", ", same)}: {same.Key}";
        return _world.Fail(
            $"The ranks of group {Name} disagree about collective number {number}: {string.Join("; ", said)}. All ranks must call the same "
            + "collectives in the same order, with the same shapes.");
    }

    private static Span<byte> Bytes(long[] numbers) => MemoryMarshal.AsBytes(numbers.AsSpan());
}
