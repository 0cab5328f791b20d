namespace Adjoint.Data;

/// <summary>
/// The tensors of some examples, in step along their first dimension: usually inputs and targets.
/// <code>foreach ((Tensor x, Tensor y) in loader) …</code>
/// </summary>
/// <param name="tensors">One tensor for each part of an example.</param>
public readonly struct Batch(Tensor[] tensors)
{
    private readonly Tensor[]? _tensors = tensors.AllGiven();

    /// <summary>The tensors, one for each part of an example.</summary>
    public IReadOnlyList<Tensor> Tensors => Parts;

    /// <summary>The part at <paramref name="index"/>.</summary>
    public Tensor this[int index] => (uint)index < (uint)Parts.Length ? Parts[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Batch: there is no part {index}; the batch has {Parts.Length}.");

    /// <summary>The two parts of examples that have two.</summary>
    /// <exception cref="InvalidOperationException">They have another number of parts.</exception>
    public void Deconstruct(out Tensor first, out Tensor second)
    {
        Expect(2);
        (first, second) = (Parts[0], Parts[1]);
    }

    /// <summary>The three parts of examples that have three.</summary>
    /// <exception cref="InvalidOperationException">They have another number of parts.</exception>
    public void Deconstruct(out Tensor first, out Tensor second, out Tensor third)
    {
        Expect(3);
        (first, second, third) = (Parts[0], Parts[1], Parts[2]);
    }

    // A batch that nobody made has no parts.
    private Tensor[] Parts => _tensors ?? [];

    private void Expect(int parts)
    {
        if (Parts.Length != parts)
            throw new InvalidOperationException(
                $"A batch of {Parts.Length} tensors was taken apart into {parts}; use Tensors for any number.");
    }
}
