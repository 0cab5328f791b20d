using System.CommandLine;
using System.Globalization;
using Adjoint.Cli.Quest;
using Adjoint.Cli.Training;
using Adjoint.Data;
using Adjoint.Nn;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>
/// <c>adjoint explain "fc1.weight[3, 5]"</c>: why one element of a gradient is what it is, of a small network with drawn numbers, of a
/// model that a file describes, or of a saved one on images.
/// </summary>
internal static class ExplainCommand
{
    private static readonly string[] Mistakes = ["none", "detach", "dead", "nan"];

    private static readonly Argument<string?> Entry = new("entry")
    {
        Description = "The element: fc1.weight[3,5]; by default the one of the first weight with the largest gradient.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Model = new("--model")
    {
        Description = "The model.safetensors of a training run, explained on test images; or mlp, rnn, attention, or a FILE that describes "
            + "a model, as adjoint quest --model takes it; by default a new network.",
        HelpName = "mlp|rnn|attention|FILE",
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "With a saved --model: the folder with the four MNIST files; by default data/mnist, here or above.",
    };
    private static readonly Option<string> Sizes = new("--sizes")
    {
        Description = "The new network: inputs, hidden layers, classes.",
        DefaultValueFactory = _ => "4-5-3",
    };
    private static readonly Option<int> Batch = NumberOption.Of("--batch", "How many examples.", 6);
    private static readonly Option<int> Seed = NumberOption.Of("--seed", "What weights and data of the new network are drawn with.", 0);
    private static readonly Option<string> Mistake = new("--mistake")
    {
        Description = "A mistake to see explained: a detached layer, a dead unit, a mean over nothing (nan).",
        DefaultValueFactory = _ => "none",
    };
    private static readonly Option<int> Shown = NumberOption.Of("--show", "How many lines of each kind to show.", 6);
    private static readonly Option<bool> Json = new("--json") { Description = "Print the explanation as JSON." };

    public static Command Create()
    {
        Mistake.AcceptOnlyFromAmong(Mistakes);
        var command = new Command("explain", "Explain one element of a gradient: by examples and paths, and why it is none, 0 or NaN.")
        {
            Entry, Model, Data, Sizes, Batch, Seed, Mistake, Shown, Json,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static void Run(ParseResult parse, IAnsiConsole console)
    {
        int count = parse.GetValue(Batch), shown = parse.GetValue(Shown);
        if (count is < 1 or > 1000) throw new ArgumentException($"--batch {count}: from 1 to 1000 examples can be explained.");
        if (shown is < 1 or > 1000) throw new ArgumentException($"--show {shown}: from 1 to 1000 lines can be shown.");
        using GeneratorFork _ = Rng.Fork();
        Rng.ManualSeed(parse.GetValue(Seed));
        Subject subject = parse.GetValue(Model) is not { } model ? OfNetwork(parse, count, null)
            : Path.GetExtension(model).Equals(".safetensors", StringComparison.OrdinalIgnoreCase) ? OfNetwork(parse, count, model)
            : Described(parse, model);
        (string name, int[] index) = parse.GetValue(Entry) is { } entry ? Parsed(entry, subject.Parameters) : Largest(subject);
        GraphExplanation why = subject.Graph.Explain(subject.Parameters.First(p => p.Name == name).Tensor, index);
        if (parse.GetValue(Json)) WriteJson(parse.InvocationConfiguration.Output, why);
        else console.Write(new Text(why.ToText(shown)));
    }

    // What is explained; and the whole gradient of a parameter, by a call of what was captured.
    private sealed record Subject(Graph Graph, (string Name, Tensor Tensor)[] Parameters, Func<string, Tensor?> GradientOf);

    private static Subject OfNetwork(ParseResult parse, int count, string? path)
    {
        (Sequential net, Tensor x, Tensor labels) = path is not null
            ? Saved(path, parse.GetValue(Data), count) : Drawn(Layers(parse.GetValue(Sizes)!), count);
        string mistake = parse.GetValue(Mistake)!;
        if (mistake == "dead" && net.OfType<Linear>().First().Bias is { } bias)
            using (Autograd.NoGrad()) bias.FillInPlace(-100);
        Action step = () => Loss(net, x, labels, mistake).Backward();
        return new(Graph.Capture(step), [.. net.NamedParameters()], name =>
        {
            step();
            return net.GetParameter(name).Grad;
        });
    }

    private static Subject Described(ParseResult parse, string model)
    {
        QuestModel described = QuestModel.Of(model);
        foreach (Option other in (Option[])[Sizes, Batch, Seed, Data, Mistake])
            if (parse.GetResult(other) is { Implicit: false })
                throw new ArgumentException($"{other.Name}: is of a new network or a saved one; {described.Name} says it itself.");
        Graph graph = described.Captured().Graph;
        return new(graph, [.. graph.Parameters.Select(p => (p.Name, p.Tensor!))], name =>
        {
            // A step changes the parameters: it is that of the same model, made anew.
            (Action step, Graph same) = described.Captured();
            step();
            return same.Find(name)!.Tensor!.Grad;
        });
    }

    private static (Sequential, Tensor, Tensor) Drawn(List<int> sizes, int count)
    {
        Sequential net = Mlp.Create(sizes);
        return (net, Tensor.Randn(count, sizes[0]), Tensor.RandInt(0, sizes[^1], [count]));
    }

    private static (Sequential, Tensor, Tensor) Saved(string path, string? folder, int count)
    {
        Sequential net = Mlp.Load(path);
        ImageDataset test = Mnist.Load(train: false, folder);
        int pixels = test.Images.Height * test.Images.Width;
        if (Mlp.Sizes(net)[0] != pixels)
            throw new ArgumentException($"{path}: the model takes {Mlp.Sizes(net)[0]} numbers, but the images have {pixels} pixels.");
        (Tensor images, Tensor classes) = test.GetBatch([.. Enumerable.Range(0, Math.Min(count, test.Count))]);
        return (net.Eval(), images, classes);
    }

    private static Tensor Loss(Sequential net, Tensor x, Tensor labels, string mistake)
    {
        Tensor y = x;
        foreach ((int i, Module layer) in net.Index())
        {
            y = layer.Call(y);
            if (mistake == "detach" && layer is ReLU) y = y.Detach();
        }
        if (mistake != "nan") return F.CrossEntropy(y, labels);
        // A mean over the examples of a class that is in no batch.
        Tensor mask = (labels < 0).To(y.DType).Unsqueeze(1);
        return ((y * mask).Sum() / mask.Sum()).Square();
    }

    private static List<int> Layers(string text)
    {
        List<int> sizes = [];
        foreach (string size in text.Split('-'))
        {
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int n) || n is < 1 or > 4096)
                throw new ArgumentException($"--sizes {text}: it must be sizes from 1 to 4096 with hyphens between them, such as 4-5-3.");
            sizes.Add(n);
        }
        return sizes.Count >= 2 ? sizes
            : throw new ArgumentException($"--sizes {text}: at least inputs and classes are needed, such as 4-3.");
    }

    private static (string, int[]) Parsed(string entry, (string Name, Tensor Tensor)[] parameters)
    {
        int bracket = entry.IndexOf('[', StringComparison.Ordinal);
        string name = (bracket < 0 ? entry : entry[..bracket]).Trim();
        if (Array.FindIndex(parameters, p => p.Name == name) is not (>= 0 and var at))
            throw new ArgumentException(
                $"{entry}: there is no parameter {name}; there are {string.Join(", ", parameters.Select(p => p.Name))}.");
        Shape shape = parameters[at].Tensor.Shape;
        if (bracket < 0 && shape.NumEl == 1) return (name, new int[shape.NDim]);
        string example = $"{name}[{string.Join(',', Enumerable.Repeat("0", shape.NDim))}]";
        if (bracket < 0 || !entry.TrimEnd().EndsWith(']'))
            throw new ArgumentException($"{entry}: {name} has shape {shape}; name one element of it, such as {example}.");
        string[] parts = entry.TrimEnd()[(bracket + 1)..^1].Split(',');
        var index = new int[parts.Length];
        for (int d = 0; d < index.Length; d++)
            if (!int.TryParse(parts[d].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index[d]))
                throw new ArgumentException($"{entry}: an index is whole numbers with commas between them, such as {example}.");
        return (name, index);
    }

    // What is not finite is larger than all.
    private static (string, int[]) Largest(Subject subject)
    {
        (string name, Tensor weight) = subject.Parameters.FirstOrDefault(p => p.Tensor.NDim > 1, subject.Parameters[0]);
        double[] sizes = subject.GradientOf(name) is { } gradient ? [.. gradient.To(DType.Float64).ToArray<double>()
            .Select(g => double.IsNaN(g) ? double.PositiveInfinity : Math.Abs(g))] : [0];
        return (name, Index(weight.Shape, sizes.Index().MaxBy(one => one.Item).Index));
    }

    private static int[] Index(Shape shape, int number)
    {
        var index = new int[shape.NDim];
        for (int d = index.Length - 1; d >= 0; d--) (number, index[d]) = Math.DivRem(number, shape[d]);
        return index;
    }

    private static void WriteJson(TextWriter output, GraphExplanation why) => JsonReport.Write(output, json =>
    {
        json.WriteString("entry", why.Name);
        json.WritePropertyName("value");
        json.WriteAnyNumber(why.Value);
        json.WritePropertyName("gradient");
        if (why.Gradient is { } gradient) json.WriteAnyNumber(gradient);
        else json.WriteNullValue();
        json.WriteString("reason", why.Reason.ToString().ToLowerInvariant());
        foreach ((string name, IReadOnlyList<GraphCause> causes) in (ReadOnlySpan<(string, IReadOnlyList<GraphCause>)>)
            [("causes", why.Causes), ("cuts", why.Cuts), ("afterwards", why.Afterwards)])
        {
            json.WriteStartArray(name);
            foreach (GraphCause cause in causes) json.WriteStringValue(cause.ToString());
            json.WriteEndArray();
        }
        json.WriteStartArray("terms");
        foreach (GraphTerm term in why.Terms)
        {
            json.WriteStartObject();
            json.WriteString("formula", term.Formula);
            json.WriteString("operation", term.Result.Name);
            json.WriteStartArray("index");
            foreach (int i in term.Index) json.WriteNumberValue(i);
            json.WriteEndArray();
            json.WritePropertyName("slope");
            json.WriteAnyNumber(term.Slope);
            json.WritePropertyName("gradient");
            json.WriteAnyNumber(term.Gradient);
            json.WritePropertyName("contribution");
            json.WriteAnyNumber(term.Contribution);
            if (term.Example is { } example) json.WriteNumber("example", example);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("way");
        foreach (GraphStep step in why.Way)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteNumbers("numbers", [("value", step.Number), ("factor", step.Factor), ("gradient", step.Gradient)]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        foreach ((string name, IReadOnlyList<GraphShare> shares) in (ReadOnlySpan<(string, IReadOnlyList<GraphShare>)>)
            [("examples", why.Examples), ("operations", why.Operations), ("paths", why.Paths)])
        {
            json.WriteStartArray(name);
            foreach (GraphShare share in shares)
            {
                json.WriteStartObject();
                json.WriteString("name", share.Name);
                json.WritePropertyName("contribution");
                json.WriteAnyNumber(share.Contribution);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    });
}
