namespace Adjoint.Data;

/// <summary>Grey images with a label each.</summary>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Pixels">The images one after another, row by row; 0 is the background, 255 full ink.</param>
/// <param name="Labels">The label of each image, 0 to 9.</param>
public sealed record LabelledImages(int Height, int Width, byte[] Pixels, byte[] Labels)
{
    /// <summary>The images one after another, row by row.</summary>
    public byte[] Pixels { get; init; } = Pixels.Given();

    /// <summary>The label of each image.</summary>
    public byte[] Labels { get; init; } = Labels.Given();

    /// <summary>How many images.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one image.</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        int size = checked(Height.AtLeast(0) * Width.AtLeast(0));
        return (uint)index < (uint)Count && (index + 1L) * size <= Pixels.Length ? Pixels.AsSpan(index * size, size)
            : throw new ArgumentOutOfRangeException(
                nameof(index), index,
                $"LabelledImages: there is no image {index}; there are {Count} labels and {Pixels.Length} pixels, {size} of each image.");
    }
}
