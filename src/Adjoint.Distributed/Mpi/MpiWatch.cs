using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Adjoint.Distributed;

/// <summary>The thread of each rank that listens to the others, whatever the program does meanwhile.</summary>
/// <remarks>
/// // Note [One thread keeps watch]
/// A collective cannot be called off: MPI waits for ever for a rank that does not come. So nobody enters one before all have come to it
/// (Note [All have come] in MpiGroup.cs), and who waits there looks at what this thread has heard. It has a communicator of its own,
/// on which ranks tell each other that the run has failed, that one has left, and, when somebody has waited too long, how far they are: it
/// answers also while the program computes, or hangs. A rank that does not answer is stopped or gone. It looks fifty times a second, which
/// costs a thousandth of a processor. When the run has failed, the program has a few seconds to end by the exception that its next
/// collective throws; then this thread ends all of it. MPI is begun and ended here too, as it wants one thread to do both.
/// </remarks>
internal sealed class MpiWatch(MpiWorld world)
{
    private const int Tag = 7, Period = 20;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5), s_answers = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<(int To, WatchMessage Message)> _outbox = new();
    private readonly List<(byte[] Bytes, nint Request)> _sending = [];
    private readonly ConcurrentDictionary<(int Rank, string Group), (long Started, string Doing)> _answers = new();
    private readonly ConcurrentDictionary<int, IReadOnlyDictionary<string, long>> _left = new();
    private readonly AutoResetEvent _wake = new(false);
    private nint _comm, _byte;
    private long _failedAt;
    private int _untold;
    private volatile bool _hasLeft;

    /// <summary>Makes its communicator; all ranks do, on this thread.</summary>
    internal void Begin()
    {
        MpiLibrary.Check(MpiCalls.Split(world.Comm, 0, world.Rank, out _comm), "MPI_Comm_split");
        _byte = world.Library["ompi_mpi_byte"];
    }

    /// <summary>Tells all other ranks.</summary>
    internal void Tell(WatchMessage message)
    {
        for (int rank = 0; rank < world.Size; rank++)
            if (rank != world.Rank) Post(rank, message);
        _wake.Set();
    }

    /// <summary>Tells all other ranks that this one takes part no more, and how far it came.</summary>
    /// <remarks>Only when that was posted may the thread find that all have left, or it would end MPI without telling them.</remarks>
    internal void TellLeft(string where)
    {
        Tell(WatchMessage.Left(where));
        _hasLeft = true;
        _wake.Set();
    }

    /// <summary>Waits until what was to be told is on its way.</summary>
    internal void WaitUntilTold(TimeSpan most)
    {
        for (long begin = Stopwatch.GetTimestamp(); !IsTold && Stopwatch.GetElapsedTime(begin) < most;) Thread.Sleep(5);
        // Others print what they heard before this process ends and takes them with it.
        Thread.Sleep(200);
    }

    /// <summary>A rank of the group that has left before it came to a collective, if there is one.</summary>
    internal int? LeftBefore(MpiGroup group, long number)
    {
        if (_left.IsEmpty) return null;
        foreach ((int rank, IReadOnlyDictionary<string, long> where) in _left)
            if (group.Has(rank) && where.GetValueOrDefault(group.Name) < number) return rank;
        return null;
    }

    private bool IsTold => Volatile.Read(ref _untold) == 0;

    /// <summary>Whether a rank takes part no more.</summary>
    internal bool HasLeft(int rank) => _left.ContainsKey(rank);

    /// <summary>Asks the ranks of a group how far they are; in words, which have not come to a collective and where they are
    /// instead.</summary>
    internal string WhoIsMissing(MpiGroup group, long number)
    {
        int[] others = [.. group.WorldRanks.Where(rank => rank != world.Rank)];
        foreach (int rank in others)
        {
            _answers.TryRemove((rank, group.Name), out _);
            Post(rank, WatchMessage.Asked(group.Name));
        }
        _wake.Set();
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_answers; Thread.Sleep(10))
            if (others.All(rank => _answers.ContainsKey((rank, group.Name)))) break;

        List<string> missing = [];
        foreach (int rank in others)
        {
            if (!_answers.TryGetValue((rank, group.Name), out (long Started, string Doing) answer))
                missing.Add($"rank {rank} does not answer: its process is stopped, or its machine cannot be reached");
            else if (answer.Started < number) missing.Add($"rank {rank} is missing: it {answer.Doing}");
        }
        return missing.Count > 0 ? string.Join("; ", missing) : "all ranks have come, but MPI does not end it";
    }

    /// <summary>Listens until all ranks have left.</summary>
    /// <returns>Whether they have, so that MPI can be ended.</returns>
    internal bool Keep()
    {
        while (true)
        {
            while (TryReceive(out int from, out WatchMessage message)) Hear(from, message);
            Send();
            if (world.Failure is { } failure)
            {
                if (_hasLeft && IsTold) return false;
                if (_failedAt == 0) _failedAt = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(_failedAt) > s_grace) world.Abort(failure);
            }
            else
            {
                if (_hasLeft && IsTold && _left.Count == world.Size - 1) return true;
                Look();
            }
            _wake.WaitOne(world.IsLeaving || !IsTold ? 1 : Period);
        }
    }

    // All have come to it, but it does not end: a process was stopped in its midst.
    private void Look()
    {
        foreach (MpiGroup group in world.Groups.Values)
            if (group.InData is { } since && Stopwatch.GetElapsedTime(since) > world.Options.Timeout)
                world.Abort(world.Fail($"{group.Doing} on rank {world.Rank} does not end, although all ranks have come to it.").Message);
    }

    private void Hear(int from, WatchMessage message)
    {
        switch (message.Kind)
        {
            case WatchMessage.FailedKind:
                world.SetFailure(message.Text);
                break;
            case WatchMessage.LeftKind:
                _left[from] = message.Text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('='))
                    .ToDictionary(part => part[0], part => long.Parse(part[1], CultureInfo.InvariantCulture));
                break;
            case WatchMessage.AskedKind:
                (long started, string doing) = world.Groups.TryGetValue(message.Text, out MpiGroup? group)
                    ? (group.Started, group.Where) : (0, "has not made this group yet");
                Post(from, WatchMessage.Answer(message.Text, started, doing));
                break;
            case WatchMessage.AnswerKind:
                (string name, long number, string words) = message.Parts;
                _answers[(from, name)] = (number, words);
                break;
        }
    }

    private void Send()
    {
        while (_outbox.TryDequeue(out (int To, WatchMessage Message) next))
        {
            byte[] bytes = Pinned(next.Message.Kind + next.Message.Text);
            MpiLibrary.Check(MpiCalls.BeginSend(ref bytes[0], bytes.Length, _byte, next.To, Tag, _comm, out nint request), "MPI_Isend");
            _sending.Add((bytes, request));
        }
        for (int i = _sending.Count - 1; i >= 0; i--)
        {
            nint request = _sending[i].Request;
            MpiStatus status = default;
            MpiLibrary.Check(MpiCalls.Test(ref request, out int done, ref status), "MPI_Test");
            if (done == 0) continue;
            _sending.RemoveAt(i);
            Interlocked.Decrement(ref _untold);
        }
    }

    // Counted before it can be sent, and until it was.
    private void Post(int to, WatchMessage message)
    {
        Interlocked.Increment(ref _untold);
        _outbox.Enqueue((to, message));
    }

    private bool TryReceive(out int from, out WatchMessage message)
    {
        MpiStatus status = default;
        (from, message) = (0, default);
        MpiLibrary.Check(MpiCalls.Probe(MpiCalls.AnySource, Tag, _comm, out int there, out nint handle, ref status), "MPI_Improbe");
        if (there == 0) return false;
        MpiLibrary.Check(MpiCalls.GetCount(ref status, _byte, out int count), "MPI_Get_count");
        byte[] bytes = new byte[Math.Max(1, count)];
        MpiLibrary.Check(MpiCalls.Receive(ref bytes[0], count, _byte, ref handle, ref status), "MPI_Mrecv");
        string text = Encoding.UTF8.GetString(bytes, 0, count);
        (from, message) = (status.Source, new WatchMessage(text[0], text[1..]));
        return true;
    }

    // It must not move while it is sent.
    private static byte[] Pinned(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text), pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        return pinned;
    }
}
