using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>
/// The multilayer perceptron of the command line: fc1, ReLU, fc2, ReLU, …, the last layer giving the scores of the classes. Its
/// state dictionary has the names of the PyTorch module with the fields fc1, fc2, ….
/// </summary>
internal static class Mlp
{
    /// <summary>The largest size of a layer: more cannot be meant.</summary>
    public const int MaxLayer = 1 << 16;

    /// <summary>A new network with weights drawn from <see cref="Rng.Default"/>.</summary>
    /// <param name="sizes">Inputs, hidden layers, classes.</param>
    /// <param name="dropout">The probability that a hidden activation is dropped in training.</param>
    /// <param name="batchNorm">Whether every hidden layer is normalised over the batch.</param>
    public static Sequential Create(IReadOnlyList<int> sizes, double dropout = 0, bool batchNorm = false)
    {
        for (int i = 1; i < sizes.Count; i++)
        {
            if ((long)sizes[i - 1] * sizes[i] > int.MaxValue)
                throw new ArgumentException(
                    $"A layer from {sizes[i - 1]} to {sizes[i]} has more weights than a tensor can hold; choose smaller ones.");
        }
        List<(string, Module)> layers = [("flatten", new Flatten())];
        int last = sizes.Count - 1;
        for (int i = 1; i <= last; i++)
        {
            layers.Add(($"fc{i}", new Linear(sizes[i - 1], sizes[i])));
            if (i == last) break;
            if (batchNorm) layers.Add(($"bn{i}", new BatchNorm1d(sizes[i])));
            layers.Add(($"relu{i}", new ReLU()));
            if (dropout > 0) layers.Add(($"dropout{i}", new Dropout(dropout)));
        }
        return new Sequential(layers);
    }

    /// <summary>Inputs, hidden layers, classes: <c>784-512-512-10</c>.</summary>
    public static string Name(IEnumerable<int> sizes) => "MLP " + string.Join("-", sizes);

    /// <summary>Inputs, hidden layers, classes of a network.</summary>
    public static IReadOnlyList<int> Sizes(Sequential net)
    {
        List<Linear> layers = [.. net.OfType<Linear>()];
        return [layers[0].InFeatures, .. layers.Select(layer => layer.OutFeatures)];
    }

    /// <summary>Loads a network that was saved by <c>train</c>; its layers follow from the shapes in the file.</summary>
    /// <remarks>Nothing is read but the header until that is known to describe such a network.</remarks>
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static Sequential Load(string path)
    {
        using var reader = new SafeTensorsReader(path);
        List<int> sizes = SizesIn(reader, path, out bool batchNorm);
        using (Rng.Fork())
        {
            Sequential net = Create(sizes, batchNorm: batchNorm);
            net.LoadStateDict(SafeTensors.Load(reader, path));
            return net;
        }
    }

    private static List<int> SizesIn(SafeTensorsReader reader, string path, out bool batchNorm)
    {
        const int header = 8;
        Dictionary<string, SafeTensorsEntry> left = reader.Entries.ToDictionary(entry => entry.Name);
        var sizes = new List<int>();
        for (int layer = 1; left.Remove($"fc{layer}.weight", out SafeTensorsEntry? weight); layer++)
        {
            if (weight.Shape.Length != 2 || weight.Shape.Any(size => size is < 1 or > MaxLayer))
                throw Error(weight, $"the weights of a layer are a matrix, with 1 to {MaxLayer} rows and columns");
            if (layer > 1 && weight.Shape[1] != sizes[^1])
                throw Error(weight, $"the layer before it has {sizes[^1]} outputs");
            if (layer == 1) sizes.Add((int)weight.Shape[1]);
            sizes.Add((int)weight.Shape[0]);
            if (!left.Remove($"fc{layer}.bias", out SafeTensorsEntry? bias))
                throw new DataFormatException(path, header, $"there is no tensor 'fc{layer}.bias' beside 'fc{layer}.weight'.");
            if (!bias.Shape.SequenceEqual([weight.Shape[0]]))
                throw Error(bias, $"a layer with {weight.Shape[0]} outputs has a bias of shape [{weight.Shape[0]}]");
            foreach (SafeTensorsEntry tensor in (ReadOnlySpan<SafeTensorsEntry>)[weight, bias])
                if (tensor.DType is not ("F32" or "F64" or "F16" or "BF16")) throw Error(tensor, "weights are F32, F64, F16 or BF16");
        }
        if (sizes.Count == 0)
            throw new DataFormatException(
                path, header, $"there is no tensor 'fc1.weight', so this is not a model saved by train; there are {Listed(left.Keys)}.");
        batchNorm = TakeNorms(left, sizes, Error);
        if (left.Count > 0)
            throw new DataFormatException(
                path, header, $"besides {Name(sizes)} there are {Listed(left.Keys)}; this is not a model saved by train.");
        return sizes;

        DataFormatException Error(SafeTensorsEntry tensor, string rule) => new(path, reader.PositionOf(tensor),
            $"tensor '{tensor.Name}' is {tensor.DType} of shape [{string.Join(", ", tensor.Shape)}], but {rule}.");
    }

    /// <summary>Takes the tensors of the normalisations of all hidden layers, if there are any.</summary>
    private static bool TakeNorms(
        Dictionary<string, SafeTensorsEntry> left, List<int> sizes, Func<SafeTensorsEntry, string, DataFormatException> error)
    {
        if (!left.ContainsKey("bn1.weight")) return false;
        for (int layer = 1; layer < sizes.Count - 1; layer++)
        {
            foreach (string part in (string[])["weight", "bias", "running_mean", "running_var"])
            {
                if (left.Remove($"bn{layer}.{part}", out SafeTensorsEntry? tensor) && !tensor.Shape.SequenceEqual([(long)sizes[layer]]))
                    throw error(tensor, $"a normalisation of {sizes[layer]} activations has the shape [{sizes[layer]}]");
            }
            left.Remove($"bn{layer}.num_batches_tracked");
        }
        return true;
    }

    private static string Listed(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? "none at all" : string.Join(", ", names.Take(5)) + (names.Count > 5 ? ", …" : "");
}
