namespace Adjoint;

public abstract partial class Compiled
{
    /// <summary>Compiles a training step: forward, backward and update as one program.</summary>
    /// <param name="step">The step. It is called two times when it is captured, which leaves no trace in tensors, and then no
    /// more.</param>
    /// <param name="verify">Every so many runs the step is captured again and compared; 0 never. Left out: after 16 runs, 64, 256, …, a
    /// million, and then every million.</param>
    /// <param name="fallback">Whether a step that cannot be captured is called as it is, instead of throwing.</param>
    /// <param name="keepGrads">Whether the gradients of parameters are there after a run. If not, they last until the optimizer has
    /// stepped along them, their memory is used again, and <see cref="Tensor.Grad"/> is null then; those of arguments are kept. The
    /// step must then let go of gradients before it computes them (<c>ZeroGrad</c>): what adds up has to be kept.</param>
    /// <exception cref="GraphException">In a call: the step does what cannot be captured; the message says which line, and what to
    /// do. With <paramref name="keepGrads"/> false: it adds to gradients that were there before. Or a capture that verifies
    /// it found that it computes something else than when it was captured.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="verify"/> is negative.</exception>
    /// <remarks>
    /// A run throws what the step would throw, and then everything is as before the run. Results have no history, so a result that a
    /// backward pass could still go through is refused: call <c>Backward</c> in the step. C# code in the step (printing, counters) runs
    /// when it is captured and in the few calls that find out whether a run is faster, and not in a run.
    /// </remarks>
    public static Compiled<Func<Tensor>> Step(Func<Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => [step()], true, verify, fallback, keepGrads);
        return new(replays, () => replays.CallOne([]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Action> Step(Action step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => { step(); return []; }, true, verify, fallback, keepGrads);
        return new(replays, () => replays.CallNone([]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Func<Tensor, Tensor>> Step(
        Func<Tensor, Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => [step(a[0])], true, verify, fallback, keepGrads);
        return new(replays, x => replays.CallOne([x]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Action<Tensor>> Step(Action<Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => { step(a[0]); return []; }, true, verify, fallback, keepGrads);
        return new(replays, x => replays.CallNone([x]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Func<Tensor, Tensor, Tensor>> Step(
        Func<Tensor, Tensor, Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => [step(a[0], a[1])], true, verify, fallback, keepGrads);
        return new(replays, (x, y) => replays.CallOne([x, y]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Action<Tensor, Tensor>> Step(
        Action<Tensor, Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => { step(a[0], a[1]); return []; }, true, verify, fallback, keepGrads);
        return new(replays, (x, y) => replays.CallNone([x, y]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Func<Tensor, Tensor, Tensor, Tensor>> Step(
        Func<Tensor, Tensor, Tensor, Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => [step(a[0], a[1], a[2])], true, verify, fallback, keepGrads);
        return new(replays, (x, y, z) => replays.CallOne([x, y, z]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Action<Tensor, Tensor, Tensor>> Step(
        Action<Tensor, Tensor, Tensor> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), a => { step(a[0], a[1], a[2]); return []; }, true, verify, fallback, keepGrads);
        return new(replays, (x, y, z) => replays.CallNone([x, y, z]));
    }

    /// <inheritdoc cref="Step(Func{Tensor}, int?, bool, bool)"/>
    public static Compiled<Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>> StepOfList(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> step, int? verify = null, bool fallback = false, bool keepGrads = true)
    {
        Replays replays = Of(step.Given(), step, true, verify, fallback, keepGrads);
        return new(replays, all => replays.Call([.. all.AllGiven()]));
    }

    private static Replays Of(
        Delegate f, Func<Tensor[], IReadOnlyList<Tensor>> call, bool isStep, int? verify, bool fallback, bool keepGrads = true)
    {
        f.Given();
        if (verify < 0)
            throw new ArgumentOutOfRangeException(
                nameof(verify), verify, "Every how many runs a function is verified must not be negative; 0 is never.");
        string?[] names = [.. f.Method.GetParameters().Select(parameter => parameter.Name)];
        return new Replays(f, call, names, new CompileOptions(isStep, verify, fallback, keepGrads));
    }
}
