using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Adjoint.Cli.Quest;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary><c>adjoint quest</c>: one neuron trained by autograd and by hand, side by side, and whether they agree to the bit.</summary>
internal static class QuestCommand
{
    private static readonly Option<int> Steps = NumberOption.Of("--steps", "How many training steps are compared.", 100);
    private static readonly Option<int> Shown = NumberOption.Of("--show", "How many of them are shown.", 3);

    public static Command Create()
    {
        var command = new Command("quest", "Train one neuron by autograd and by hand, side by side.") { Steps, Shown };
        command.SetAction(parse => Verb.Run(parse, console => Run(console, parse.GetValue(Steps), parse.GetValue(Shown))));
        return command;
    }

    /// <summary>The exit code is 1 if the two differ anywhere.</summary>
    private static int Run(IAnsiConsole console, int steps, int shown)
    {
        if (steps is < 1 or > 1_000_000) throw new ArgumentException($"--steps {steps}: from 1 to 1000000 steps can be compared.");
        if (shown < 0) throw new ArgumentException($"--show {shown}: it must be at least 0.");
        console.MarkupLine("One neuron [bold]ŷ = w·x + b[/] learns y = 2x + 1 by gradient descent.");
        bool same = Compare(
            "float32, squared error of one example at a time", AutomaticRitual.OneByOne<float>(), ManualRitual.OneByOne<float>());
        same &= Compare("float32, mean squared error over the batch", AutomaticRitual.Batch<float>(), ManualRitual.Batch<float>());
        same &= Compare(
            "float64, squared error of one example at a time", AutomaticRitual.OneByOne<double>(), ManualRitual.OneByOne<double>());
        same &= Compare("float64, mean squared error over the batch", AutomaticRitual.Batch<double>(), ManualRitual.Batch<double>());
        console.MarkupLine(
            same
                ? "[bold]Autograd and the formulas by hand are identical to the bit.[/]"
                : "[bold]Autograd and the formulas by hand differ.[/]");
        return same ? 0 : 1;

        bool Compare<T>(string title, IEnumerable<QuestStep<T>> automatic, IEnumerable<QuestStep<T>> manual)
            where T : IBinaryFloatingPointIeee754<T>
        {
            List<(QuestStep<T> Automatic, QuestStep<T> Manual)> pairs = [.. automatic.Zip(manual).Take(steps)];
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{title}[/]");
            if (shown > 0) SideBySide(pairs.Take(shown)).Write(console);
            int agreeing = pairs.Sum(pair => pair.Automatic.SameBits(pair.Manual)), all = pairs.Count * QuestStep<T>.Names.Length;
            console.MarkupLineInterpolated($"{agreeing} of {all} numbers in {pairs.Count} steps are the same to the bit");
            return agreeing == all;
        }
    }

    private static Sheet SideBySide<T>(IEnumerable<(QuestStep<T> Automatic, QuestStep<T> Manual)> pairs)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var table = new Sheet("step", "", "autograd", "by hand", "");
        foreach (var (i, (automatic, manual)) in pairs.Index())
        {
            T[] left = automatic.Values, right = manual.Values;
            for (int k = 0; k < left.Length; k++)
                table.Add(
                    k == 0 ? $"{i + 1}" : "", QuestStep<T>.Names[k], Text(left[k]), Text(right[k]), left[k].Equals(right[k]) ? "=" : "≠");
        }
        return table;
    }

    private static string Text<T>(T number) where T : IFormattable => number.ToString("R", CultureInfo.InvariantCulture);
}
