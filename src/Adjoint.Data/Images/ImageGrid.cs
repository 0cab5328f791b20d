using Adjoint.Data;

namespace Adjoint.Vision;

/// <summary>Several images as one, beside and below each other: what a program shows of what it has learnt.</summary>
public static class ImageGrid
{
    // As in torchvision: a range of nothing is not divided by.
    private const double LeastRange = 1e-5;

    /// <summary>
    /// The images in rows, with a margin about each, as torchvision's <c>make_grid</c>: [3, rows, columns]. Grey images become ones of
    /// three channels. A single image comes as it is.
    /// <code>
    /// Tensor grid = ImageGrid.MakeGrid(Tensor.Rand(6, 1, 28, 28), columns: 3);    // [3, 62, 92]
    /// </code>
    /// </summary>
    /// <param name="images">The images, [n, channels, rows, columns], or one, [channels, rows, columns] or [rows, columns].</param>
    /// <param name="columns">Images in a row; at least 1.</param>
    /// <param name="padding">Pixels of the margin; at least 0.</param>
    /// <param name="normalize">Whether the values are moved to [0, 1]: of images of floating point.</param>
    /// <param name="valueRange">The values that become 0 and 1; null: the least and the largest.</param>
    /// <param name="padValue">The value of the margin; finite.</param>
    /// <exception cref="ShapeException">They are no images.</exception>
    /// <exception cref="DTypeException">They are of a dtype that images do not have, or of whole numbers and to be normalized.</exception>
    public static Tensor MakeGrid(Tensor images, int columns = 8, int padding = 2, bool normalize = false,
        (double Low, double High)? valueRange = null, double padValue = 0)
    {
        images.Given();
        columns.AtLeast(1);
        padding.AtLeast(0);
        padValue.In(Interval.Finite);
        Tensor batch = Checked(images, normalize);
        if (valueRange is { } range && !(range.Low < range.High && double.IsFinite(range.High - range.Low)))
            throw new ArgumentOutOfRangeException(
                nameof(valueRange), valueRange, $"ImageGrid.MakeGrid: the range from {range.Low} to {range.High} has no values.");
        if (batch.Shape[1] == 1) batch = Tensor.Cat([batch, batch, batch], dim: 1);
        if (normalize)
        {
            (double low, double high) = valueRange ?? (batch.Min().Item(), batch.Max().Item());
            batch = (batch.Clamp(low, high) - low) / Math.Max(high - low, LeastRange);
        }
        int count = batch.Shape[0], across = Math.Min(columns, count), down = (count + across - 1) / across;
        if (count == 1) return batch.Squeeze(0);
        int height = checked(batch.Shape[2] + padding), width = checked(batch.Shape[3] + padding);
        Number value = batch.DType.IsFloatingPoint ? (Number)padValue : (Number)(long)padValue;
        Tensor grid = Tensor.Full(
            [batch.Shape[1], checked(height * down + padding), checked(width * across + padding)], value, batch.DType);
        for (int i = 0; i < count; i++)
            grid.Narrow(1, i / across * height + padding, height - padding).Narrow(2, i % across * width + padding, width - padding)
                .CopyInPlace(batch.Select(0, i));
        return grid;
    }

    /// <summary>Writes images as one PNG: torchvision's <c>save_image</c>.</summary>
    /// <param name="path">The file; one that is there is written over.</param>
    /// <param name="images">The images, as <see cref="MakeGrid"/> takes them: UInt8, or of floating point with values from 0 to 1.</param>
    /// <param name="columns">Images in a row; at least 1.</param>
    /// <param name="padding">Pixels of the margin; at least 0.</param>
    /// <exception cref="ShapeException">They are no images.</exception>
    /// <exception cref="DTypeException">They are of a dtype that images do not have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveImage(string path, Tensor images, int columns = 8, int padding = 2)
    {
        path.Given();
        images.Given();
        ImageFile.Save(path, MakeGrid(images, columns, padding));
    }

    private static Tensor Checked(Tensor images, bool normalize)
    {
        images = images.Detach();
        Tensor batch = images.NDim switch
        {
            2 => images.Unsqueeze(0).Unsqueeze(0),
            3 => images.Unsqueeze(0),
            4 => images,
            _ => throw Wrong(),
        };
        if (batch.NumEl == 0 || batch.Shape[1] is not (1 or 3)) throw Wrong();
        if (!images.DType.Row.IsPixel)
            throw new DTypeException($"ImageGrid: an image is UInt8, Float32 or Float64, but this tensor is {images.DType}.");
        if (normalize && !images.DType.IsFloatingPoint)
            throw new DTypeException($"ImageGrid: images of {images.DType} cannot be normalized; make them numbers first, by ToTensor.");
        return batch;

        ShapeException Wrong() => new(
            $"ImageGrid: images have shape [n, 1 or 3, rows, columns], or one [1 or 3, rows, columns] or [rows, columns], but this tensor has shape "
            + $"{images.Shape}.");
    }
}
