using Adjoint.Kernels;

namespace Adjoint.Data;

/// <summary>
/// Images with labels: example i is a Float32 tensor [channels, rows, columns] and an Int64 number. The images stay in memory as
/// bytes, a quarter of their size as numbers, and are converted batch by batch.
/// </summary>
public sealed class ImageDataset : Dataset
{
    private readonly LabelledImages _images;
    private readonly float[] _mean, _std;

    /// <summary>The images, all channels scaled in the same way.</summary>
    /// <param name="images">The images and labels.</param>
    /// <param name="mean">What is subtracted from the values after they were scaled to values from 0 to 1; any finite number.</param>
    /// <param name="std">What they are then divided by; above 0.</param>
    public ImageDataset(LabelledImages images, float mean = 0, float std = 1)
    {
        _images = images.Given();
        _mean = [(float)((double)mean).In(Interval.Finite, nameof(mean))];
        _std = [(float)((double)std).In(Interval.Positive, nameof(std))];
    }

    /// <summary>The images, each channel scaled in a way of its own.</summary>
    /// <param name="images">The images and labels.</param>
    /// <param name="mean">For each channel what is subtracted from the values after they were scaled to values from 0 to 1.</param>
    /// <param name="std">For each channel what they are then divided by; above 0.</param>
    /// <exception cref="ArgumentException">There are not as many numbers as channels.</exception>
    public ImageDataset(LabelledImages images, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        _images = images.Given();
        _mean = Each(mean.Given(), Interval.Finite, nameof(mean));
        _std = Each(std.Given(), Interval.Positive, nameof(std));
    }

    /// <summary>The images as they are stored.</summary>
    public LabelledImages Images => _images;

    /// <inheritdoc/>
    public override int Count => _images.Count;

    /// <summary>True: the images are only read.</summary>
    public override bool IsThreadSafe => true;

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

    /// <summary>The images at <paramref name="indices"/>, Float32 [n, channels, rows, columns], and their labels, Int64 [n].</summary>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        Tensor x = Tensor.Empty([indices.Length, _images.Channels, _images.Height, _images.Width]);
        Tensor y = Tensor.Empty([indices.Length], DType.Int64);
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
            ReadOnlySpan<byte> image = _images.Image(indices[i]);
            if (_mean.Length == 1)
            {
                Pixels.Scale(image, pixels.Slice(i * image.Length, image.Length), _mean[0], _std[0]);
            }
            else
            {
                for (int c = 0; c < _mean.Length; c++)
                    Pixels.Scale(image.Slice(c * size, size), pixels.Slice(i * image.Length + c * size, size), _mean[c], _std[c]);
            }
            labels[i] = _images.Labels[indices[i]];
        }
    }

    private float[] Each(IReadOnlyList<float> numbers, Interval range, string name)
    {
        if (numbers.Count != _images.Channels)
            throw new ArgumentException(
                $"ImageDataset: {name} has {numbers.Count} numbers, but the images have {_images.Channels} channels.", name);
        return [.. numbers.Select(number => (float)((double)number).In(range, name))];
    }

    private ArgumentOutOfRangeException Missing(int index, string given) =>
        new(given, index, $"ImageDataset: there is no image {index}; the dataset has {Count}.");
}
