using System.Diagnostics;

namespace Adjoint;

internal sealed partial class Replays
{
    /// <summary>Calls the function, by a run of what was captured where there is such.</summary>
    internal IReadOnlyList<Tensor> Call(Tensor[] arguments) => Call(arguments, ResultKind.Many, out _)!;

    /// <summary>Calls a function with one result.</summary>
    internal Tensor CallOne(params ReadOnlySpan<Tensor> arguments)
    {
        IReadOnlyList<Tensor>? all = Call(arguments, ResultKind.One, out Tensor? one);
        return one ?? all![0];
    }

    /// <summary>Calls a function without results.</summary>
    internal void CallNone(params ReadOnlySpan<Tensor> arguments) => Call(arguments, ResultKind.None, out _);

    private IReadOnlyList<Tensor>? Call(ReadOnlySpan<Tensor> arguments, ResultKind kind, out Tensor? one)
    {
        Here here = Here.Now;
        ReplayTurns? turns = _turns;
        IReadOnlyList<Tensor>? many;
        bool isDone;
        turns?.Enter(here);
        try
        {
            isDone = TryKept(here, arguments, kind, out one, out many);
        }
        finally
        {
            turns?.Leave(here);
        }
        if (isDone) return many;
        // The function itself runs as it does outside: threads may wait in it for each other.
        if ((here.On & Others) != 0) return AsItIs(arguments.ToArray(), WhyModes(here.On));
        Tensor[] all = arguments.ToArray();
        if (!Array.Exists(all, x => x.IsNumber)) return Missed(here, all, all, [], kind, out one);
        if (Array.Exists(all, x => x.IsNumber && !x.DType.IsFloatingPoint))
            return AsItIs(all, "an argument is a whole number or a truth value of C#; pass a tensor, Tensor.Scalar(…), or a double");
        return Missed(here, all, Array.FindAll(all, x => !x.IsNumber), NumbersOf(all), kind, out one);
    }

    // By a run of what is kept, if something fits.
    private bool TryKept(Here here, ReadOnlySpan<Tensor> arguments, ResultKind kind, out Tensor? one, out IReadOnlyList<Tensor>? many)
    {
        (one, many) = (null, null);
        Replay[] kept = _kept;
        foreach (Replay replay in kept)
            if (replay.Alone is { } alone && replay.Runs < replay.VerifyAt && alone.TryRun(here, arguments, kind, out one)) return true;
        bool hasNumbers = false;
        foreach (Tensor x in arguments) hasNumbers |= x.Given().IsNumber;
        if ((here.On & Others) != 0) return false;
        if (hasNumbers) return TryWithNumbers(here, arguments.ToArray(), kind, out one, out many);
        int epoch = Structure.Epoch;
        foreach (Replay replay in kept)
        {
            if (replay.HasNumbers || !replay.Fits(here, arguments)) continue;
            if (replay.Runs >= replay.VerifyAt) Verify(replay, arguments.ToArray(), arguments.ToArray(), []);
            if (replay.CanBeTried && replay.Trial.IsTurn(replay.Runs))
            {
                many = InTurn(replay, here, arguments, [], kind, null, out one);
                return true;
            }
            many = Run(replay, here, arguments, [], kind, null, out one);
            replay.Alone?.Note(here, arguments, epoch);
            return true;
        }
        return false;
    }

    // See Note [Never a loss].
    private IReadOnlyList<Tensor>? InTurn(
        Replay replay, Here here, ReadOnlySpan<Tensor> tensors, double[] numbers, ResultKind kind, Tensor[]? arguments, out Tensor? one)
    {
        ReplayTrial trial = replay.Trial;
        long? taken = null;
        try
        {
            one = null;
            IReadOnlyList<Tensor>? all;
            long start = Stopwatch.GetTimestamp();
            if (trial.IsOfFunction)
            {
                all = CallInTurn(replay, arguments ?? tensors.ToArray());
            }
            else
            {
                // To find out whether it may run is a part of its time.
                _ = replay.Fits(here, tensors);
                all = Run(replay, here, tensors, numbers, kind, arguments, out one);
            }
            taken = Stopwatch.GetTimestamp() - start;
            return trial.IsOfFunction ? [.. all!.Select(y => y.GradFn is null ? y : y.Detach())] : all;
        }
        finally
        {
            trial.End(taken);
            if (trial.Verdict is { } why) LetGo(replay, why);
        }
    }

    // Where it throws, gradients are as they were, as after a run: an operation may throw, but before anything else is changed.
    private IReadOnlyList<Tensor> CallInTurn(Replay replay, Tensor[] arguments)
    {
        (Tensor Leaf, Tensor? Gradient)[] before = replay.MayThrow ? replay.HoldGradients(arguments) : [];
        try
        {
            replay.CountRun();
            return _call(arguments);
        }
        catch
        {
            foreach ((Tensor leaf, Tensor? gradient) in before) leaf.GradOrNull = gradient;
            throw;
        }
    }

    // The function itself is called from now on.
    private void LetGo(Replay replay, string why)
    {
        lock (_capturing)
        {
            _kept = [.. _kept.Where(known => !ReferenceEquals(known, replay))];
            _asItIs = [(replay.Signature, why), .. _asItIs.Take(Most - 1)];
        }
    }

    private bool TryWithNumbers(Here here, Tensor[] arguments, ResultKind kind, out Tensor? one, out IReadOnlyList<Tensor>? many)
    {
        (one, many) = (null, null);
        if (Array.Exists(arguments, x => x.IsNumber && !x.DType.IsFloatingPoint)) return false;
        Tensor[] tensors = Array.FindAll(arguments, x => !x.IsNumber);
        int epoch = Structure.Epoch;
        double[] numbers = NumbersOf(arguments);
        foreach (Replay replay in _kept)
        {
            if (!replay.HasNumbersOf(arguments) || !replay.Fits(here, tensors)) continue;
            if (replay.Runs >= replay.VerifyAt) Verify(replay, arguments, tensors, numbers);
            if (replay.CanBeTried && replay.Trial.IsTurn(replay.Runs))
            {
                many = InTurn(replay, here, tensors, numbers, kind, arguments, out one);
                return true;
            }
            many = Run(replay, here, tensors, numbers, kind, arguments, out one);
            replay.Alone?.Note(here, tensors, epoch);
            return true;
        }
        return false;
    }

    private static double[] NumbersOf(Tensor[] arguments) =>
        [.. arguments.Where(x => x.IsNumber).Select(x => x.AsNumber.ToDouble())];

    private IReadOnlyList<Tensor>? Run(
        Replay replay, Here here, ReadOnlySpan<Tensor> tensors, double[] numbers, ResultKind kind, Tensor[]? arguments, out Tensor? one)
    {
        try
        {
            return replay.Run(here, tensors, numbers, kind, out one);
        }
        catch (ReplayLayoutException e)
        {
            // Everything is as it was before the run.
            one = null;
            return AsItIs(arguments ?? tensors.ToArray(), e.Message);
        }
    }
}
