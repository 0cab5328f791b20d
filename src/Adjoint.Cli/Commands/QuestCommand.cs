using System.CommandLine;
using Adjoint.Cli.Quest;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint quest</c>: one neuron trained by autograd and by its formulas, with the numbers of both.</summary>
internal static class QuestCommand
{
    private static readonly QuestSettings Default = new();

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The examples, x:y with commas between them; by default 0.7:2.4,1.3:3.6,-0.9:-0.8, of y = 2x + 1.",
    };
    private static readonly Option<double> W = NumberOption.Of("--w", "The weight to start from.", Default.W);
    private static readonly Option<double> B = NumberOption.Of("--b", "The bias to start from.", Default.B);
    private static readonly Option<double> Lr = NumberOption.Of("--lr", "The learning rate.", Default.Lr);
    private static readonly Option<string> Optimizer = new("--optimizer")
    {
        Description = "How to step: sgd, momentum (sgd with 0.9), adam.",
        DefaultValueFactory = _ => Default.Optimizer,
    };
    private static readonly Option<string> Loss = new("--loss")
    {
        Description = "The squared error of one example after the other, half of it, or its mean over the batch; all: each of them.",
        DefaultValueFactory = _ => "all",
    };
    private static readonly Option<int> Steps = NumberOption.Of("--steps", "How many steps to compare.", 100);
    private static readonly Option<int> Shown = NumberOption.Of("--show", "How many of the first and of the last steps to show.", 2);
    private static readonly Option<string?> Model = new("--model")
    {
        Description = "Instead of the neuron: mlp, rnn, attention, or a FILE that describes a model, with lines such as "
            + "\"net = Sequential(Linear(4, 8), Tanh(), Linear(8, 1))\" (or net = a network as it is printed), \"loss = MSELoss()\", "
            + "\"optimizer = Adam(lr=0.01)\", \"input = [6, 4]\", \"seed = 1\". "
            + "Its step is written by hand, compiled by dotnet and compared.",
        HelpName = "mlp|rnn|attention|FILE",
    };
    private static readonly Option<bool> Code = new("--code")
    {
        Description = "With --model: print the whole program written by hand, and no more.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the results as JSON." };

    public static Command Create()
    {
        Optimizer.AcceptOnlyFromAmong(QuestSettings.Optimizers);
        Loss.AcceptOnlyFromAmong("example", "half", "batch", "all");
        var command = new Command("quest", "Train one neuron, or a model, by autograd and by hand, side by side.")
        {
            Data, W, B, Lr, Optimizer, Loss, Steps, Shown, Model, Code, Json,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    /// <summary>The exit code is 1 if the two differ by more than the order of an addition explains.</summary>
    private static int Run(ParseResult parse, IAnsiConsole console)
    {
        (int steps, int shown, string loss) = (parse.GetValue(Steps), parse.GetValue(Shown), parse.GetValue(Loss)!);
        if (steps is < 1 or > 1_000_000) throw new ArgumentException($"--steps {steps}: from 1 to 1000000 steps can be compared.");
        if (parse.GetValue(Model) is { } name)
        {
            foreach (Option neuron in (Option[])[Data, W, B, Lr, Optimizer, Loss, Shown])
                if (parse.GetResult(neuron) is { Implicit: false })
                    throw new ArgumentException($"{neuron.Name}: is of the neuron; with --model the model says it itself.");
            QuestModel chosen = QuestModel.Of(name);
            if (steps > 1000) throw new ArgumentException($"--steps {steps}: a model is trained for at most 1000.");
            var quest = new ModelQuest(chosen, steps);
            return parse.GetValue(Json) ? quest.WriteJson(parse.InvocationConfiguration.Output, parse.GetValue(Code))
                : quest.Show(console, parse.GetValue(Code));
        }
        if (parse.GetValue(Code)) throw new ArgumentException("--code: prints the program of a model; say which with --model.");
        if (shown < 0) throw new ArgumentException($"--show {shown}: it must be at least 0.");
        QuestSettings settings = Default with
        {
            Examples = parse.GetValue(Data) is { } data ? QuestSettings.ParseExamples(data) : Default.Examples,
            W = Finite("--w", parse.GetValue(W)),
            B = Finite("--b", parse.GetValue(B)),
            Lr = parse.GetValue(Lr) is > 0 and var lr && double.IsFinite(lr) ? lr
                : throw new ArgumentException($"--lr {parse.GetValue(Lr)}: it must be a positive number."),
            Optimizer = parse.GetValue(Optimizer)!,
        };
        QuestSettings[] losses = [.. Enum.GetValues<QuestLoss>()
            .Where(l => loss == "all" || l.ToString().Equals(loss, StringComparison.OrdinalIgnoreCase))
            .Select(l => settings with { Loss = l })];
        List<QuestComparison> comparisons = [.. losses.SelectMany(s => (QuestComparison[])
            [QuestComparison.Of<float>(s, steps, shown), QuestComparison.Of<double>(s, steps, shown)])];
        if (parse.GetValue(Json)) QuestReport.WriteJson(parse.InvocationConfiguration.Output, losses[0], comparisons);
        else QuestReport.Write(console, losses[0], comparisons);
        return comparisons.All(c => c.Identical || QuestReport.OnlyRounded(settings, c)) ? 0 : 1;
    }

    private static double Finite(string option, double value) =>
        double.IsFinite(value) ? value : throw new ArgumentException($"{option} {value}: it must be a finite number.");
}
