using Adjoint.Cli.Training.Language;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training;

/// <summary>The networks that the command line trains.</summary>
internal static class Classifier
{
    /// <summary>The kinds by name.</summary>
    public static readonly string[] Models = ["mlp", "cnn", "resnet", "lstm", "transformer"];

    /// <summary>A new network for some data, and what to call it.</summary>
    public static (Module Net, string Name) Create(TrainOptions options, TrainingSet set)
    {
        if (options.IsOfText != set.Vocabulary is not null)
            throw new ArgumentException(
                $"--model {options.Model}: it is for {(options.IsOfText ? "text, a FILE.txt" : "classes")}, but {set.Name} is "
                + (options.IsOfText ? "none." : "a text, which lstm and transformer learn."));
        if (set.Vocabulary is not null)
        {
            TextModel text = options.Model == "lstm"
                ? new TextLstm(set.Vocabulary, options.Context, options.Hidden[0], options.Hidden.Count, options.Dropout)
                : new TextTransformer(
                    set.Vocabulary, options.Context, options.Hidden[0], options.Hidden.Count, options.Heads, options.Dropout);
            return (text, text.Name);
        }
        if (options.Model != "mlp" && set.Input.Count != 3)
            throw new ArgumentException(
                $"--model {options.Model}: a network of convolutions is for images, but {set.Name} has rows of {set.Input[0]} numbers.");
        if (options.Model == "resnet")
        {
            Sequential resnet = ResNet.Create(set.Input[0], options.Channels, set.Classes);
            return (resnet, ResNet.Name(resnet));
        }
        if (options.Model == "cnn")
        {
            Sequential cnn = Cnn.Create(set.Input, options.Channels, options.Hidden, set.Classes, options.Dropout, options.BatchNorm);
            return (cnn, Cnn.Name(cnn));
        }
        int[] sizes = [set.Input.Aggregate(1, (a, b) => checked(a * b)), .. options.Hidden, set.Classes];
        return (Mlp.Create(sizes, options.Dropout, options.BatchNorm), Mlp.Name(sizes));
    }

    /// <summary>Loads a network that was saved by <c>train</c>, of any kind.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static Module Load(string path)
    {
        using (var reader = new SafeTensorsReader(path))
        {
            if (reader.Entries.Any(entry => entry.Name == "lstm.weight_ih_l0")) return TextLstm.Load(reader, path);
            if (reader.Entries.Any(entry => entry.Name == "places.weight")) return TextTransformer.Load(reader, path);
            if (reader.Entries.Any(entry => entry.Name == "conv1.weight")) return Cnn.Load(reader, path);
            if (reader.Entries.Any(entry => entry.Name == "block1.conv1.weight")) return ResNet.Load(reader, path);
        }
        return Mlp.Load(path);
    }

    /// <summary>What a network is called.</summary>
    public static string Name(Module net) => net is TextModel text ? text.Name
        : net is Sequential layers ? IsResNet(layers) ? ResNet.Name(layers) : IsCnn(layers) ? Cnn.Name(layers) : Mlp.Name(Mlp.Sizes(layers))
        : throw new ArgumentException($"There is no such model: {net}.", nameof(net));

    /// <summary>Throws if a network is not for some data.</summary>
    /// <exception cref="ArgumentException">It takes or gives another number of numbers.</exception>
    public static void CheckFits(Module model, TrainingSet set, string path)
    {
        if (model is TextModel != set.Vocabulary is not null)
            throw new ArgumentException(
                $"{path}: the model is {Name(model)}, which is {(model is TextModel ? "for text" : "not for text")}, but {set.Name} is "
                + (model is TextModel ? "none." : "one."));
        if (model is not Sequential net) return;
        IReadOnlyList<int> sizes = Mlp.Sizes(net);
        int given = set.Input.Aggregate(1, (a, b) => a * b);
        if (IsResNet(net))
        {
            if (set.Input.Count != 3 || ResNet.Inputs(net) != set.Input[0] || sizes[^1] != set.Classes)
                throw new ArgumentException(
                    $"{path}: the model is {ResNet.Name(net)}, which is not for examples of [{string.Join(", ", set.Input)}] in {set.Classes} classes.");
            return;
        }
        if (IsCnn(net))
        {
            if (Cnn.Flattened(net, set.Input) != sizes[0] || sizes[^1] != set.Classes)
                throw new ArgumentException(
                    $"{path}: the model is {Cnn.Name(net)}, which is not for images of [{string.Join(", ", set.Input)}] in {set.Classes} classes.");
            return;
        }
        string numbers = set.Input.Count == 3 ? "pixels" : "numbers", they = set.Input.Count == 3 ? "the images have" : "a row has";
        if (sizes[0] != given || sizes[^1] != set.Classes)
            throw new ArgumentException(
                $"{path}: the model maps {sizes[0]} {numbers} to {sizes[^1]} classes, but {they} {given} {numbers} and {set.Classes} classes.");
    }

    private static bool IsResNet(Sequential net) => net.OfType<ResidualBlock>().Any();

    private static bool IsCnn(Sequential net) => net.OfType<Conv2d>().Any();
}
