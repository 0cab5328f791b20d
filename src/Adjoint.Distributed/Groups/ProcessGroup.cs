using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <summary>
/// Processes that compute together, on one machine or several, over Open MPI: PyTorch's <c>torch.distributed</c>.
/// </summary>
/// <remarks>
/// A program that <c>mpirun -n 4</c> starts runs four times; each process has a number, its <see cref="Rank"/>. All processes of a
/// group call the same collectives in the same order with the same shapes. Where they do not, or one fails, ends or does not come, the run
/// ends on every rank with a <see cref="DistributedException"/> that says what happened where. Without mpirun the group is a
/// <see cref="SingleProcess"/>, and the same program runs by itself. Spans are sent from where they are, without a copy. Collectives
/// may be called on several threads if each has a group of its own (<see cref="Duplicate"/>); within one group they come one after the
/// other.
/// </remarks>
/// <example><code>
/// using ProcessGroup world = ProcessGroup.Init();
/// Tensor x = Tensor.Full([2], world.Rank + 1.0);
/// world.AllReduce(x);        // of 4 processes: [10, 10] on each
/// </code></example>
public abstract partial class ProcessGroup : IDisposable
{
    internal const string WorldName = "world";

    private const int MostTag = 1 << 24;

    private bool _disposed;

    private protected ProcessGroup()
    {
    }

    /// <summary>The number of this process in the group, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>How many processes there are.</summary>
    public abstract int Size { get; }

    /// <summary>What the group is called in errors: <c>world</c>, <c>world/1</c>.</summary>
    public abstract string Name { get; }

    internal abstract ProcessGroupOptions Options { get; }

    private protected abstract WorkQueue Queue { get; }

    /// <summary>Whether the program was started as one of several processes, by <c>mpirun</c>.</summary>
    public static bool IsLaunched => Launch.Launched.ByMpi;

    /// <summary>
    /// All processes of the run: those that <c>mpirun</c> started, or this one alone. Its end, by <see cref="Dispose"/> or with the
    /// program, waits for the others. The processors of the machine are shared among its processes (<see cref="Cpu.Threads"/>).
    /// </summary>
    /// <param name="options">How they wait for each other; what the first call says counts.</param>
    /// <exception cref="DistributedException">There is no MPI that can be used; the message says how to get it.</exception>
    public static ProcessGroup Init(ProcessGroupOptions? options = null)
    {
        options ??= new();
        if (!IsLaunched) return new SingleProcess(options);
        MpiWorld world = MpiWorld.Begin(options);
        Launch.Launched.CheckSize(world.Size);
        Launch.Launched.ShareProcessors();
        return world.Groups.TryGetValue(WorldName, out MpiGroup? group)
            ? group : new MpiGroup(world, WorldName, world.Comm, [.. Enumerable.Range(0, world.Size)]);
    }

    /// <summary>Every process gets the sum (or what <paramref name="op"/> says) of what all have, in the place of its own.</summary>
    /// <param name="values">The values of this process; as many in each.</param>
    /// <param name="op">How they become one.</param>
    /// <exception cref="DTypeException">Values of that type cannot be reduced so.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void AllReduce<T>(Span<T> values, ReduceOp op = ReduceOp.Sum) where T : unmanaged =>
        Reducing(new Collective(CollectiveKind.AllReduce, Kind<T>(nameof(AllReduce), op), values.Length, op), values, values);

    /// <summary>Every process gets the values of <paramref name="root"/>, in the place of its own.</summary>
    /// <param name="values">The values; as many in each process.</param>
    /// <param name="root">The rank that has them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void Broadcast<T>(Span<T> values, int root = 0) where T : unmanaged
    {
        CheckRank(root, nameof(Broadcast), nameof(root));
        var call = new Collective(CollectiveKind.Broadcast, ElementKinds.Of<T>(nameof(Broadcast)), values.Length, Root: root);
        Checked().Run(call, MemoryMarshal.AsBytes(values), MemoryMarshal.AsBytes(values));
    }

    /// <summary>
    /// The process <paramref name="root"/> gets the sum (or what <paramref name="op"/> says) of what all have, in the place of its
    /// own; the others keep theirs.
    /// </summary>
    /// <param name="values">The values of this process; as many in each.</param>
    /// <param name="root">The rank that gets the result.</param>
    /// <param name="op">How they become one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="DTypeException">Values of that type cannot be reduced so.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void Reduce<T>(Span<T> values, int root = 0, ReduceOp op = ReduceOp.Sum) where T : unmanaged
    {
        CheckRank(root, nameof(Reduce), nameof(root));
        Reducing(new Collective(CollectiveKind.Reduce, Kind<T>(nameof(Reduce), op), values.Length, op, root), values, values);
    }

    /// <summary>Every process gets the values of all, those of rank 0 first.</summary>
    /// <param name="own">The values of this process; as many in each.</param>
    /// <param name="all">Room for as many of each process.</param>
    /// <exception cref="ArgumentException">There is room for more or fewer.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void AllGather<T>(ReadOnlySpan<T> own, Span<T> all) where T : unmanaged
    {
        if (all.Length != (long)own.Length * Size)
            throw new ArgumentException(
                $"AllGather: {own.Length} values of each of {Size} processes are {(long)own.Length * Size}, but there is room for {all.Length}.",
                nameof(all));
        CheckApart(own, all, nameof(AllGather), nameof(all));
        var call = new Collective(CollectiveKind.AllGather, ElementKinds.Of<T>(nameof(AllGather)), own.Length);
        Checked().Run(call, MemoryMarshal.AsBytes(own), MemoryMarshal.AsBytes(all));
    }

    /// <summary>
    /// The values of all processes are reduced, and each gets its part of the result: rank 0 the first, and so on.
    /// </summary>
    /// <param name="all">The values of this process, a part for each process.</param>
    /// <param name="own">Room for the part of this process.</param>
    /// <param name="op">How they become one.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than parts for all.</exception>
    /// <exception cref="DTypeException">Values of that type cannot be reduced so.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void ReduceScatter<T>(ReadOnlySpan<T> all, Span<T> own, ReduceOp op = ReduceOp.Sum) where T : unmanaged
    {
        if (all.Length != (long)own.Length * Size)
            throw new ArgumentException(
                $"ReduceScatter: parts of {own.Length} for each of {Size} processes are {(long)own.Length * Size} values, but there are "
                + $"{all.Length}.", nameof(all));
        CheckApart(all, own, nameof(ReduceScatter), nameof(own));
        Reducing(new Collective(CollectiveKind.ReduceScatter, Kind<T>(nameof(ReduceScatter), op), own.Length, op), all, own);
    }

    /// <summary>Sends values to another process, which receives them with the same tag.</summary>
    /// <param name="values">The values.</param>
    /// <param name="to">The rank that receives them.</param>
    /// <param name="tag">Tells messages apart; in [0, 16777216).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, it is this one, or the tag is out of range.</exception>
    /// <exception cref="DistributedException">The run has failed, or the other does not receive it.</exception>
    public void Send<T>(ReadOnlySpan<T> values, int to, int tag = 0) where T : unmanaged
    {
        CheckPeer(to, tag, nameof(Send), nameof(to));
        Checked().SendBytes(ElementKinds.Of<T>(nameof(Send)), MemoryMarshal.AsBytes(values), values.Length, to, tag);
    }

    /// <summary>Waits for values that another process sends with the same tag.</summary>
    /// <param name="values">Room for exactly as many.</param>
    /// <param name="from">The rank that sends them.</param>
    /// <param name="tag">Tells messages apart; in [0, 16777216).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, it is this one, or the tag is out of range.</exception>
    /// <exception cref="DistributedException">The run has failed, or something else was sent.</exception>
    public void Receive<T>(Span<T> values, int from, int tag = 0) where T : unmanaged
    {
        CheckPeer(from, tag, nameof(Receive), nameof(from));
        Checked().ReceiveBytes(ElementKinds.Of<T>(nameof(Receive)), MemoryMarshal.AsBytes(values), values.Length, from, tag);
    }

    /// <summary>Waits until all processes have come here.</summary>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void Barrier() => Checked().Run(new Collective(CollectiveKind.Barrier), [], []);

    /// <summary>A group of some of these processes. All of these call it, with the same ranks: PyTorch's <c>dist.new_group</c>.</summary>
    /// <param name="ranks">Their ranks here, in any order; in the new group they are numbered in ascending order.</param>
    /// <returns>The group, or null for a process that is not in it.</returns>
    /// <exception cref="ArgumentException">There are none, one is given twice, or there is no such rank.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public ProcessGroup? NewGroup(params ReadOnlySpan<int> ranks)
    {
        int[] sorted = [.. ranks];
        Array.Sort(sorted);
        if (sorted.Length == 0) throw new ArgumentException("NewGroup: a group has at least one process.", nameof(ranks));
        for (int i = 0; i < sorted.Length; i++)
        {
            CheckRank(sorted[i], nameof(NewGroup), nameof(ranks));
            if (i > 0 && sorted[i] == sorted[i - 1])
                throw new ArgumentException($"NewGroup: rank {sorted[i]} is given twice.", nameof(ranks));
        }
        return Checked().Split(sorted);
    }

    /// <summary>
    /// A group of the same processes, whose collectives are in an order of their own: for another thread, or for what runs in the
    /// background.
    /// </summary>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public ProcessGroup Duplicate() => Checked().Split([.. Enumerable.Range(0, Size)])!;

    /// <summary>Ends the use of the group; of that of all processes, waits until all have come to their end, and ends MPI.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Leaving();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does a collective, all of whose arguments were checked.</summary>
    internal abstract void Run(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive);

    internal abstract void SendBytes(ElementKind kind, ReadOnlySpan<byte> data, int count, int to, int tag);

    internal abstract void ReceiveBytes(ElementKind kind, Span<byte> data, int count, int from, int tag);

    /// <summary>Throws on all ranks where they do not all give the same text.</summary>
    /// <exception cref="DistributedException">They do not; the message has the texts.</exception>
    internal void Agree(string text) => Checked().Run(new Collective(CollectiveKind.Agree, Shape: text), [], []);

    /// <summary>Ends the run on all ranks.</summary>
    internal abstract DistributedException Fail(string message);

    /// <summary>A group of these ranks, in ascending order.</summary>
    private protected abstract ProcessGroup? Split(int[] ranks);

    private protected abstract void Leaving();

    private ProcessGroup Checked()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return this;
    }

    private static ElementKind Kind<T>(string operation, ReduceOp op) where T : unmanaged
    {
        ElementKind kind = ElementKinds.Of<T>(operation);
        kind.Check(op, operation);
        return kind;
    }

    private void Reducing<T>(in Collective call, ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged =>
        Reducing(call, MemoryMarshal.AsBytes(send), MemoryMarshal.AsBytes(receive));

    private void Reducing(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        Checked().Run(call, send, receive);
        if (call.Op != ReduceOp.Avg || (call.Root >= 0 && call.Root != Rank)) return;
        if (call.Element == ElementKind.Float32) Scaling.Divide(MemoryMarshal.Cast<byte, float>(receive), Size);
        else Scaling.Divide(MemoryMarshal.Cast<byte, double>(receive), Size);
    }

    private void CheckRank(int rank, string operation, string name)
    {
        if ((uint)rank >= (uint)Size)
            throw new ArgumentOutOfRangeException(
                name, rank, $"{operation}: {name} must be in [0, {Size}), a rank of the group {Name}, but is {rank}.");
    }

    private void CheckPeer(int rank, int tag, string operation, string name)
    {
        CheckRank(rank, operation, name);
        if (rank == Rank)
            throw new ArgumentOutOfRangeException(
                name, rank, $"{operation}: {name} must be another rank than {Rank}, which is this process.");
        if ((uint)tag >= MostTag)
            throw new ArgumentOutOfRangeException(nameof(tag), tag, $"{operation}: tag must be in [0, {MostTag}), but is {tag}.");
    }

    // MPI must not read and write the same memory.
    private static void CheckApart<T>(ReadOnlySpan<T> one, ReadOnlySpan<T> other, string operation, string name) where T : unmanaged
    {
        if (one.Overlaps(other))
            throw new ArgumentException($"{operation}: what is given and where the result goes overlap in memory.", name);
    }
}
