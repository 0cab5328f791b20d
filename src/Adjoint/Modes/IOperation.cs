namespace Adjoint;

/// <summary>An operation on tensors as the <see cref="Door"/> runs it: what it is called, what it was told, and how it runs.</summary>
/// <remarks>A readonly struct, so that a call of the plain mode makes no object. What it is called with is no part of it.</remarks>
internal interface IOperation
{
    /// <summary>PyTorch's name: <c>index_put</c>; of one that changes its first input, with an underscore at the end.</summary>
    string Name { get; }

    /// <summary>Tells its attributes.</summary>
    void Describe(OpAttributes to);
}

/// <summary>An operation with one result.</summary>
internal interface ITensorOperation : IOperation
{
    /// <summary>Runs it and records it, whatever modes are around.</summary>
    /// <param name="here">The thread.</param>
    /// <param name="x">Its inputs.</param>
    Tensor Run(Here here, ReadOnlySpan<Tensor?> x);
}

/// <summary>An operation with several results, of which some may be missing.</summary>
internal interface ITensorsOperation : IOperation
{
    /// <inheritdoc cref="ITensorOperation.Run"/>
    Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> x);
}

/// <summary>
/// An operation with tensors in it that are not its inputs, such as the places of an index. To modes they are inputs as well, after
/// the others, so that they can be other tensors another time.
/// </summary>
/// <typeparam name="TOp">The operation itself.</typeparam>
internal interface IHolder<TOp> where TOp : struct
{
    /// <summary>The tensors in it.</summary>
    IReadOnlyList<Tensor> Held { get; }

    /// <summary>The same operation with others in their place.</summary>
    TOp Holding(IReadOnlyList<Tensor> held);
}

/// <summary>An operation that changes what outlives it besides its inputs, such as the step of an optimizer.</summary>
internal interface IStatefulOperation
{
    /// <summary>Whose state it is: another one is another operation.</summary>
    object Group { get; }

    /// <summary>The tensors of its state, as far as they are there by now: of which input, what they are called, and they.</summary>
    IReadOnlyList<(Tensor Of, string Name, Tensor Tensor)> Cells { get; }

    /// <summary>Keeps what of its state is no tensor, and which tensors there are; the result brings that back.</summary>
    Action Remember();
}
