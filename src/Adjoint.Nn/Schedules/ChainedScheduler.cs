namespace Adjoint.Optim;

/// <summary>Several schedules of one optimizer that step together.</summary>
/// <param name="schedules">The schedules, in the order of their steps.</param>
public sealed class ChainedScheduler(params LRScheduler[] schedules)
{
    private readonly LRScheduler[] _schedules = schedules.Elements();

    /// <summary>Goes on to the next epoch with every schedule.</summary>
    public void Step()
    {
        foreach (LRScheduler schedule in _schedules) schedule.Step();
    }
}
