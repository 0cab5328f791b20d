using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>One call of an operation on its way to the kernel, as an <see cref="OpMode"/> sees it.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public abstract class OpCall
{
    // What runs is this array, which nobody else may write to.
    private protected OpCall(Tensor?[] inputs) => Inputs = Array.AsReadOnly(inputs);

    /// <summary>
    /// PyTorch's name of the operation, where it has one: <c>mul</c>, <c>index_put</c>; with an underscore at the end if it changes
    /// its first input. Kernels of gradients end in <c>_backward</c>.
    /// </summary>
    public abstract string Name { get; }

    /// <summary>The tensors it was called with, in the order of its arguments; null for one that was left out.</summary>
    public IReadOnlyList<Tensor?> Inputs { get; }

    /// <summary>What it was told besides tensors, by PyTorch's names.</summary>
    public abstract IReadOnlyDictionary<string, object?> Attributes { get; }

    /// <summary>Whether its result is its first input, changed in place.</summary>
    public bool IsInPlace => Name.EndsWith('_');

    /// <summary>Goes on: to the next mode further in, and in the end to the operation itself.</summary>
    /// <returns>The results; null for one that nobody asked for.</returns>
    public IReadOnlyList<Tensor?> Run() => Door.GoOn(this);

    /// <summary>The same operation on other tensors, to be run or kept.</summary>
    /// <param name="inputs">As many as there were.</param>
    /// <exception cref="ArgumentException">Their number is another, or one that was there is missing.</exception>
    public OpCall With(params IReadOnlyList<Tensor?> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor?[] given = [.. inputs];
        if (given.Length != Inputs.Count)
            throw new ArgumentException($"{Name}: was called with {Inputs.Count} tensors, but {given.Length} were given.", nameof(inputs));
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] is null && Inputs[i] is not null)
                throw new ArgumentException($"{Name}: input {i} is a tensor, but null was given.", nameof(inputs));
        }
        return On(given);
    }

    internal abstract bool HasOneResult { get; }

    /// <summary>The operation, which may be more than it says of itself here.</summary>
    internal abstract object Operation { get; }

    /// <summary>The operation without the tensors it was called with.</summary>
    internal OpCall Bare() => On(new Tensor?[Inputs.Count]);

    /// <summary>The inputs with those tensors after them that the operation holds itself.</summary>
    internal static Tensor?[] All<TOp>(TOp op, ReadOnlySpan<Tensor?> x) where TOp : struct =>
        op is IHolder<TOp> { Held: { Count: > 0 } held } ? [.. x, .. held] : x.ToArray();

    // What the operation holds stands at the end of the inputs, and may be something else than when it was called.
    private protected static TOp Fitted<TOp>(TOp op, ref ReadOnlySpan<Tensor?> x) where TOp : struct
    {
        // Asked of the type first: an operation that is asked whether it is a holder goes into a box.
        if (!Holder<TOp>.Is || op is not IHolder<TOp> { Held: { Count: > 0 and var count } } holder) return op;
        Tensor[] held = [.. x[^count..]!];
        x = x[..^count];
        return holder.Holding(held);
    }

    private static class Holder<TOp> where TOp : struct
    {
        internal static readonly bool Is = default(TOp) is IHolder<TOp>;
    }

    /// <summary>Runs the operation itself.</summary>
    internal abstract Tensor?[] Execute();

    private protected static IReadOnlyDictionary<string, object?> Told<TOp>(TOp op) where TOp : struct, IOperation
    {
        var attributes = new OpAttributes();
        op.Describe(attributes);
        return attributes.Values;
    }

    /// <summary>
    /// Runs the operation itself on other tensors, and leaves the results where they are wanted: for who runs it again and again.
    /// </summary>
    internal abstract void Execute(ReadOnlySpan<Tensor?> inputs, Span<Tensor?> results);

    /// <summary>Whether another call is the same operation, told the same numbers, bit for bit. What it cannot be sure of is not.</summary>
    internal abstract bool IsSameOperation(OpCall other);

    // References may be compared by what they say of themselves: lists of dimensions, forms, names.
    private protected bool IsSame<TOp>(in TOp a, in TOp b, OpCall other) where TOp : struct, IOperation
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<TOp>())
        {
            return MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<TOp, byte>(ref Unsafe.AsRef(in a)), Unsafe.SizeOf<TOp>())
                .SequenceEqual(MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<TOp, byte>(ref Unsafe.AsRef(in b)), Unsafe.SizeOf<TOp>()));
        }
        return Name == other.Name && Attributes.Count == other.Attributes.Count
            && Attributes.All(one => GraphDifference.Equal(one.Value, other.Attributes.GetValueOrDefault(one.Key)));
    }

    /// <summary>The operation as one that can write to memory that is there, if it is one.</summary>
    internal IIntoOperation? Into => Operation as IIntoOperation;

    private protected abstract OpCall On(Tensor?[] inputs);

    /// <summary>The name and the shapes.</summary>
    public override string ToString() =>
        $"{Name}({string.Join(", ", Inputs.Select(x => x is null ? "none" : $"{x.DType}{x.Shape}"))})";
}

/// <summary>A call of an operation with one result.</summary>
internal sealed class TensorCall<TOp>(TOp op, Tensor?[] inputs) : OpCall(inputs) where TOp : struct, ITensorOperation
{
    private readonly TOp _op = op;
    private readonly Tensor?[] _inputs = inputs;

    public override string Name => _op.Name;

    public override IReadOnlyDictionary<string, object?> Attributes => Told(_op);

    internal override bool HasOneResult => true;

    internal override object Operation => _op;

    internal override bool IsSameOperation(OpCall other) => other is TensorCall<TOp> same && IsSame(in _op, in same._op, other);

    internal override Tensor?[] Execute()
    {
        ReadOnlySpan<Tensor?> x = _inputs;
        return [Fitted(_op, ref x).Run(Here.Now, x)];
    }

    internal override void Execute(ReadOnlySpan<Tensor?> inputs, Span<Tensor?> results) =>
        results[0] = Fitted(_op, ref inputs).Run(Here.Now, inputs);

    private protected override OpCall On(Tensor?[] inputs) => new TensorCall<TOp>(_op, inputs);
}

/// <summary>A call of an operation with several results.</summary>
internal sealed class TensorsCall<TOp>(TOp op, Tensor?[] inputs) : OpCall(inputs) where TOp : struct, ITensorsOperation
{
    private readonly TOp _op = op;
    private readonly Tensor?[] _inputs = inputs;

    public override string Name => _op.Name;

    public override IReadOnlyDictionary<string, object?> Attributes => Told(_op);

    internal override bool HasOneResult => false;

    internal override object Operation => _op;

    internal override bool IsSameOperation(OpCall other) => other is TensorsCall<TOp> same && IsSame(in _op, in same._op, other);

    internal override Tensor?[] Execute()
    {
        ReadOnlySpan<Tensor?> x = _inputs;
        return Fitted(_op, ref x).Run(Here.Now, x);
    }

    internal override void Execute(ReadOnlySpan<Tensor?> inputs, Span<Tensor?> results) =>
        Fitted(_op, ref inputs).Run(Here.Now, inputs).CopyTo(results);

    private protected override OpCall On(Tensor?[] inputs) => new TensorsCall<TOp>(_op, inputs);
}
