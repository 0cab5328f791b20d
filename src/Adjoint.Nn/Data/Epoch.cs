using System.Collections;
using System.Runtime.ExceptionServices;

namespace Adjoint.Data;

/// <summary>One pass of a <see cref="DataLoader"/> over its dataset.</summary>
/// <remarks>
/// <para>Indices are drawn in the caller's thread, so that no race decides who draws first; only the loading is done elsewhere.</para>
/// <para>
/// Loads happen one at a time and in order, whoever does them: the background, or the caller if the batch it wants has not been begun.
/// So a pool whose threads are all busy delays nothing, and an epoch that is forgotten half way ends by itself: the background
/// loads what was drawn ahead and then holds nothing.
/// </para>
/// </remarks>
/// <param name="batches">The indices of each batch, and where they are.</param>
/// <param name="load">Loads the batch of some indices.</param>
/// <param name="prefetch">How many batches are drawn and loaded ahead.</param>
internal sealed class Epoch(BatchOrder batches, Func<int[], Batch> load, int prefetch) : IEnumerator<Batch>
{
    /// <summary>Held while a batch is loaded, and therefore by whoever waits for that to end.</summary>
    private readonly Lock _loading = new();

    /// <summary>Guards everything below, for an instant at a time.</summary>
    private readonly Lock _state = new();

    private readonly Queue<Pending> _ahead = new(), _unloaded = new();
    private ExceptionDispatchInfo? _drawingFailed;
    private bool _drawn, _pumping, _over;
    private int _given = batches.Given;
    private Batch? _current;

    /// <inheritdoc/>
    public Batch Current => _current
        ?? throw new InvalidOperationException("There is no batch before the first MoveNext, and none after it has returned false.");

    object IEnumerator.Current => Current;

    /// <summary>Where the pass is; null when it is over.</summary>
    internal EpochPlace? Place
    {
        get
        {
            lock (_state)
            {
                if (_over) return null;
                // What was drawn ahead is what another pass draws before anything else.
                return batches.Place(_given, [.. _ahead.Select(pending => pending.Indices)], _drawn);
            }
        }
    }

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _current = null;
        if (!Draw() || NextInOrder() is not { } next)
        {
            Dispose();
            return false;
        }
        while (!next.IsLoaded)
            if (!LoadOne(next) && !next.IsLoaded) return false;         // disposed meanwhile, by another thread
        if (next.Failure is { } failure)
        {
            Dispose();
            failure.Throw();
        }
        _current = next.Loaded;
        _given++;
        return true;
    }

    /// <summary>Ends the pass: nothing more is loaded, and when this returns no call into the dataset is running.</summary>
    public void Dispose()
    {
        lock (_state)
        {
            _over = true;
            _ahead.Clear();
            _unloaded.Clear();
        }
        batches.Dispose();
        lock (_loading) { }
    }

    /// <inheritdoc/>
    public void Reset() => throw new NotSupportedException("A pass over a DataLoader cannot be begun again; ask the loader for another.");

    /// <summary>Draws as many batches as may be ahead, and has them loaded in the background. False: the pass is over.</summary>
    private bool Draw()
    {
        while (true)
        {
            lock (_state)
            {
                if (_over) return false;
                if (_drawn || _ahead.Count > prefetch) return true;
            }
            int[]? drawn = null;
            try
            {
                drawn = batches.Next();
            }
            catch (Exception e) when (prefetch > 0)
            {
                _drawingFailed = ExceptionDispatchInfo.Capture(e);      // it is told when its turn has come
            }
            lock (_state)
            {
                if (_over) return false;
                if (drawn is null)
                {
                    _drawn = true;
                    return true;
                }
                var pending = new Pending(drawn);
                _ahead.Enqueue(pending);
                _unloaded.Enqueue(pending);
                if (prefetch > 0 && !_pumping)
                    _pumping = ThreadPool.QueueUserWorkItem(static epoch => epoch.Pump(), this, preferLocal: false);
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

    /// <summary>
    /// Loads the first batch that is not loaded, unless the one that is waited for has been meanwhile; false if there is none.
    /// </summary>
    private bool LoadOne(Pending? awaited = null)
    {
        lock (_loading)
        {
            if (awaited is { IsLoaded: true }) return true;
            Pending? first;
            lock (_state)
                if (!_unloaded.TryDequeue(out first)) return false;
            first.Load(load);
            if (first.Failure is null) return true;
            lock (_state) _unloaded.Clear();        // what comes after a failure is never asked for
            return true;
        }
    }

    private void Pump()
    {
        while (true)
        {
            lock (_state)
                if (_unloaded.Count == 0)
                {
                    _pumping = false;
                    return;
                }
            LoadOne();
        }
    }

    /// <summary>A batch that was drawn and will be loaded.</summary>
    private sealed class Pending(int[] indices)
    {
        private volatile bool _isLoaded;

        public int[] Indices => indices;

        public bool IsLoaded => _isLoaded;

        public Batch Loaded { get; private set; }

        public ExceptionDispatchInfo? Failure { get; private set; }

        public void Load(Func<int[], Batch> load)
        {
            try
            {
                Loaded = load(indices);
            }
            catch (Exception e)
            {
                Failure = ExceptionDispatchInfo.Capture(e);
            }
            _isLoaded = true;
        }
    }
}
