namespace Adjoint.Data;

/// <summary>
/// The examples of a dataset with a function of their first tensor, the input, and perhaps one of their second, the target. The functions
/// are called each time an example is asked for, so that a random one gives something else in every epoch.
/// </summary>
/// <remarks>
/// A function that draws from <see cref="Rng.Default"/> draws the program's numbers in the order of the examples; what a loader prepares
/// in the background has numbers of its own, which do not depend on how many workers there are: see <see cref="DataLoader"/>.
/// </remarks>
/// <param name="dataset">The examples.</param>
/// <param name="transform">Is given the first tensor of an example, and gives what stands there instead.</param>
/// <param name="targetTransform">The same for the second; null leaves it.</param>
public sealed class TransformedDataset(Dataset dataset, Func<Tensor, Tensor> transform, Func<Tensor, Tensor>? targetTransform = null)
    : Dataset
{
    private readonly Func<Tensor, Tensor> _transform = transform.Given();

    /// <summary>The examples as they are without the functions.</summary>
    public Dataset Dataset { get; } = dataset.Given();

    /// <inheritdoc/>
    public override int Count
    {
        get
        {
            UserCode.CheckStack();
            return Dataset.Count;
        }
    }

    /// <summary>That of <see cref="Dataset"/>: the functions are taken to be as safe as it is.</summary>
    public override bool IsThreadSafe
    {
        get
        {
            UserCode.CheckStack();
            return Dataset.IsThreadSafe;
        }
    }

    /// <inheritdoc/>
    public override Tensor[] this[int index] => Dataset.Alone(whole =>
    {
        Tensor[] example = whole[index];
        if (example is not { Length: > 0 })
            throw new InvalidOperationException($"TransformedDataset: the dataset gave no tensors for example {index}.");
        if (targetTransform is not null && example.Length < 2)
            throw new InvalidOperationException(
                $"TransformedDataset: there is a targetTransform, but example {index} has one tensor and so no target.");
        Tensor[] changed = [.. example];
        changed[0] = Made(_transform, example[0], index, nameof(transform));
        if (targetTransform is not null) changed[1] = Made(targetTransform, example[1], index, nameof(targetTransform));
        return changed;
    });

    private static Tensor Made(Func<Tensor, Tensor> function, Tensor tensor, int index, string name) => function(tensor)
        ?? throw new InvalidOperationException($"TransformedDataset: {name} gave null for example {index}.");
}
