namespace Adjoint.Distributed;

/// <summary>What a group does in the background: one thing after the other, in order, on a thread that is made for the first.</summary>
internal sealed class WorkQueue(string name)
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = new();
    private readonly AutoResetEvent _more = new(false);
    private readonly ManualResetEventSlim _idle = new(true);
    private Thread? _thread;

    /// <summary>Whether the caller is the thread of the queue.</summary>
    internal bool IsHere => Thread.CurrentThread == _thread;

    /// <summary>Has it done after all that came before; the task ends with it, and has its exception.</summary>
    internal Task Add(Action work)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _idle.Reset();
            _waiting.Enqueue(() =>
            {
                try
                {
                    work();
                    end.SetResult();
                }
                catch (Exception e)
                {
                    end.SetException(e);
                }
            });
            if (_thread is null)
            {
                // In the background: a program ends when its own threads do.
                _thread = new Thread(Run) { IsBackground = true, Name = name };
                _thread.Start();
            }
        }
        _more.Set();
        return end.Task;
    }

    /// <summary>Waits until all that was added is done, unless the caller is the thread that does it.</summary>
    internal void WaitForTurn()
    {
        if (_thread is not null && !IsHere && !_idle.IsSet) _idle.Wait();
    }

    private void Run()
    {
        while (true)
        {
            Action? work;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out work)) _idle.Set();
            }
            if (work is null) _more.WaitOne();
            else work();
        }
    }
}
