using Adjoint.Kernels;

namespace Adjoint.Data;

/// <summary>
/// Grey images with labels: example i is a Float32 tensor [1, rows, columns] and an Int64 number. The images stay in memory as
/// bytes, a quarter of their size as numbers, and are converted batch by batch.
/// </summary>
/// <param name="images">The images and labels.</param>
/// <param name="mean">What is subtracted from the grey values after they were scaled to [0, 1].</param>
/// <param name="std">What they are then divided by.</param>
public sealed class ImageDataset(LabelledImages images, float mean = 0, float std = 1) : Dataset
{
    /// <summary>The images as they are stored.</summary>
    public LabelledImages Images => images;

    /// <inheritdoc/>
    public override int Count => images.Count;

    /// <inheritdoc/>
    public override Tensor[] this[int index]
    {
        get
        {
            (Tensor x, Tensor y) = GetBatch([index]);
            return [x.Select(0, 0), y.Select(0, 0)];
        }
    }

    /// <summary>The images at <paramref name="indices"/>, Float32 [n, 1, rows, columns], and their labels, Int64 [n].</summary>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        int size = images.Height * images.Width;
        Tensor x = Tensor.Empty([indices.Length, 1, images.Height, images.Width]), y = Tensor.Empty([indices.Length], DType.Int64);
        Span<float> pixels = x.Span<float>();
        Span<long> labels = y.Span<long>();
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"ImageDataset: there is no image {indices[i]}; the dataset has {Count}.");
            Pixels.Scale(images.Image(indices[i]), pixels.Slice(i * size, size), mean, std);
            labels[i] = images.Labels[indices[i]];
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return new Batch([x, y]);
    }
}
