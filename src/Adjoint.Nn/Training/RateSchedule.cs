using Adjoint.Optim;

namespace Adjoint.Training;

/// <summary>How the learning rate changes in a run: after each step, or after each epoch.</summary>
internal sealed class RateSchedule
{
    /// <summary>The schedules by name.</summary>
    public static readonly string[] Names = ["cooldown", "none", "cosine", "onecycle", "step", "plateau"];

    private RateSchedule(IStateful? schedule, Action? afterStep, Action<double>? afterEpoch) =>
        (Schedule, AfterStep, AfterEpoch) = (schedule, afterStep ?? (() => { }), afterEpoch ?? (_ => { }));

    /// <summary>What remembers how far it is; null where the rate does not change.</summary>
    public IStateful? Schedule { get; }

    /// <summary>To be called after each step of the optimizer.</summary>
    public Action AfterStep { get; }

    /// <summary>To be called after each epoch, with the loss by which it is judged.</summary>
    public Action<double> AfterEpoch { get; }

    /// <summary>A schedule by its name.</summary>
    /// <param name="name">
    /// <c>cooldown</c>: constant, then falling to zero (<see cref="Cooldown"/>); <c>none</c>: constant; <c>cosine</c>: along half a
    /// cosine to zero; <c>onecycle</c>: up to the rate and down again (<see cref="OneCycleLR"/>); <c>step</c>: a tenth after each third of
    /// the epochs; <c>plateau</c>: a tenth when the loss has not fallen for two epochs.
    /// </param>
    /// <param name="optimizer">Whose rate.</param>
    /// <param name="epochs">The epochs of the run.</param>
    /// <param name="stepsInEpoch">The steps of each.</param>
    /// <param name="cooldown">The share of the steps over which a cooldown falls.</param>
    public static RateSchedule Of(string name, Optimizer optimizer, int epochs, int stepsInEpoch, double cooldown)
    {
        long steps = (long)epochs * stepsInEpoch;
        switch (name)
        {
            case "none":
                return new(null, null, null);
            case "cosine":
                return EachStep(new LambdaLR(optimizer, step => (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)) / 2));
            case "onecycle":
                return EachStep(OneCycle(optimizer, steps));
            case "step":
                LRScheduler thirds = new StepLR(optimizer, Math.Max(1, epochs / 3));
                return new(thirds, null, _ => thirds.Step());
            case "plateau":
                var plateau = new ReduceLROnPlateau(optimizer, patience: 1);
                return new(plateau, null, plateau.Step);
            case "cooldown":
                return EachStep(Cooldown.Of(optimizer, steps, cooldown));
            default:
                throw new ArgumentException($"There is no schedule '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
        }
    }

    // The last step of a run has none after it: a cycle cannot be stepped beyond its end.
    private static OneCycleLR OneCycle(Optimizer optimizer, long steps) => new(
        optimizer, optimizer.ParamGroups[0].Lr, checked((int)steps + 1), cycleMomentum: false);

    private static RateSchedule EachStep(LRScheduler schedule) => new(schedule, schedule.Step, null);
}
