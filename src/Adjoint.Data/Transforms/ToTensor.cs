namespace Adjoint.Vision;

/// <summary>Bytes from 0 to 255 become Float32 numbers from 0 to 1; what is of floating point stays as it is.</summary>
public sealed class ToTensor : ImageTransform
{
    /// <inheritdoc/>
    protected override Tensor Transform(Tensor image) => !image.DType.IsFloatingPoint ? image.To(DType.Float32) / 255f : image;
}
