namespace Adjoint.Data;

/// <summary>Tensors whose first dimension counts the examples: example i is the slice at i of each.</summary>
public sealed class TensorDataset : Dataset
{
    private readonly Tensor[] _tensors;

    /// <summary>A dataset over <paramref name="tensors"/>. What requires grad is detached.</summary>
    /// <exception cref="ShapeException">A tensor has no dimensions, or their first dimensions differ.</exception>
    public TensorDataset(params ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.Length == 0) throw new ArgumentException("TensorDataset: give at least one tensor.", nameof(tensors));
        _tensors = new Tensor[tensors.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is null) throw new ArgumentNullException(nameof(tensors), $"TensorDataset: tensor {i} is null.");
            if (tensors[i].NDim == 0)
                throw new ShapeException($"TensorDataset: tensor {i} has no dimensions; the first one counts the examples.");
            if (tensors[i].Shape[0] != tensors[0].Shape[0])
                throw new ShapeException(
                    $"TensorDataset: tensor 0 has {tensors[0].Shape[0]} examples (shape {tensors[0].Shape}), but tensor {i} has "
                    + $"{tensors[i].Shape[0]} (shape {tensors[i].Shape}).");
            _tensors[i] = Elements.ToContiguous(tensors[i].Detach());
            _tensors[i].KeepBeyondScopes();
        }
    }

    /// <summary>The tensors.</summary>
    public IReadOnlyList<Tensor> Tensors => _tensors;

    /// <inheritdoc/>
    public override int Count => _tensors[0].Shape[0];

    /// <summary>True: the tensors are only read.</summary>
    public override bool IsThreadSafe => true;

    /// <inheritdoc/>
    public override Tensor[] this[int index] => [.. _tensors.Select(tensor => tensor.Select(0, index))];

    /// <inheritdoc/>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Check(indices);
        var rows = new Tensor[_tensors.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = Collate.Rows(_tensors[i], indices);
        return new Batch(rows);
    }

    private void Check(ReadOnlySpan<int> indices)
    {
        foreach (int index in indices)
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(
                    nameof(indices), index, $"TensorDataset: there is no example {index}; the dataset has {Count}.");
    }
}
