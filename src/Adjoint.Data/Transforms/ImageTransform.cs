namespace Adjoint.Vision;

/// <summary>
/// What is done to an image before a network sees it. An image is a tensor [channels, rows, columns] (or several of one size that are
/// changed alike, [n, channels, rows, columns]): UInt8 with values from 0 to 255, as files have it, or Float32 or Float64 with values from
/// 0 to 1.
/// <code>
/// var augment = new Compose(new RandomCrop(28, padding: 2), new RandomHorizontalFlip(), new ToTensor());
/// Tensor x = augment.Call(Tensor.Zeros([1, 28, 28], DType.UInt8));
/// </code>
/// </summary>
/// <remarks>
/// Names, meaning and random numbers are those of torchvision: after the same seed a random transform does to a tensor what torchvision's
/// does. It draws from <see cref="Rng.Default"/>. A transform is also a function of a tensor, for
/// <see cref="Data.Dataset.WithTransform"/>.
/// </remarks>
public abstract class ImageTransform
{
    /// <summary>The image, transformed; the one that is given stays as it is.</summary>
    /// <param name="image">The image, [channels, rows, columns] or [n, channels, rows, columns].</param>
    /// <exception cref="ShapeException">It is no image, or not one of this transform.</exception>
    /// <exception cref="DTypeException">It is of a dtype that no image has.</exception>
    public Tensor Call(Tensor image)
    {
        UserCode.CheckStack();
        if (image.Given().NDim is not (3 or 4))
            throw new ShapeException($"{Name}: an image has shape [channels, rows, columns], but this tensor has shape {image.Shape}.");
        if (!image.DType.Row.IsPixel)
            throw new DTypeException($"{Name}: an image is UInt8, Float32 or Float64, but this tensor is {image.DType}.");
        if (image.NumEl == 0) throw new ShapeException($"{Name}: the image has no pixels: {image.Shape}.");
        return Transform(image) ?? throw new InvalidOperationException($"{Name}: the transform gave null.");
    }

    /// <summary>The transform as a function.</summary>
    public static implicit operator Func<Tensor, Tensor>(ImageTransform transform) => transform.Given().Call;

    /// <summary>The image, transformed. It is an image, of a dtype that images have.</summary>
    protected abstract Tensor Transform(Tensor image);

    /// <summary>What errors call it.</summary>
    internal string Name => Nn.TypeText.Of(GetType());
}
