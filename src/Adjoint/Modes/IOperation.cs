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
