using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Sets the number of threads for the length of a test. Tests that do so share a collection, so they do not overlap.</summary>
internal sealed class ThreadCount : IDisposable
{
    public const string Collection = "Thread count";

    private ThreadCount() { }

    public static ThreadCount Of(int threads)
    {
        Threads.Count = threads;
        return new();
    }

    public void Dispose() => Threads.Count = 0;
}

/// <summary>Never runs beside other tests: they would use the workers.</summary>
[CollectionDefinition(ThreadCount.Collection, DisableParallelization = true)]
public class ThreadCountCollection;
