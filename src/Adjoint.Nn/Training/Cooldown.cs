using Adjoint.Optim;

namespace Adjoint.Training;

/// <summary>
/// A learning rate that is constant at first and falls linearly to zero over the last share of a run's steps. At a constant rate the
/// weights go on jumping about the minimum, and the accuracy with them; the fall lets them settle.
/// </summary>
/// <remarks>Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations", 2024.</remarks>
internal static class Cooldown
{
    /// <summary>A schedule to be stepped after each step of <paramref name="optimizer"/>.</summary>
    /// <param name="optimizer">Whose rate.</param>
    /// <param name="steps">The steps of the run.</param>
    /// <param name="share">The share of them over which the rate falls, from 0 to 1.</param>
    public static LRScheduler Of(Optimizer optimizer, long steps, double share) =>
        new LambdaLR(optimizer, step => Factor(step, steps, share));

    /// <summary>
    /// What the rate is multiplied with at <paramref name="step"/>, which counts from 0: never zero before the run's end.
    /// </summary>
    public static double Factor(long step, long steps, double share)
    {
        double falling = share * steps, left = steps - step;
        return left >= falling ? 1 : left / falling;
    }
}
