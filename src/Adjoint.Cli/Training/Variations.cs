using Adjoint.Cli.Commands;

namespace Adjoint.Cli.Training;

/// <summary>The runs that <c>--vary optimizer=sgd,adam --vary dropout=0,0.5</c> asks for: every combination.</summary>
internal static class Variations
{
    private const int MostRuns = 64;

    /// <summary>The options of every combination, and what to call it: <c>sgd-dropout0.5</c>.</summary>
    /// <param name="options">What all have in common.</param>
    /// <param name="asked">Each a setting, <c>=</c>, and its values with commas between them.</param>
    /// <exception cref="ArgumentException">One is no such text, or a value makes no sense.</exception>
    public static IReadOnlyList<(string Name, TrainOptions Options)> Of(TrainOptions options, IReadOnlyList<string> asked)
    {
        List<(string Name, TrainOptions Options)> runs = [("", options)];
        var seen = new HashSet<string>();
        foreach (string vary in asked)
        {
            string[] parts = vary.Split('=', 2, StringSplitOptions.TrimEntries);
            string[] values = parts.Length == 2
                ? parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
            if (values.Length == 0)
                throw new ArgumentException($"--vary {vary}: write a setting and its values, such as optimizer=sgd,adam or dropout=0,0.5.");
            if (!seen.Add(parts[0])) throw new ArgumentException($"--vary {vary}: {parts[0]} is varied twice.");
            runs = [.. runs.SelectMany(run =>
                values.Distinct().Select(value => (Joined(run.Name, NameOf(parts[0], value)), With(run.Options, parts[0], value, vary))))];
            if (runs.Count > MostRuns)
                throw new ArgumentException($"--vary: {runs.Count} combinations are more than the {MostRuns} that can be compared.");
        }
        // 1e-3 and 0.001 are one run.
        return [.. runs.DistinctBy(run => run.Options).Select(run => (run.Name, run.Options.Checked()))];
    }

    private static string NameOf(string setting, string value) => (setting, value) switch
    {
        ("batchnorm", "yes") => "batchnorm",
        ("batchnorm", _) => "plain",
        ("optimizer" or "scheduler", _) => value,
        _ => setting + value,
    };

    private static string Joined(string before, string name) => before.Length == 0 ? name : before + "-" + name;

    private static TrainOptions With(TrainOptions options, string setting, string value, string vary)
    {
        return setting switch
        {
            "optimizer" => options with { Optimizer = OneOf(TrainOptions.Optimizers) },
            "scheduler" => options with { Scheduler = OneOf(Adjoint.Training.RateSchedule.Names) },
            "batchnorm" => options with { BatchNorm = OneOf(["no", "yes"]) == "yes" },
            "dropout" => options with { Dropout = Number() },
            "lr" => options with { Lr = Number() },
            "momentum" => options with { Momentum = Number() },
            "batch" => options with { Batch = Whole() },
            "seed" => options with { Seed = Whole() },
            _ => throw new ArgumentException(
                $"--vary {vary}: optimizer, scheduler, batchnorm, dropout, lr, momentum, batch and seed can be varied, but not {setting}."),
        };

        string OneOf(string[] allowed) => allowed.Contains(value) ? value
            : throw new ArgumentException($"--vary {vary}: {setting} is one of {string.Join(", ", allowed)}, but not {value}.");

        double Number() =>
            double.TryParse(
                value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number)
            ? number : throw new ArgumentException($"--vary {vary}: {value} is no number.");

        int Whole() =>
            int.TryParse(
                value, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture,
                out int number)
            ? number : throw new ArgumentException($"--vary {vary}: {value} is no whole number.");
    }
}
