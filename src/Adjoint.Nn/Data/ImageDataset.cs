using Adjoint.Kernels;

namespace Adjoint.Data;

/// <summary>
/// Grey images with labels: example i is a Float32 tensor [1, rows, columns] and an Int64 number. The images stay in memory as
/// bytes, a quarter of their size as numbers, and are converted batch by batch.
/// </summary>
/// <param name="images">The images and labels.</param>
/// <param name="mean">What is subtracted from the grey values after they were scaled to grey values from 0 to 1; any finite number.</param>
/// <param name="std">What they are then divided by; above 0.</param>
public sealed class ImageDataset(LabelledImages images, float mean = 0, float std = 1) : Dataset
{
    private readonly LabelledImages _images = images.Given();
    private readonly float _mean = (float)((double)mean).In(Interval.Finite, nameof(mean));
    private readonly float _std = (float)((double)std).In(Interval.Positive, nameof(std));

    /// <summary>The images as they are stored.</summary>
    public LabelledImages Images => _images;

    /// <inheritdoc/>
    public override int Count => _images.Count;

    /// <inheritdoc/>
    public override Tensor[] this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count) throw Missing(index, nameof(index));
            (Tensor x, Tensor y) = GetBatch([index]);
            return [x.Select(0, 0), y.Select(0, 0)];
        }
    }

    /// <summary>The images at <paramref name="indices"/>, Float32 [n, 1, rows, columns], and their labels, Int64 [n].</summary>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Tensor x = Tensor.Empty([indices.Length, 1, _images.Height, _images.Width]), y = Tensor.Empty([indices.Length], DType.Int64);
        using var memory = new Loan();
        Copy(indices, memory.Of<float>(x), memory.Of<long>(y));
        return new Batch([x, y]);
    }

    private void Copy(ReadOnlySpan<int> indices, Span<float> pixels, Span<long> labels)
    {
        int size = _images.Height * _images.Width;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count) throw Missing(indices[i], nameof(indices));
            Pixels.Scale(_images.Image(indices[i]), pixels.Slice(i * size, size), _mean, _std);
            labels[i] = _images.Labels[indices[i]];
        }
    }

    private ArgumentOutOfRangeException Missing(int index, string given) =>
        new(given, index, $"ImageDataset: there is no image {index}; the dataset has {Count}.");
}
