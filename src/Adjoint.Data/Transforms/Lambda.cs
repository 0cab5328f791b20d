namespace Adjoint.Vision;

/// <summary>A transform that is a function.</summary>
/// <param name="function">Is given an image, and gives one.</param>
public sealed class Lambda(Func<Tensor, Tensor> function) : ImageTransform
{
    private readonly Func<Tensor, Tensor> _function = function.Given();

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image) =>
        _function(image) ?? throw new InvalidOperationException("Lambda: the function gave null for an image.");
}
