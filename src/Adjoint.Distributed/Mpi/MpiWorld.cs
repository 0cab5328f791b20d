using System.Collections.Concurrent;
using System.Diagnostics;

namespace Adjoint.Distributed;

/// <summary>
/// All processes of a run: begins and ends MPI, and keeps watch. See Note [One thread keeps watch] in MpiWatch.cs.
/// </summary>
internal sealed class MpiWorld
{
    private static readonly Lock s_beginning = new();
    private static MpiWorld? s_current;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, MpiGroup> _groups = new();
    private readonly MpiWatch _watch;
    private string? _failure;
    private int _leaving;

    private MpiWorld(ProcessGroupOptions options)
    {
        Options = options;
        Library = MpiLibrary.Load();
        _watch = new MpiWatch(this);
        // In the background: a program ends when its own threads do.
        new Thread(Run) { IsBackground = true, Name = "Adjoint MPI" }.Start();
        _begun.Task.GetAwaiter().GetResult();
        AppDomain.CurrentDomain.UnhandledException += (_, e) => Crash(e.ExceptionObject);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Exit();
    }

    internal ProcessGroupOptions Options { get; }

    internal MpiLibrary Library { get; }

    internal int Rank { get; private set; }

    internal int Size { get; private set; }

    /// <summary>The communicator of the run, for its first group.</summary>
    internal nint Comm { get; private set; }

    internal MpiWatch Watch => _watch;

    /// <summary>Whether ranks that wait are to leave the processors to others.</summary>
    internal bool IsCrowded { get; private set; }

    internal ConcurrentDictionary<string, MpiGroup> Groups => _groups;

    /// <summary>What has ended the run, on this rank or another; null while all is well.</summary>
    internal string? Failure => Volatile.Read(ref _failure);

    internal bool IsLeaving => Volatile.Read(ref _leaving) != 0;

    /// <summary>The run, begun at the first call.</summary>
    /// <exception cref="DistributedException">There is no MPI that can be used.</exception>
    internal static MpiWorld Begin(ProcessGroupOptions options)
    {
        lock (s_beginning)
        {
            if (s_current is null) return s_current = new MpiWorld(options);
            if (s_current.IsLeaving)
                throw new DistributedException("Init: the run has been left by Dispose of its group, and MPI begins once in a process.");
            return s_current;
        }
    }

    /// <summary>Throws where the run has failed.</summary>
    /// <exception cref="DistributedException">It has.</exception>
    internal void CheckAlive()
    {
        if (Failure is { } failure) throw new DistributedException(failure);
        if (IsLeaving) throw new ObjectDisposedException(nameof(ProcessGroup), "The run has been left by Dispose of its group.");
    }

    /// <summary>Ends the run on all ranks, which get the message. The first one counts.</summary>
    /// <returns>What has ended it.</returns>
    internal DistributedException Fail(string message)
    {
        if (SetFailure(message)) _watch.Tell(WatchMessage.Failed(message));
        return new DistributedException(Failure!);
    }

    /// <summary>As <see cref="Fail"/> where another rank has said so.</summary>
    internal bool SetFailure(string message) => Interlocked.CompareExchange(ref _failure, message, null) is null;

    /// <summary>Waits until all ranks have left, and ends MPI. What failed is only left.</summary>
    internal void Leave()
    {
        if (Interlocked.Exchange(ref _leaving, 1) != 0)
        {
            _ended.Task.Wait();
            return;
        }
        string where = string.Join(';', _groups.Values.Select(group => $"{group.Name}={group.Started}"));
        _watch.TellLeft(where);
        _ended.Task.Wait();
    }

    /// <summary>Ends all processes now.</summary>
    internal void Abort(string message)
    {
        Console.Error.WriteLine($"rank {Rank}: {message}");
        Console.Error.Flush();
        _ = MpiCalls.Abort(Comm, 1);
    }

    private void Run()
    {
        try
        {
            Initialize();
            _begun.SetResult();
        }
        catch (Exception e)
        {
            _begun.SetException(e);
            _ended.SetResult();
            return;
        }
        try
        {
            if (_watch.Keep()) _ = MpiCalls.Finish();
        }
        catch (Exception e)
        {
            SetFailure($"rank {Rank}: {e.Message}");
            Abort($"the watch over the run ended: {e.Message}");
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void Initialize()
    {
        NeighboursMemory.ForbidWhereImpossible();
        MpiLibrary.Check(MpiCalls.Init(0, 0, MpiCalls.ThreadMultiple, out int provided), "MPI_Init_thread");
        Comm = Library["ompi_mpi_comm_world"];
        if (provided < MpiCalls.ThreadMultiple)
            throw new DistributedException(
                $"This MPI was built without support for threads (level {provided} instead of {MpiCalls.ThreadMultiple}, MPI_THREAD_MULTIPLE), "
                + $"which sending while computing needs. {MpiLibrary.HowToGet}");
        MpiLibrary.Check(MpiCalls.SetErrorHandler(Comm, Library["ompi_mpi_errors_return"]), "MPI_Comm_set_errhandler");
        MpiLibrary.Check(MpiCalls.Rank(Comm, out int rank), "MPI_Comm_rank");
        MpiLibrary.Check(MpiCalls.Size(Comm, out int size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        IsCrowded = IsAnyCrowded();
        _watch.Begin();
    }

    // One answer for all machines: a collective that is begun on one rank does not meet one that blocks on another.
    private bool IsAnyCrowded()
    {
        byte[] any = [Launch.Launched.IsCrowded ? (byte)1 : (byte)0];
        MpiLibrary.Check(MpiCalls.AllReduce(
            MpiCalls.InPlace, ref any[0], 1, Library.TypeOf(ElementKind.UInt8), Library.OperationOf(ReduceOp.Max), Comm), "MPI_Allreduce");
        return any[0] != 0;
    }

    // What nobody catches: the others are told what it was, before the runtime ends this process and mpirun the others.
    private void Crash(object error)
    {
        if (IsLeaving) return;
        string what = error is Exception e ? $"{e.GetType().Name}: {e.Message}" : $"{error}";
        if (!SetFailure($"rank {Rank} failed: {what}")) return;
        _watch.Tell(WatchMessage.Failed(Failure!));
        _watch.WaitUntilTold(TimeSpan.FromSeconds(1));
    }

    private void Exit()
    {
        if (IsLeaving || _ended.Task.IsCompleted) return;
        int code = Environment.ExitCode;
        if (Failure is null && code == 0)
        {
            Leave();
            return;
        }
        // mpirun ends the other processes when one ends without MPI_Finalize; until then they may say why.
        if (SetFailure($"rank {Rank} has ended its program with exit code {code}")) _watch.Tell(WatchMessage.Failed(Failure!));
        _watch.WaitUntilTold(TimeSpan.FromSeconds(1));
        if (code == 0) Environment.ExitCode = 1;
    }
}
