using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Lays the operands and results of a group: into the memory of tensors, or into what lasts as long as a tile.</summary>
internal sealed class TileLayout(TileGroup group, ReplayPlan plan, Func<GraphMemory, bool> isInner)
{
    private readonly List<TilePlace> _places = [];
    private readonly List<TileInstruction> _instructions = [];
    private readonly List<TileMemory> _memories = [];
    private readonly List<Tensor> _numbers = [];
    private readonly Dictionary<object, int> _known = new(ReferenceEqualityComparer.Instance);
    private readonly List<(int Place, int Size, int Until)> _alive = [];
    private readonly List<(int Place, int Size)> _free = [];
    private readonly List<int> _changed = [];
    private readonly List<string> _names = [];
    private int _scratch, _calls, _kept;

    internal void Add(GraphOperation operation, TileKernel kernel)
    {
        GraphTensor result = operation.Results.First(y => y is not null)!;
        int inputs = operation.Inputs.Count;
        var places = new int[inputs + operation.Results.Count];
        ulong repeated = 0;
        for (int i = 0; i < inputs; i++)
        {
            places[i] = Operand(operation, i, kernel, result.Shape, out bool isRepeated);
            if (isRepeated) repeated |= 1UL << i;
        }
        // What is read for the last time may be written to by an operation that allows it.
        if (kernel.MayOverwrite) Release(_calls);
        for (int i = 0; i < operation.Results.Count; i++) places[inputs + i] = Result(operation.Results[i]);
        if (!kernel.MayOverwrite) Release(_calls);
        // A result that nobody reads, too.
        _instructions.Add(new(kernel, places, repeated));
        if (operation.Changes.Count > 0 && !isInner(operation.Changes[0].Memory))
            _changed.Add(plan.Operand(operation.Inputs[0]));
        _names.Add(operation.Name);
        _calls++;
    }

    internal TileStep Step() => new(
        new TileProgram(group.Length, [.. _places], [.. _instructions], _scratch), [.. _memories], [.. _numbers], [.. _changed],
        $"{string.Join("·", _names.Take(12))}{(_names.Count > 12 ? "…" : "")} by tiles", _kept);

    private int Operand(GraphOperation operation, int index, TileKernel kernel, Shape shape, out bool isRepeated)
    {
        isRepeated = false;
        if (operation.Inputs[index] is not { } x) return -1;
        GraphMemory memory = x.Value.Memory;
        if (TileGroup.IsInOrder(x, group.Length))
            return isInner(memory) ? _known[memory] : InMemory(x, x.DType.Size);
        if (x.Shape.NumEl == 1 && kernel.MayRepeat(index))
        {
            isRepeated = true;
            return TileCalls.Number(operation, index) is { } number ? InNumber(number) : InMemory(x, 0);
        }
        int from = TileCalls.Number(operation, index) is { } other ? InNumber(other) : InMemory(x, 0);
        int size = x.DType.Size, to = Scratch(size, _calls);
        var load = new LoadWork(shape, Layout.ExpandStrides(x.Shape, x.Strides, shape));
        Dispatch.Moving(x.DType, ref load);
        _instructions.Add(new(load.Kernel!, [from, to], 0));
        return to;
    }

    private int Result(GraphTensor? y)
    {
        if (y is null) return -1;
        GraphMemory memory = y.Value.Memory;
        if (!isInner(memory)) return InMemory(y, y.DType.Size);
        // Changed in place: where it lies.
        if (_known.TryGetValue(memory, out int place)) return place;
        _kept++;
        return _known[memory] = Scratch(y.DType.Size, group.LastOf(memory));
    }

    private int InMemory(GraphTensor x, int step)
    {
        int number = plan.Operand(x);
        int at = _memories.FindIndex(memory => memory.Operand == number && memory.Step == step);
        if (at >= 0) return _known[_memories[at]];
        var added = new TileMemory(number, step, ReplayExtent.Of(x).Last - x.Offset + 1);
        _memories.Add(added);
        _places.Add(new(_memories.Count - 1, step, 0));
        return _known[added] = _places.Count - 1;
    }

    private int InNumber(Tensor number)
    {
        _numbers.Add(number);
        var added = new TileMemory(-_numbers.Count, 0, 1);
        _memories.Add(added);
        _places.Add(new(_memories.Count - 1, 0, 0));
        return _known[added] = _places.Count - 1;
    }

    private int Scratch(int size, int until)
    {
        int free = _free.FindLastIndex(place => place.Size == size), place;
        if (free >= 0)
        {
            place = _free[free].Place;
            _free.RemoveAt(free);
        }
        else
        {
            _places.Add(new(-1, 0, _scratch));
            place = _places.Count - 1;
            _scratch += size;
        }
        _alive.Add((place, size, until));
        return place;
    }

    private void Release(int call)
    {
        foreach ((int place, int size, int until) in _alive)
            if (until <= call) _free.Add((place, size));
        _alive.RemoveAll(value => value.Until <= call);
    }

    private struct LoadWork(Shape shape, int[] strides) : IMovingWork
    {
        internal TileKernel? Kernel { get; private set; }

        public void Run<T>() where T : unmanaged => Kernel = new TileLoad<T>(shape.Sizes, strides);
    }
}

/// <summary>The memory of a tensor that a program reads or writes.</summary>
/// <param name="Operand">The number of the operand; below 0 for a number of the step itself.</param>
/// <param name="Step">The bytes from one element to the next of those that are read in order; 0 for others.</param>
/// <param name="Elements">How many elements from its first one on it must have.</param>
internal sealed record TileMemory(int Operand, int Step, int Elements);
