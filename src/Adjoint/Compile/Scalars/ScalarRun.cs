using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>A plan that is one program of numbers, run without an arena.</summary>
/// <remarks>
/// // Note [One look before a program of numbers]
/// A step of a few numbers takes less time than to find out whether it may run. So what a call is compared with lies ready: the modes of
/// the thread as one word; <see cref="Structure.Epoch"/>, which stands for all that changes by this library's own methods; for each
/// tensor that is known the object that is its memory, its node and its flags; for options the object that they are; for arguments the
/// very tensors of the last call; and the variables of the function, by code made for them. It is taken down only after everything was
/// looked at the long way (<see cref="Replay.Fits"/>), and where anything differs that way is gone again. What is beyond single numbers
/// in memory of their own (views, scopes, inference mode, gradients that are added to) always goes that way.
///
/// Each thread has a lane: what it writes besides parameters is its own, and nothing is locked.
/// </remarks>
internal abstract class ScalarRun
{
    /// <summary>Runs the program if nothing differs; otherwise nothing has happened.</summary>
    internal abstract bool TryRun(Here here, ReadOnlySpan<Tensor> arguments, ResultKind kind, out Tensor? one);

    /// <summary>Whether it is code by now.</summary>
    internal abstract bool HasCode { get; }

    /// <summary>After a run: takes down what the next call is compared with.</summary>
    /// <param name="here">The caller's thread.</param>
    /// <param name="arguments">The arguments of the run.</param>
    /// <param name="epoch">That of before the call was compared with what was captured.</param>
    internal abstract void Note(Here here, ReadOnlySpan<Tensor> arguments, int epoch);
}

/// <inheritdoc cref="ScalarRun"/>
internal sealed class ScalarRun<T> : ScalarRun where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // So many numbers of lanes are kept in all.
    private const int MostNumbers = 1 << 20, MostLanes = 64;

    private readonly Replay _replay;
    private readonly ScalarTape<T> _tape;
    private readonly ScalarSlots _slots;
    private readonly Tensor[] _known;
    private readonly GradMode.Switch _modes;
    private readonly ResultKind _kind;
    private readonly bool _isLong, _asksGradients, _hasNumbers;
    private Lane[] _lanes = [];
    private Noted? _noted;
    private ScalarCode<T>.Whole? _code;
    private int _runs;

    internal ScalarRun(Replay replay, ScalarTape<T> tape, ScalarSlots slots)
    {
        (_replay, _tape, _slots, _modes) = (replay, tape, slots, replay.Signature.Modes);
        _known = [.. replay.Known];
        _hasNumbers = replay.HasNumbers;
        _asksGradients = replay.Plan.Leaves.Length > 0;
        _isLong = tape.Steps.Length > ScalarCode<T>.MostSteps;
        _kind = slots.Results.Length == 0 ? ResultKind.None : ResultKind.One;
    }

    internal override bool HasCode => _code is not null;

    internal override bool TryRun(Here here, ReadOnlySpan<Tensor> arguments, ResultKind kind, out Tensor? one)
    {
        one = null;
        Noted? noted = _noted;
        if (noted is null || noted.Epoch != Structure.Epoch || here.On != _modes || kind != _kind) return false;
        Lane? lane = LaneOf(here);
        if (lane is null || !Takes(lane, arguments) || !noted.IsSame(_known) || (_asksGradients && !_replay.HasGradients(arguments))
            || !_replay.Watch.IsSame())
            return false;
        _replay.CountRun();
        one = Run(here, lane);
        return true;
    }

    internal override void Note(Here here, ReadOnlySpan<Tensor> arguments, int epoch)
    {
        if (here.On != _modes) return;
        foreach (Tensor x in arguments)
            if (!x.IsSingle) return;
        if ((LaneOf(here) ?? AddLane(here)) is not { } lane) return;
        for (int i = 0; i < arguments.Length; i++) (lane.Operands[i], lane.Arguments[i]) = (arguments[i], new(arguments[i]));
        if (_noted is { } known && known.Epoch == epoch && known.IsSame(_known)) return;
        foreach (Tensor x in _known)
            if (x.IsView) return;
        // First taken, then looked at: what changes in between is seen here or by the next call.
        var noted = new Noted(epoch, _known, _replay.Plan.Prepared, _replay.Options);
        _noted = _replay.IsAsCaptured() ? noted : null;
    }

    private Tensor? Run(Here here, Lane lane)
    {
        Tensor?[] operands = lane.Operands;
        ScalarSlots slots = _slots;
        Tensor? one = null;
        foreach (ScalarSlots.Gradient g in slots.Gradients)
            if (!operands[g.Slot]!.IsUnseen) operands[g.Slot] = g.Make();
        foreach (ScalarSlots.Result y in slots.Results) operands[y.Slot] = one = Tensor.UninitializedNumber(here, y.Shape, y.DType);
        if (_code is { } code) code(operands);
        else Interpret(lane);
        foreach (ScalarSlots.Result y in slots.Results) operands[y.Slot] = null;
        foreach (ScalarSlots.Gradient g in slots.Gradients)
            if (!ReferenceEquals(g.Leaf.GradUnnoted, operands[g.Slot])) g.Leaf.GradOrNull = operands[g.Slot];
        foreach (Tensor leaf in slots.Cleared)
            if (leaf.GradUnnoted is not null) leaf.GradOrNull = null;
        return one;
    }

    private void Interpret(Lane lane)
    {
        T[] memory = lane.Memory ??= (T[])_tape.Template.Clone();
        Tensor?[] operands = lane.Operands;
        ref T first = ref MemoryMarshal.GetArrayDataReference(memory);
        foreach ((int place, int slot) in _slots.Loads) Unsafe.Add(ref first, place) = operands[slot]!.First<T>();
        if (_isLong) _tape.Compute(ref first);
        else _tape.Interpret(ref first);
        foreach ((int place, int slot) in _slots.Stores) operands[slot]!.SetFirst(Unsafe.Add(ref first, place));
        foreach ((int place, int slot) in _slots.Changes)
        {
            operands[slot]!.SetFirst(Unsafe.Add(ref first, place));
            operands[slot]!.CountChangeAlone();
        }
        if (!_isLong && _runs < ScalarTape.Trials && ++_runs == ScalarTape.Trials)
            ScalarCode<T>.Begin(_tape, _slots, made => Volatile.Write(ref _code, made));
    }

    // The very tensors of the last call, or others that are single numbers apart from all that is known.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Takes(Lane lane, ReadOnlySpan<Tensor> arguments)
    {
        if (_hasNumbers && !TakesNumbers(lane, ref arguments)) return false;
        if (arguments.Length != lane.Arguments.Length) return false;
        bool areKnown = true;
        for (int i = 0; i < arguments.Length; i++)
            areKnown &= ReferenceEquals(arguments[i], lane.Operands[i]) && lane.Arguments[i].IsOf(arguments[i]);
        return areKnown || TakesOthers(lane, arguments);
    }

    // The numbers go to slots of their own; the other arguments are left.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TakesNumbers(Lane lane, ref ReadOnlySpan<Tensor> arguments)
    {
        foreach (Tensor x in arguments)
            if (x is null || (x.IsNumber && !x.DType.IsFloatingPoint)) return false;
        if (!_replay.HasNumbersOf(arguments)) return false;
        (int tensors, int numbers) = (0, 0);
        foreach (Tensor x in arguments)
        {
            if (!x.IsNumber)
            {
                lane.Others[tensors++] = x;
                continue;
            }
            T value = T.CreateTruncating(x.AsNumber.ToDouble());
            foreach ((int slot, int index) in _slots.Numbers)
                if (index == numbers) lane.Operands[slot]!.SetFirst(value);
            numbers++;
        }
        arguments = lane.Others;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TakesOthers(Lane lane, ReadOnlySpan<Tensor> arguments)
    {
        foreach (Tensor x in arguments)
            if (x is null || !x.IsSingle) return false;
        if (!_replay.Signature.FitsArguments(arguments) || !_replay.IsApart(arguments)) return false;
        for (int i = 0; i < arguments.Length; i++) (lane.Operands[i], lane.Arguments[i]) = (arguments[i], new(arguments[i]));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lane? LaneOf(Here here)
    {
        foreach (Lane lane in _lanes)
            if (ReferenceEquals(lane.Owner, here)) return lane;
        return null;
    }

    private Lane? AddLane(Here here)
    {
        lock (_slots)
        {
            if (_lanes.Length >= MostLanes || (_lanes.Length + 1L) * _tape.Template.Length > Math.Max(MostNumbers, _tape.Template.Length))
                return null;
            var lane = new Lane(here, _slots);
            _lanes = [.. _lanes, lane];
            return lane;
        }
    }

    /// <summary>What a thread writes besides parameters.</summary>
    private sealed class Lane
    {
        internal Lane(Here owner, ScalarSlots slots)
        {
            (Owner, Operands) = (owner, new Tensor?[slots.Count]);
            Arguments = new Tensor.Standing[slots.Arguments];
            Others = new Tensor[slots.Arguments];
            foreach ((int slot, Tensor x) in slots.Outside) Operands[slot] = x;
            foreach ((int slot, _) in slots.Numbers) Operands[slot] = Tensor.Outside(Shape.Scalar, slots.DType);
            foreach (ScalarSlots.Gradient g in slots.Gradients) Operands[g.Slot] = g.Make();
        }

        internal Here Owner { get; }

        internal Tensor?[] Operands { get; }

        internal Tensor.Standing[] Arguments { get; }

        /// <summary>Room for the arguments that are no C# numbers.</summary>
        internal Tensor[] Others { get; }

        internal T[]? Memory { get; set; }
    }

    /// <summary>What the next call is compared with.</summary>
    private sealed class Noted(int epoch, Tensor[] known, IPreparedOperation[] prepared, (IOptions Options, object? Now)[] options)
    {
        private readonly Tensor.Standing[] _standing = Array.ConvertAll(known, x => new Tensor.Standing(x));
        private readonly (IOptions Options, object? Now)[] _options =
            [.. options, .. prepared.Select(operation => (operation.Options, operation.Options.Now))];

        internal int Epoch => epoch;

        internal bool IsSame(Tensor[] tensors)
        {
            Tensor.Standing[] standing = _standing;
            for (int i = 0; i < standing.Length && i < tensors.Length; i++)
                if (!standing[i].IsOf(tensors[i])) return false;
            foreach ((IOptions options, object? now) in _options)
                if (!ReferenceEquals(options.Now, now)) return false;
            return true;
        }
    }
}
