namespace Adjoint.Vision;

/// <summary>One transform after the other.</summary>
/// <param name="transforms">The transforms.</param>
public sealed class Compose(params ImageTransform[] transforms) : ImageTransform
{
    private readonly ImageTransform[] _transforms = [.. transforms.AllGiven()];

    /// <summary>The transforms, in order.</summary>
    public IReadOnlyList<ImageTransform> Transforms => _transforms;

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image)
    {
        foreach (ImageTransform transform in _transforms) image = transform.Call(image);
        return image;
    }
}
