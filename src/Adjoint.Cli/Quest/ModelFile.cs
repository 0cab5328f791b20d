using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Cli.Quest;

/// <summary>A model that a file describes: the network as it is printed, its loss, its optimizer, and the shape of its data.</summary>
internal static class ModelFile
{
    private const int Batch = 6, Side = 12;
    private const int Largest = 1 << 20;

    /// <summary>The model of a file.</summary>
    /// <exception cref="ArgumentException">The file does not describe one; the message says in which line, and what there is.</exception>
    internal static QuestModel Read(string path)
    {
        string text = Text(path).ReplaceLineEndings("\n"), source = Path.GetFileName(path);
        Dictionary<string, ModelPart> entries = new(StringComparer.Ordinal);
        foreach ((string name, ModelPart value) in new ModelText(text, source).Entries())
        {
            if (name is not ("net" or "loss" or "optimizer" or "input" or "seed"))
                throw new ArgumentException($"{source}: \"{name}\" says nothing here. There are net, loss, optimizer, input, seed.");
            if (!entries.TryAdd(name, value)) throw new ArgumentException($"{source}: \"{name}\" is there twice.");
        }
        if (!entries.TryGetValue("net", out ModelPart? net))
            throw new ArgumentException($"{source}: needs a network: net = Sequential(Linear(4, 8), Tanh(), Linear(8, 1))");
        ModelPart loss = entries.GetValueOrDefault("loss") ?? new ModelPart.Call("MSELoss", []);
        ModelPart optimizer = entries.GetValueOrDefault("optimizer")
            ?? new ModelPart.Call("SGD", [("lr", new ModelPart.Number("0.1"))]);
        long seed = entries.GetValueOrDefault("seed") switch
        {
            null => 1,
            ModelPart.Number n when long.TryParse(n.Text, System.Globalization.CultureInfo.InvariantCulture, out long whole) => whole,
            _ => throw new ArgumentException($"{source}: seed must be a whole number."),
        };
        Shape? input = entries.TryGetValue("input", out ModelPart? sizes)
            ? InputShape(source, sizes) ?? throw new ArgumentException($"{source}: input must be a list of sizes: input = [6, 4]") : null;
        string code = text.Trim() + "\n\n" + """
            opt.ZeroGrad();
            loss.Call(net.Call(x), target).Backward();
            opt.Step();
            """;
        return new QuestModel(source, code, () => Start(source, net, loss, optimizer, input, seed));
    }

    private static Shape? InputShape(string source, ModelPart sizes)
    {
        try
        {
            return ModelParts.ShapeOf(sizes);
        }
        catch (TensorException e)
        {
            throw new ArgumentException($"{source}: input: {e.Message}", e);
        }
    }

    // Not more than a description can be, whatever the file says of its length: a device has none, and no end.
    private static string Text(string path)
    {
        using var reader = new StreamReader(path);
        var text = new char[Largest + 1];
        int length = reader.ReadBlock(text);
        return length <= Largest ? new string(text, 0, length)
            : throw new ArgumentException($"{path}: is larger than a description of a model can be.");
    }

    private static Action Start(string source, ModelPart netPart, ModelPart lossPart, ModelPart optimizerPart, Shape? input, long seed)
    {
        Rng.ManualSeed(seed);
        var parts = new ModelParts(source);
        Module net = parts.Made<Module>(netPart);
        Loss loss = parts.Made<Loss>(lossPart);
        if (!net.Parameters().Any()) throw new ArgumentException($"{source}: the network has no parameter to train.");
        Optimizer opt = parts.Optimizer(optimizerPart, net.Parameters());
        DType dtype = net.Parameters().First().DType;
        Module first = First(net);
        Shape shape = input ?? Guessed(first) ?? throw new ArgumentException(
            $"{source}: which shape the input has cannot be told from a {first.GetType().Name}; say it: input = [6, 4]");
        Tensor x, target;
        try
        {
            x = first is Embedding words ? Tensor.RandInt(0, words.NumEmbeddings, shape) : Tensor.Randn(shape, dtype);
            using (Autograd.NoGrad())
            using (Rng.Default.Fork()) target = Target(loss, net.Call(x));
            if (loss.Call(net.Call(x), target).NumEl != 1)
                throw new ArgumentException($"{source}: the loss must be one number; its reduction is none.");
        }
        catch (TensorException e)
        {
            throw new ArgumentException($"{source}: {e.Message}", e);
        }
        return () =>
        {
            opt.ZeroGrad();
            loss.Call(net.Call(x), target).Backward();
            opt.Step();
        };
    }

    private static Module First(Module net) => net is Sequential { Count: > 0 } all ? First(all[0]) : net;

    private static Shape? Guessed(Module first) => first switch
    {
        Nn.Linear linear => [Batch, linear.InFeatures],
        BatchNorm1d norm => [Batch, norm.NumFeatures],
        LayerNorm norm => Shape.Of([Batch, .. norm.NormalizedShape.Sizes]),
        ConvNd conv => Shape.Of([Batch, conv.InChannels, .. Enumerable.Repeat(Side, conv.Weight.NDim - 2)]),
        Embedding => [Batch, 3],
        _ => null,
    };

    // What is to be learnt: classes, probabilities, or any numbers.
    private static Tensor Target(Loss loss, Tensor y) => loss switch
    {
        CrossEntropyLoss or NLLLoss when y.NDim > 0 => Tensor.RandInt(
            0, y.Shape[y.NDim == 1 ? 0 : 1], Shape.Of([.. y.Shape.Sizes.ToArray().Where((_, d) => d != (y.NDim == 1 ? 0 : 1))])),
        BCELoss or BCEWithLogitsLoss => Tensor.Rand(y.Shape, y.DType),
        KLDivLoss => Tensor.Randn(y.Shape, y.DType).Softmax(-1),
        _ => Tensor.Randn(y.Shape, y.DType),
    };
}
