using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>
/// The residual network of the command line (He et al. 2015): conv and bn, then block1, block2, …, each of which halves rows and columns,
/// the mean over what is left of the image, and fc. Its state dictionary has the names of the PyTorch module with these fields.
/// </summary>
internal static class ResNet
{
    /// <summary>A new network with weights drawn from <see cref="Rng.Default"/>.</summary>
    /// <param name="inputs">Channels of an image.</param>
    /// <param name="channels">Channels after each block; the first are those of the convolution before them, too.</param>
    /// <param name="classes">How many classes.</param>
    public static Sequential Create(int inputs, IReadOnlyList<int> channels, int classes)
    {
        List<(string, Module)> layers =
        [
            ("conv", new Conv2d(inputs, channels[0], 3, padding: 1, bias: false)),
            ("bn", new BatchNorm2d(channels[0])),
            ("relu", new ReLU()),
        ];
        for (int i = 0; i < channels.Count; i++)
            layers.Add(($"block{i + 1}", new ResidualBlock(channels[Math.Max(0, i - 1)], channels[i])));
        layers.AddRange([("pool", new AdaptiveAvgPool2d(1)), ("flatten", new Flatten()), ("fc", new Linear(channels[^1], classes))]);
        return new Sequential(layers);
    }

    /// <summary>What it is called: <c>ResNet 1-32-64-10</c>.</summary>
    public static string Name(Sequential net) =>
        $"ResNet {Inputs(net)}-{string.Join("-", net.OfType<ResidualBlock>().Select(block => block.Channels))}-{Mlp.Sizes(net)[^1]}";

    /// <summary>Channels of the images it is for.</summary>
    public static int Inputs(Sequential net) => net.OfType<Conv2d>().First().InChannels;

    /// <summary>Loads a network that was saved by <c>train</c>; its blocks follow from the shapes in the file.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static Sequential Load(SafeTensorsReader reader, string path)
    {
        const int header = 8;
        Dictionary<string, SafeTensorsEntry> entries = reader.Entries.ToDictionary(entry => entry.Name);
        int inputs = Size("conv.weight", 4, 1), classes = Size("fc.weight", 2, 0);
        List<int> channels = [];
        while (entries.ContainsKey($"block{channels.Count + 1}.conv1.weight"))
            channels.Add(Size($"block{channels.Count + 1}.conv1.weight", 4, 0));
        using (Rng.Fork())
        {
            Sequential net = Create(inputs, channels, classes);
            try
            {
                net.LoadStateDict(SafeTensors.Load(reader, path));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or ShapeException)
            {
                throw new DataFormatException(path, header, $"this is not a model saved by train: {e.Message}", e);
            }
            return net;
        }

        int Size(string name, int dims, int dim)
        {
            if (!entries.TryGetValue(name, out SafeTensorsEntry? tensor))
                throw new DataFormatException(path, header, $"there is no tensor '{name}', so this is not a model saved by train.");
            return tensor.Shape.Length == dims && tensor.Shape.All(size => size is >= 1 and <= Mlp.MaxLayer) ? (int)tensor.Shape[dim]
                : throw new DataFormatException(path, reader.PositionOf(tensor),
                    $"tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}], but {dims} dimensions of 1 to {Mlp.MaxLayer} are needed.");
        }
    }
}
