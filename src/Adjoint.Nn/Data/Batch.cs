namespace Adjoint.Data;

/// <summary>
/// The tensors of some examples, in step along their first dimension: usually inputs and targets.
/// <code>foreach ((Tensor x, Tensor y) in loader) …</code>
/// </summary>
/// <param name="tensors">One tensor for each part of an example.</param>
public readonly struct Batch(Tensor[] tensors)
{
    /// <summary>The tensors, one for each part of an example.</summary>
    public IReadOnlyList<Tensor> Tensors => tensors;

    /// <summary>The part at <paramref name="index"/>.</summary>
    public Tensor this[int index] => tensors[index];

    /// <summary>The two parts of examples that have two.</summary>
    /// <exception cref="InvalidOperationException">They have another number of parts.</exception>
    public void Deconstruct(out Tensor first, out Tensor second)
    {
        Expect(2);
        (first, second) = (tensors[0], tensors[1]);
    }

    /// <summary>The three parts of examples that have three.</summary>
    /// <exception cref="InvalidOperationException">They have another number of parts.</exception>
    public void Deconstruct(out Tensor first, out Tensor second, out Tensor third)
    {
        Expect(3);
        (first, second, third) = (tensors[0], tensors[1], tensors[2]);
    }

    private void Expect(int parts)
    {
        if (tensors.Length != parts)
            throw new InvalidOperationException($"A batch of {tensors.Length} tensors was taken apart into {parts}; use Tensors for any number.");
    }
}
