namespace Adjoint.Data;

/// <summary>Images with a label each: grey ones, or ones of several <see cref="Channels"/>.</summary>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Columns of an image.</param>
/// <param name="Pixels">The images one after another, row by row, each channel for itself; of MNIST 0 is the background and 255 full
/// ink.</param>
/// <param name="Labels">The label of each image.</param>
public sealed record LabelledImages(int Height, int Width, byte[] Pixels, byte[] Labels)
{
    /// <summary>The images one after another, row by row.</summary>
    public byte[] Pixels { get; init; } = Pixels.Given();

    /// <summary>The label of each image.</summary>
    public byte[] Labels { get; init; } = Labels.Given();

    /// <summary>Numbers of a pixel, at least 1: 1 for grey images, 3 for red, green and blue.</summary>
    public int Channels { get; init => field = value.AtLeast(1); } = 1;

    /// <summary>How many images.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one image, [channels, rows, columns].</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        int size = checked(Channels * Height.AtLeast(0) * Width.AtLeast(0));
        return (uint)index < (uint)Count && (index + 1L) * size <= Pixels.Length ? Pixels.AsSpan(index * size, size)
            : throw new ArgumentOutOfRangeException(
                nameof(index), index,
                $"LabelledImages: there is no image {index}; there are {Count} labels and {Pixels.Length} pixels, {size} of each image.");
    }
}
