using System.Collections;
using System.Runtime.ExceptionServices;

namespace Adjoint.Data;

/// <summary>What a pass over a loader is made of.</summary>
/// <param name="Order">The indices of each batch, and where they are.</param>
/// <param name="Load">Loads the batch of some indices, which has that number of the pass; null when there are no more.</param>
/// <param name="Prefetch">How many batches are drawn and loaded ahead.</param>
/// <param name="Workers">How many are loaded at once at most.</param>
/// <param name="Ended">What is left to do when the pass is over, called once, when nothing is loaded any more.</param>
/// <param name="Cancellation">Ends it.</param>
internal sealed record EpochPlan(IBatchOrder Order, Func<int[], long, Batch?> Load, int Prefetch, int Workers, Action? Ended,
    CancellationToken Cancellation);

/// <summary>One pass of a <see cref="DataLoader"/> over its dataset.</summary>
/// <remarks>
/// <para>Indices are drawn in the caller's thread, so that no race decides who draws first; only the loading is done elsewhere.</para>
/// <para>
/// Loads begin in order, as many at a time as there are workers, whoever does them: the background, or the caller if the batch it wants has
/// not been begun. So a pool whose threads are all busy delays nothing, and an epoch that is forgotten half way ends by itself: the
/// background loads what was drawn ahead and then holds nothing.
/// </para>
/// </remarks>
internal sealed class Epoch(EpochPlan plan) : IEnumerator<Batch>
{
    /// <summary>Guards everything below, for an instant at a time; whoever waits for a load waits on it.</summary>
    private readonly object _state = new();

    /// <summary>The threads that load now, each once for every load.</summary>
    private readonly List<Thread> _loading = [];

    private readonly Queue<Pending> _ahead = new(), _unloaded = new();
    private ExceptionDispatchInfo? _drawingFailed;
    private Action? _ended = plan.Ended;
    private bool _isDrawn, _isOver;
    private int _pumps;
    private int _given = plan.Order.Given;
    private long _batchesDrawn = plan.Order.Given;
    private Batch? _current;

    /// <inheritdoc/>
    public Batch Current => _current
        ?? throw new InvalidOperationException("There is no batch before the first MoveNext, and none after it has returned false.");

    object IEnumerator.Current => Current;

    /// <summary>Where the pass is; null when it is over, or where the order does not tell.</summary>
    internal EpochPlace? Place
    {
        get
        {
            lock (_state)
            {
                // What was drawn ahead is what another pass draws before anything else.
                return _isOver ? null : plan.Order.Place(_given, [.. _ahead.Select(pending => pending.Indices)], _isDrawn);
            }
        }
    }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _current = null;
        Cancel();
        if (!Draw() || NextInOrder() is not { } next)
        {
            Dispose();
            return false;
        }
        if (!Await(next)) return false;         // disposed meanwhile, by another thread
        if (next.Failure is { } failure)
        {
            Dispose();
            failure.Throw();
        }
        Cancel();
        if (next.Loaded is null) Dispose();
        _current = next.Loaded;
        _given++;
        return _current is not null;
    }

    /// <summary>Ends the pass: nothing more is loaded, and when this returns no call into the dataset is running.</summary>
    public void Dispose()
    {
        Action? ended;
        lock (_state)
        {
            _isOver = true;
            _ahead.Clear();
            _unloaded.Clear();
            Monitor.PulseAll(_state);
        }
        plan.Order.Dispose();
        lock (_state)
        {
            // A dataset that ends the pass by which it is being asked does not wait for itself.
            while (_loading.Exists(thread => thread != Thread.CurrentThread)) Monitor.Wait(_state);
            (ended, _ended) = (_ended, null);
        }
        ended?.Invoke();
    }

    /// <inheritdoc/>
    public void Reset() => throw new NotSupportedException("A pass over a DataLoader cannot be begun again; ask the loader for another.");

    private void Cancel()
    {
        if (!plan.Cancellation.IsCancellationRequested) return;
        Dispose();
        plan.Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Draws as many batches as may be ahead, and has them loaded in the background. False: the pass is over.</summary>
    private bool Draw()
    {
        while (true)
        {
            lock (_state)
            {
                if (_isOver) return false;
                if (_isDrawn || _ahead.Count > plan.Prefetch) return true;
            }
            int[]? drawn = null;
            try
            {
                drawn = plan.Order.Next();
            }
            catch (Exception e) when (plan.Prefetch > 0)
            {
                _drawingFailed = ExceptionDispatchInfo.Capture(e);      // it is told when its turn has come
            }
            lock (_state)
            {
                if (_isOver) return false;
                if (drawn is null)
                {
                    _isDrawn = true;
                    return true;
                }
                var pending = new Pending(drawn, _batchesDrawn++);
                _ahead.Enqueue(pending);
                _unloaded.Enqueue(pending);
                if (plan.Prefetch == 0 || _pumps >= plan.Workers) continue;
                _pumps++;
                ThreadPool.QueueUserWorkItem(static epoch => epoch.Pump(), this, preferLocal: false);
            }
        }
    }

    private Pending? NextInOrder()
    {
        lock (_state)
            if (_ahead.TryDequeue(out Pending? next)) return next;
        if (_drawingFailed is not { } failure) return null;
        Dispose();
        failure.Throw();
        return null;
    }

    /// <summary>Waits for a batch, or loads it if nobody has begun; false if the pass ended meanwhile.</summary>
    private bool Await(Pending next)
    {
        lock (_state)
        {
            while (!next.IsLoaded)
            {
                if (_isOver) return false;
                // What comes before it was waited for, so it is the first that was not begun.
                if (!_unloaded.TryPeek(out Pending? first) || first != next)
                {
                    Monitor.Wait(_state);
                    continue;
                }
                LoadFirst();
            }
            return true;
        }
    }

    private void Pump()
    {
        lock (_state)
        {
            while (_unloaded.Count > 0)
            {
                if (_loading.Count >= plan.Workers) Monitor.Wait(_state);
                else LoadFirst();
            }
            _pumps--;
        }
    }

    /// <summary>Loads the first batch that was not begun; the lock is held before and after, and not meanwhile.</summary>
    private void LoadFirst()
    {
        Pending first = _unloaded.Dequeue();
        _loading.Add(Thread.CurrentThread);
        Monitor.Exit(_state);
        try
        {
            first.Load(plan.Load);
        }
        finally
        {
            Monitor.Enter(_state);
            _loading.Remove(Thread.CurrentThread);
            first.IsLoaded = true;
            if (first.Failure is not null || first.Loaded is null) _unloaded.Clear();       // what comes after it is never asked for
            Monitor.PulseAll(_state);
        }
    }

    /// <summary>A batch that was drawn and will be loaded.</summary>
    private sealed class Pending(int[] indices, long number)
    {
        public int[] Indices => indices;

        public bool IsLoaded { get; set; }

        public Batch? Loaded { get; private set; }

        public ExceptionDispatchInfo? Failure { get; private set; }

        public void Load(Func<int[], long, Batch?> load)
        {
            try
            {
                Loaded = load(indices, number);
            }
            catch (Exception e)
            {
                Failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
