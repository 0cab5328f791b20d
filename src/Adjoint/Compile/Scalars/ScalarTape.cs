using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>Operations on single numbers as one program: numbers in a row of memory, and formulas from place to place.</summary>
/// <remarks>
/// // Note [Numbers without tensors]
/// What an operation on two numbers costs is the tensors around them. In a program that is run again they are places in an array: each
/// step is the formula of its operation, read over numbers as its kernel reads it, so with the same bits. At first it is interpreted, a
/// virtual call a step. After some runs the steps are joined to straight-line code (<see cref="ScalarCode{T}"/>) on another thread, where
/// code can be generated; that calls the same formulas.
/// </remarks>
internal abstract class ScalarTape : ReplayStep
{
    /// <summary>So often a program is interpreted before code is made of it.</summary>
    internal const int Trials = 40;

    /// <summary>A plan that is nothing but this program, without an arena; null where that cannot be.</summary>
    internal abstract ScalarRun? RunOf(Replay replay);
}

/// <inheritdoc cref="ScalarTape"/>
internal sealed class ScalarTape<T> : ScalarTape where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (int Place, int Operand)[] _loads, _stores, _changes;
    private readonly int _number;
    private ScalarCode<T>.Piece[]? _code;
    private ScalarRun? _alone;
    private int _runs;

    internal ScalarTape(ReplayPart part, ReplayPlan plan)
    {
        (_number, DType) = (plan.NextTape(), part.Tape!.Value);
        var places = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        List<T> numbers = [T.Zero];
        List<(int, int)> loads = [], stores = [], changes = [];
        List<ScalarStep<T>> steps = [];
        List<ScalarPlaces> at = [];
        foreach (GraphOperation operation in part.Operations)
        {
            int[] x = new int[4];
            for (int i = 0; i < operation.Inputs.Count; i++)
                if (operation.Inputs[i] is { } input) x[i] = PlaceOf(input);
            DType dtype = operation.Results.OfType<GraphTensor>().First().DType;
            IScalarStep?[] formulas = ((IScalarOperation)operation.Call.Operation).Scalars(dtype)!;
            for (int i = 0; i < formulas.Length; i++)
            {
                if (formulas[i] is not ScalarStep<T> formula || operation.Results[i] is not { } y) continue;
                GraphMemory made = y.Value.Memory;
                int place;
                if (operation.Changes.Count > 0)
                {
                    place = x[0];
                    changes.Add((place, plan.Operand(operation.Inputs[0])));
                }
                else
                {
                    place = NewPlace(made, T.Zero);
                    if (plan.Places[made.Index] is ReplayPlace.Shared or ReplayPlace.Kept or ReplayPlace.Fresh)
                        stores.Add((place, plan.Operand(y)));
                }
                steps.Add(formula);
                at.Add(new ScalarPlaces(x[0], x[1], x[2], x[3], place));
            }
        }
        (Steps, Places, Template) = ([.. steps], [.. at], [.. numbers]);
        (_loads, _stores, _changes) = ([.. loads], [.. stores], [.. changes]);

        int NewPlace(object key, T number)
        {
            numbers.Add(number);
            places[key] = numbers.Count - 1;
            return numbers.Count - 1;
        }

        int PlaceOf(GraphTensor x)
        {
            GraphMemory memory = x.Value.Memory;
            object key = memory.Length == 1 ? memory : x;
            if (places.TryGetValue(key, out int known)) return known;
            if (memory.Role == GraphRole.Number) return NewPlace(key, memory.Tensor!.First<T>());
            if (plan.Folded[memory.Index] is { } folded && memory.Length == 1) return NewPlace(key, folded.First<T>());
            int place = NewPlace(key, T.Zero);
            loads.Add((place, plan.Operand(x)));
            return place;
        }
    }

    internal DType DType { get; }

    internal ScalarStep<T>[] Steps { get; }

    internal ScalarPlaces[] Places { get; }

    /// <summary>The numbers before a run.</summary>
    internal T[] Template { get; }

    internal override string Kind => $"{Steps.Length} operations on numbers, "
        + (_code is null && _alone is not { HasCode: true } ? "interpreted" : "as straight-line code");

    internal override ScalarRun? RunOf(Replay replay) =>
        ScalarSlots.Of(replay.Plan, _loads, _stores, _changes) is { } slots ? _alone = new ScalarRun<T>(replay, this, slots) : null;

    internal override void Run(ReplayArena arena)
    {
        T[] memory = arena.Tape(_number) is { } known ? Unsafe.As<T[]>(known) : arena.BeginTape(_number, (T[])Template.Clone());
        ref T first = ref MemoryMarshal.GetArrayDataReference(memory);
        foreach ((int place, int operand) in _loads) Unsafe.Add(ref first, place) = arena.Operand(operand).First<T>();
        Compute(ref first);
        foreach ((int place, int operand) in _stores) arena.Operand(operand).SetFirst(Unsafe.Add(ref first, place));
        foreach ((int place, int operand) in _changes)
        {
            Tensor x = arena.Operand(operand);
            x.SetFirst(Unsafe.Add(ref first, place));
            x.CountChangeAlone();
        }
    }

    /// <summary>Computes all numbers.</summary>
    internal void Compute(ref T memory)
    {
        if (_code is { } code)
        {
            foreach (ScalarCode<T>.Piece piece in code) piece(ref memory);
            return;
        }
        Interpret(ref memory);
        if (_runs < Trials && ++_runs == Trials) ScalarCode<T>.Begin(this, made => Volatile.Write(ref _code, made));
    }

    /// <summary>Computes all numbers, step by step.</summary>
    internal void Interpret(ref T memory)
    {
        ScalarStep<T>[] steps = Steps;
        ScalarPlaces[] places = Places;
        for (int i = 0; i < steps.Length && i < places.Length; i++) steps[i].Run(ref memory, in places[i]);
    }
}
