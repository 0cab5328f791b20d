using Adjoint.Data;
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
    public static Sequential Create(IReadOnlyList<int> sizes, double dropout = 0)
    {
        for (int i = 1; i < sizes.Count; i++)
        {
            if ((long)sizes[i - 1] * sizes[i] > int.MaxValue)
                throw new ArgumentException($"A layer from {sizes[i - 1]} to {sizes[i]} has more weights than a tensor can hold; choose smaller ones.");
        }
        List<(string, Module)> layers = [("flatten", new Flatten())];
        int last = sizes.Count - 1;
        for (int i = 1; i <= last; i++)
        {
            layers.Add(($"fc{i}", new Linear(sizes[i - 1], sizes[i])));
            if (i == last) break;
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
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static Sequential Load(string path)
    {
        OrderedDictionary<string, Tensor> state = SafeTensors.Load(path);
        var sizes = new List<int>();
        for (int i = 1; state.TryGetValue($"fc{i}.weight", out Tensor? weight); i++)
        {
            if (weight.NDim != 2 || weight.NumEl == 0 || sizes.Count > 0 && weight.Shape[1] != sizes[^1])
                throw new DataFormatException(path, 0, $"tensor 'fc{i}.weight' has shape {weight.Shape}, which does not continue the layers {Name(sizes)}.");
            if (i == 1) sizes.Add(weight.Shape[1]);
            sizes.Add(weight.Shape[0]);
        }
        if (sizes.Count == 0)
            throw new DataFormatException(path, 0, $"there is no tensor 'fc1.weight', so this is not a model saved by train; there are {Listed(state.Keys)}.");
        using (Rng.Fork())
        {
            Sequential net = Create(sizes);
            try
            {
                net.LoadStateDict(state);
            }
            catch (StateDictException e)
            {
                throw new DataFormatException(path, 0, $"the tensors do not fit {Name(sizes)}: {e.Message}", e);
            }
            return net;
        }
    }

    private static string Listed(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? "none at all" : string.Join(", ", names.Take(5)) + (names.Count > 5 ? ", …" : "");
}
