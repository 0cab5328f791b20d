namespace Adjoint.Optim;

/// <summary>The step of one parameter as an optimizer writes it by hand.</summary>
/// <param name="hand">Writes.</param>
/// <param name="optimizer">Whose step it is.</param>
/// <param name="group">The group of the parameter.</param>
/// <param name="parameter">The parameter.</param>
internal sealed class HandStep(Hand hand, Optimizer optimizer, ParamGroup group, Tensor parameter)
{
    internal Hand Hand => hand;

    /// <summary>The options.</summary>
    internal ParamGroup Group => group;

    /// <summary>The parameter.</summary>
    internal HandTensor P => hand.Input(0);

    /// <summary>Its gradient.</summary>
    internal HandTensor G => hand.Input(1);

    /// <summary>The type of its elements in C#.</summary>
    internal string Word => P.Word;

    /// <summary>A rate that no other number of a step is, which is replaced by the field in what is written.</summary>
    internal const double Sentinel = 0.61803398874989484, OtherSentinel = 0.73908513321516064;

    /// <summary>Stands for the field of the rate in lines that are not finished; the first is of the parameter's type.</summary>
    internal const string RateMark = "\u0001";

    private const string DoubleMark = RateMark + RateMark;

    /// <summary>What is remembered under a name, shaped as the parameter.</summary>
    /// <param name="name">The name.</param>
    /// <param name="begin">What it is before the first step.</param>
    /// <param name="shape">Its shape, if it is not the parameter's.</param>
    internal HandTensor Remembered(string name, double begin = 0, Shape? shape = null)
    {
        string full = $"{P.Memory.Name}.{name}";
        GraphMemory memory = hand.Operation.Changes.First(value => value.Memory.Name == full).Memory;
        foreach ((_, string known, Tensor tensor) in optimizer.TensorsOf(parameter))
        {
            bool isOwn = known == name && memory.Tensor is { } own && ReferenceEquals(own.SharedMemory(), tensor.SharedMemory());
            if (isOwn) hand.Remember(memory);
        }
        if (begin != 0) hand.Begin(memory, begin);
        return HandTensor.Whole(memory, shape ?? P.Shape);
    }

    /// <summary>The learning rate as a field, which may be set between runs.</summary>
    /// <param name="word">Its type.</param>
    internal string Rate(string word) => hand.Fields.Of(group, "lr " + word, () =>
    {
        string name = hand.Names.Free("lr");
        string value = CodeWriter.Number(word == "float" ? (float)group.Lr : group.Lr, word);
        return (name, $"public static {word} {name} = {value};   // the learning rate");
    });

    /// <summary>A variable of the parameter's type for a number that is computed in double.</summary>
    internal void Let(string name, string value) => hand.Line($"{Word} {name} = {(Word == "double" ? value : $"({Word})({value})")};");

    /// <summary>p ← p·(1 − lr·decay), if it decays.</summary>
    internal void Decay(string lr, double decay)
    {
        if (decay == 0) return;
        Let("shrink", $"1 - {lr} * {Text(decay)}");
        hand.Each(e => hand.Store(e[0], $"{hand.Element(e[0])} * shrink"), P);
    }

    /// <summary>p ← p + rate·x, with a rate that is computed in double.</summary>
    internal void Along(HandTensor x, string rate)
    {
        Let("rate", rate);
        hand.Each(e => hand.Store(e[0], $"{hand.Element(e[0])} + rate * {hand.Element(e[1])}"), P, x);
    }

    /// <summary>A line in which marks stand for a rate.</summary>
    internal string Marked(string line, double rate) => line
        .Replace(CodeWriter.Number(rate, "double"), Word == "double" ? RateMark : DoubleMark, StringComparison.Ordinal)
        .Replace(CodeWriter.Number((float)rate, "float"), RateMark, StringComparison.Ordinal);

    /// <summary>Lines with the field of the rate where marks are.</summary>
    internal IEnumerable<string> WithRate(string[] lines)
    {
        bool isDouble = Array.Exists(lines, line => line.Contains(DoubleMark, StringComparison.Ordinal));
        string field = Rate(isDouble ? "double" : Word), single = isDouble ? $"(float){field}" : field;
        return lines.Select(line => line.Replace(DoubleMark, field, StringComparison.Ordinal).Replace(RateMark, single,
            StringComparison.Ordinal));
    }

    /// <summary>The count of this parameter's steps, with this one, as a variable; it is a field too.</summary>
    internal string Count()
    {
        string name = hand.Fields.Of(parameter, "step", () =>
        {
            string name = hand.Names.Free(HandNames.Identifier(P.Memory.Name) + "_step");
            return (name, $"public static long {name} = {optimizer.StepsOf(parameter)};   // steps that were taken");
        });
        hand.Line($"double count = ++{name};");
        return "count";
    }

    /// <summary>A number that is kept from step to step as a field.</summary>
    internal string Kept(string kept) => hand.Fields.Of(parameter, kept, () =>
    {
        string name = hand.Names.Free($"{HandNames.Identifier(P.Memory.Name)}_{HandNames.Identifier(kept)}");
        return (name, $"public static double {name} = {Text(optimizer.NumberOf(parameter, kept) ?? 1)};");
    });

    /// <summary>Writes the numbers of a step, computed in double and rounded to the parameter's type; gives their names, or none.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="keptField">The field of the one that is kept, if any.</param>
    /// <param name="kept">What it becomes.</param>
    internal string[] Numbers(StepNumbers numbers, string? keptField, StepNumber kept)
    {
        if (numbers.Names is not { } spoken) return ["", "", ""];
        string[] names = [.. spoken.Select(name => name.Length == 0 ? "" : NameOf(name))];
        StepNumber[] all = [numbers.First, numbers.Second, numbers.Third];
        int count = Math.Max(1, Array.FindLastIndex(names, name => name.Length > 0) + 1);
        var writer = new CodeWriter("double", hand.Methods, "u");
        string[] values = writer.Texts([.. all[..count].Select(number => number.Node), .. keptField is null ? [] : new[] { kept.Node }]);
        foreach (string line in writer.Lines) hand.Line(line);
        // The numbers may read what is kept as it was.
        for (int i = 0; i < count; i++)
        {
            if (names[i].Length == 0) continue;
            hand.Line($"{Word} {names[i]} = {(Word == "double" ? values[i] : $"({Word})({values[i]})")};");
        }
        if (keptField is not null) hand.Line($"{keptField} = {values[^1]};");
        return names;
    }

    // A name that the caller gave, or a plain one for what was no name.
    private string NameOf(string spoken) => spoken.All(c => char.IsLetterOrDigit(c) || c == '_') && char.IsLower(spoken[0])
        ? hand.Names.Local(spoken) : "number" + spoken.Length;

    /// <summary>A number of double precision as C# writes it.</summary>
    internal static string Text(double value) => CodeWriter.Number(value, "double");

    /// <summary>Writes a formula over all elements of the parameter.</summary>
    internal void Each<TText>(HandTensor?[] results, HandTensor?[] operands, TText text) where TText : struct, HandFormula.IText
    {
        string[] targets = [.. results.OfType<HandTensor>().Select(x => hand.Name(x.Memory))];
        string gradient = hand.Name(G.Memory);
        // What is made of the gradient and of nothing that is remembered is a gradient still; what the parameter goes along is the update.
        HandFormula.Write(hand, P.DType, results, operands, text, (part, target, ofLast) => hand.Names.Local(
            Mentions(part, gradient) && !Array.Exists(targets[..^1], name => Mentions(part, name)) ? "grad"
            : ofLast.Contains(part) ? "update" : targets[target].EndsWith("exp_avg", StringComparison.Ordinal) ? "mean"
            : targets[target].EndsWith("_sq", StringComparison.Ordinal) ? "square" : "next"));
    }

    private static bool Mentions(CodeNode node, string name) => node.All(_ => false).Any(part => part is CodeNode.Name known
        && (known.Text == name || known.Text.StartsWith(name + "[", StringComparison.Ordinal)));
}
