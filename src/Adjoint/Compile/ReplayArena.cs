using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The memory of one caller of a plan at a time: its tensors, ready for every step.</summary>
/// <remarks>
/// // Note [What a caller gets is his]
/// A value that leaves a run (an output, the gradient of a leaf) is in memory that no later run writes to, unless nobody has it any more.
/// Outputs are new in every run. A gradient stays in the memory of the arena as long as nobody has asked the leaf for it
/// (<see cref="Tensor.IsUnseen"/>); once somebody has, that memory is his, and the arena takes other memory. Nothing of the arena goes
/// back to the pool early: its tensors are shared from the beginning.
/// </remarks>
internal sealed partial class ReplayArena
{
    private readonly ReplayPlan _plan;
    private readonly Tensor?[] _operands;
    private readonly Tensor?[] _buffers;
    private readonly object?[] _tapes;
    private readonly Tensor?[] _inputs = new Tensor?[16], _targets = new Tensor?[16], _results = new Tensor?[16];
    private Tensor?[] _manyInputs = [];

    internal ReplayArena(ReplayPlan plan)
    {
        _plan = plan;
        Supply = new ReplaySupply(plan);
        _operands = new Tensor?[plan.Tensors.Length];
        _copies = plan.Undo.IsEmpty ? null : new ReplayCopies(plan.Undo);
        _changedOperand = memory => Operand(plan.TensorsOf[memory.Index][0]);
        _tapes = new object?[plan.TapeCount];
        _gradientsBefore = new Tensor?[plan.Gradients.Length];
        _clearedBefore = new Tensor?[plan.Cleared.Length + plan.ClearedArguments.Length];
        _arguments = new Tensor?[plan.Arguments.Length];
        _asked = new double[plan.Asked.Length];
        _buffers = [.. plan.Buffers.Select(b => Ours(Tensor.Uninitialized([b.Length], b.DType)))];
        foreach (GraphMemory memory in plan.Graph.Memories)
        {
            switch (plan.Places[memory.Index])
            {
                case ReplayPlace.Outside: Bind(memory.Index, memory.Tensor!, memory.Tensor!.Offset); break;
                case ReplayPlace.Folded: Bind(memory.Index, plan.Folded[memory.Index]!, 0); break;
                case ReplayPlace.Shared: Bind(memory.Index, _buffers[plan.BufferOf[memory.Index]]!, 0); break;
                case ReplayPlace.Kept: Keep(memory.Index); break;
            }
        }
    }

    /// <summary>The plan.</summary>
    internal ReplayPlan Plan => _plan;

    /// <summary>Tensors for operations that make their results themselves.</summary>
    internal ReplaySupply Supply { get; }

    internal object? Tape(int number) => _tapes[number];

    internal T[] BeginTape<T>(int number, T[] memory)
    {
        _tapes[number] = memory;
        return memory;
    }

    /// <summary>An operand by its number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Tensor Operand(int number) => _operands[number]!;

    /// <summary>Operands by their numbers; null for −1.</summary>
    internal ReadOnlySpan<Tensor?> Operands(int[] numbers)
    {
        Span<Tensor?> room = _inputs;
        if (numbers.Length > room.Length)
            room = _manyInputs.Length >= numbers.Length ? _manyInputs : _manyInputs = new Tensor?[numbers.Length];
        for (int i = 0; i < numbers.Length; i++) room[i] = numbers[i] < 0 ? null : _operands[numbers[i]];
        return room[..numbers.Length];
    }

    internal ReadOnlySpan<Tensor?> Targets(int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++) _targets[i] = numbers[i] < 0 ? null : _operands[numbers[i]];
        return _targets.AsSpan(0, numbers.Length);
    }

    /// <summary>Room for the results of an operation.</summary>
    internal Span<Tensor?> Results(int count) => count <= _results.Length ? _results.AsSpan(0, count) : new Tensor?[count];

    /// <summary>Takes what an operation gave.</summary>
    /// <exception cref="GraphException">It has another shape than when it was captured.</exception>
    internal void Take(GraphOperation operation, GraphTensor y, Tensor result)
    {
        // What was changed in place lies where the operand does.
        if (y.Value.Version != 0) return;
        if (result.Shape.Equals(y.Shape) && result.DType == y.DType
            && (!result.Strides.SequenceEqual(y.Strides) || result.Offset != y.Offset || result.MemoryLength != y.Value.Memory.Length))
            throw new ReplayLayoutException($"{operation.Name} gave a tensor that lies otherwise in memory than when it was captured");
        if (!result.Shape.Equals(y.Shape) || result.DType != y.DType)
            throw new GraphException(
                $"{operation.Name}: gave {y.DType} {y.Shape} when the step was captured, but gives {result.DType} {result.Shape} for "
                + "these values. A compiled function has one shape for each tensor: compute with masks of one shape (Tensor.Where) instead "
                + "of choosing elements, or leave it out of what is compiled.");
        if (!operation.Makes(y.Value)) return;
        Bind(y.Value.Memory.Index, result.GradFn is null && !result.RequiresGrad ? result : result.Detach(), result.Offset);
    }

    // Every operand that shows the memory, where a tensor shows it from a place on.
    private void Bind(int memory, Tensor at, int capturedOffset)
    {
        foreach (int number in _plan.TensorsOf[memory])
        {
            GraphTensor x = _plan.Tensors[number];
            // Whoever changed what since it was looked at: nothing is read beside its memory.
            if (!_plan.Extents[number].Fits(at.Offset - capturedOffset, at.MemoryLength)) throw Outside(x, at);
            bool isItself = at.Base is null && x.Offset == capturedOffset
                && (ReferenceEquals(x.Shape, at.Shape) || x.Shape.Equals(at.Shape))
                && (x.IsContiguous ? at.IsContiguous : x.Strides.SequenceEqual(at.Strides));
            _operands[number] = isItself ? at
                : at.Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), at.Offset + x.Offset - capturedOffset);
        }
    }

    private static GraphException Outside(GraphTensor x, Tensor at) => new(
        $"{x.Name}: is now a tensor of shape {at.Shape} in memory of {at.MemoryLength} elements, which is less than when the function was "
        + "captured. Does another thread change it while this one runs?");

    private void Keep(int memory)
    {
        Tensor whole = Whole(memory);
        Bind(memory, whole, 0);
        if (_plan.MovedTo(memory) is { } from) Bind(from.Index, Ours(whole), 0);
        foreach (int number in _plan.TensorsOf[memory]) Ours(_operands[number]!).IsUnseen = true;
    }

    private Tensor Whole(int memory) => Tensor.Uninitialized(_plan.Wholes[memory]!, _plan.Graph.Memories[memory].DType);

    private static Tensor Ours(Tensor x)
    {
        x.ShareMemory();
        return x;
    }
}

/// <summary>An operation gave a result of another layout for these values: then the function itself is called.</summary>
internal sealed class ReplayLayoutException(string message) : Exception(message);
