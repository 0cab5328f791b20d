using System.Diagnostics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Tests;

/// <summary>
/// With <c>ADJOINT_POISON=1</c> all tests run beside a thread that collects all the time and takes the memory of dead tensors back at once.
/// Memory that somebody still reads or writes is then NaN (<see cref="Poison"/>), and the test fails.
/// </summary>
internal static class CollectingThread
{
    private static readonly SemaphoreSlim Turn = new(1, 1);

    [ModuleInitializer]
    internal static void Start()
    {
        if (!Poison.IsOn) return;
        new Thread(Collect) { IsBackground = true, Name = "collecting all the time" }.Start();
    }

    /// <summary>
    /// Lets it wait, for tests that count: how much memory the process has in use, how often it collected, which block is the next.
    /// What such a test finds must be its own doing.
    /// </summary>
    internal static IDisposable Pause()
    {
        Turn.Wait();
        return new Resumed();
    }

    private static void Collect()
    {
        for (int i = 0; ; i++)
        {
            Turn.Wait();
            long start = Stopwatch.GetTimestamp();
            GC.Collect(i % 8 == 0 ? 2 : 0);
            BlockPool.Reclaim();
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            Turn.Release();
            // Where much lives a collection is long; the tests have at least half of the time.
            Thread.Sleep(taken + TimeSpan.FromMilliseconds(1));
        }
    }

    private sealed class Resumed : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0) Turn.Release();
        }
    }
}
