using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Tests;

/// <summary>
/// With <c>ADJOINT_POISON=1</c> all tests run beside a thread that collects all the time and takes the memory of dead tensors back at once.
/// Memory that somebody still reads or writes is then NaN (<see cref="Poison"/>), and the test fails.
/// </summary>
internal static class CollectingThread
{
    [ModuleInitializer]
    internal static void Start()
    {
        if (!Poison.IsOn) return;
        new Thread(Collect) { IsBackground = true, Name = "collecting all the time" }.Start();
    }

    private static void Collect()
    {
        for (int i = 0; ; i++)
        {
            GC.Collect(i % 8 == 0 ? 2 : 0);
            BlockPool.Reclaim();
            Thread.Sleep(1);
        }
    }
}
