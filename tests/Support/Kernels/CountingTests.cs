using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>
/// Tests that count what the whole process has: no other test runs beside them (<see cref="NativeMemory"/>), nor the thread that collects
/// all the time; and what earlier tests left has been found before they begin.
/// </summary>
public abstract class CountingTests : IDisposable
{
    private readonly IDisposable _pause = CollectingThread.Pause();

    protected CountingTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Cpu.Memory.Trim();
    }

    public void Dispose()
    {
        _pause.Dispose();
        GC.SuppressFinalize(this);
    }
}
