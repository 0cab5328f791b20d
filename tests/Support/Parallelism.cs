using System.Collections.Concurrent;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Threads that do the same at the same time.</summary>
internal static class Parallelism
{
    /// <summary>Runs it on so many threads, each with its number, and fails with what any of them threw.</summary>
    internal static void Run(int threads, Action<int> work)
    {
        var failures = new ConcurrentQueue<Exception>();
        Thread[] all = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            try
            {
                work(t);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }))];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        failures.ShouldBeEmpty();
    }
}
