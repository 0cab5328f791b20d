using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>
/// The convolutional network of the command line: conv1 (3 × 3, the edge padded), ReLU, a pool of 2 × 2, conv2 …, then linear layers
/// fc1, …, as those of <see cref="Mlp"/>. Its state dictionary has the names of the PyTorch module with these fields.
/// </summary>
internal static class Cnn
{
    private const int Kernel = 3, Pool = 2;

    /// <summary>A new network with weights drawn from <see cref="Rng.Default"/>.</summary>
    /// <param name="image">Channels, rows and columns of an image.</param>
    /// <param name="channels">Channels after each convolution.</param>
    /// <param name="hidden">Sizes of the hidden linear layers.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="dropout">The probability that a hidden activation of a linear layer is dropped in training.</param>
    /// <param name="batchNorm">Whether every hidden layer is normalised over the batch.</param>
    /// <exception cref="ArgumentException">So many pools leave nothing of the image.</exception>
    public static Sequential Create(
        IReadOnlyList<int> image, IReadOnlyList<int> channels, IReadOnlyList<int> hidden, int classes, double dropout, bool batchNorm)
    {
        (int rows, int columns) = (image[1], image[2]);
        foreach (int _ in channels) (rows, columns) = (rows / Pool, columns / Pool);
        if (rows == 0 || columns == 0)
            throw new ArgumentException(
                $"--channels {string.Join(",", channels)}: {channels.Count} pools leave nothing of images of {image[1]} x {image[2]} pixels.");
        return Create(image[0], channels, [checked(channels[^1] * rows * columns), .. hidden, classes], dropout, batchNorm);
    }

    /// <summary>What it is called: <c>CNN 1-32-64 3136-128-10</c>.</summary>
    public static string Name(Sequential net) =>
        $"CNN {net.OfType<Conv2d>().First().InChannels}-{string.Join("-", net.OfType<Conv2d>().Select(conv => conv.OutChannels))} "
        + string.Join("-", Mlp.Sizes(net));

    /// <summary>How many numbers the first linear layer gets of an image; −1 if it has other channels.</summary>
    public static int Flattened(Sequential net, IReadOnlyList<int> image)
    {
        List<Conv2d> convolutions = [.. net.OfType<Conv2d>()];
        if (image.Count != 3 || convolutions[0].InChannels != image[0]) return -1;
        (int rows, int columns) = (image[1], image[2]);
        foreach (Conv2d _ in convolutions) (rows, columns) = (rows / Pool, columns / Pool);
        return convolutions[^1].OutChannels * rows * columns;
    }

    /// <summary>Loads a network that was saved by <c>train</c>; its layers follow from the shapes in the file.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static Sequential Load(SafeTensorsReader reader, string path)
    {
        Dictionary<string, SafeTensorsEntry> entries = reader.Entries.ToDictionary(entry => entry.Name);
        List<int> channels = [], sizes = [];
        while (entries.TryGetValue($"conv{channels.Count + 1}.weight", out SafeTensorsEntry? weight))
        {
            long before = channels.Count == 0 ? weight.Shape.ElementAtOrDefault(1) : channels[^1];
            if (weight.Shape.Length != 4 || weight.Shape[1] != before || weight.Shape[2] != Kernel || weight.Shape[3] != Kernel
                || weight.Shape.Any(size => size is < 1 or > Mlp.MaxLayer))
                throw Wrong(weight, $"a convolution has a kernel of {Kernel} x {Kernel} and as many inputs as the one before has outputs");
            if (channels.Count == 0) sizes.Add((int)weight.Shape[1]);
            channels.Add((int)weight.Shape[0]);
        }
        int inputs = sizes[0];
        sizes.Clear();
        while (entries.TryGetValue($"fc{Math.Max(1, sizes.Count)}.weight", out SafeTensorsEntry? weight))
        {
            if (weight.Shape.Length != 2 || weight.Shape.Any(size => size is < 1 or > int.MaxValue / 2)
                || (sizes.Count > 0 && weight.Shape[1] != sizes[^1]))
                throw Wrong(weight, "the weights of a linear layer are a matrix with a column for each output of the layer before");
            if (sizes.Count == 0) sizes.Add((int)weight.Shape[1]);
            sizes.Add((int)weight.Shape[0]);
        }
        if (sizes.Count == 0)
            throw new DataFormatException(path, 8, "there is no tensor 'fc1.weight', so this is not a model saved by train.");
        using (Rng.Fork())
        {
            Sequential net = Create(inputs, channels, sizes, 0, entries.ContainsKey("bn1.weight"));
            try
            {
                net.LoadStateDict(SafeTensors.Load(reader, path));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or ShapeException)
            {
                throw new DataFormatException(path, 8, $"this is not a model saved by train: {e.Message}", e);
            }
            return net;
        }

        DataFormatException Wrong(SafeTensorsEntry tensor, string rule) => new(path, reader.PositionOf(tensor),
            $"tensor '{tensor.Name}' is {tensor.DType} of shape [{string.Join(", ", tensor.Shape)}], but {rule}.");
    }

    private static Sequential Create(int inputs, IReadOnlyList<int> channels, IReadOnlyList<int> sizes, double dropout, bool batchNorm)
    {
        List<(string, Module)> layers = [];
        int layer = 0;
        for (int i = 1; i <= channels.Count; i++)
        {
            layer++;
            layers.Add(($"conv{i}", new Conv2d(i == 1 ? inputs : channels[i - 2], channels[i - 1], Kernel, padding: 1)));
            if (batchNorm) layers.Add(($"bn{layer}", new BatchNorm2d(channels[i - 1])));
            layers.Add(($"relu{layer}", new ReLU()));
            layers.Add(($"pool{i}", new MaxPool2d(Pool)));
        }
        layers.Add(("flatten", new Flatten()));
        for (int i = 1; i < sizes.Count; i++)
        {
            layers.Add(($"fc{i}", new Linear(sizes[i - 1], sizes[i])));
            if (i == sizes.Count - 1) break;
            layer++;
            if (batchNorm) layers.Add(($"bn{layer}", new BatchNorm1d(sizes[i])));
            layers.Add(($"relu{layer}", new ReLU()));
            if (dropout > 0) layers.Add(($"dropout{i}", new Dropout(dropout)));
        }
        return new Sequential(layers);
    }
}
