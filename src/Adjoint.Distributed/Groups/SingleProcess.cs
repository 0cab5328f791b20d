namespace Adjoint.Distributed;

/// <summary>A group of this process alone: every collective gives what it was given. It needs no MPI.</summary>
/// <remarks><see cref="ProcessGroup.Init"/> gives one where <c>mpirun</c> did not start the program.</remarks>
public sealed class SingleProcess : ProcessGroup
{
    private readonly WorkQueue _queue = new("Adjoint single process");
    private int _children;

    /// <summary>The group.</summary>
    /// <param name="options">Options; alone nobody waits.</param>
    public SingleProcess(ProcessGroupOptions? options = null) : this(options ?? new(), WorldName)
    {
    }

    private SingleProcess(ProcessGroupOptions options, string name) => (Options, Name) = (options, name);

    /// <inheritdoc/>
    public override int Rank => 0;

    /// <inheritdoc/>
    public override int Size => 1;

    /// <inheritdoc/>
    public override string Name { get; }

    internal override ProcessGroupOptions Options { get; }

    private protected override WorkQueue Queue => _queue;

    internal override void Run(in Collective call, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        _queue.WaitForTurn();
        if (call.Kind is CollectiveKind.AllGather or CollectiveKind.ReduceScatter) send.CopyTo(receive);
    }

    // There is no other rank: the argument was refused.
    internal override void SendBytes(ElementKind kind, ReadOnlySpan<byte> data, int count, int to, int tag) =>
        throw new InvalidOperationException("Send: there is no other process.");

    internal override void ReceiveBytes(ElementKind kind, Span<byte> data, int count, int from, int tag) =>
        throw new InvalidOperationException("Receive: there is no other process.");

    internal override DistributedException Fail(string message) => new(message);

    private protected override ProcessGroup Split(int[] ranks) => new SingleProcess(Options, $"{Name}/{++_children}");

    private protected override void Leaving()
    {
    }
}
