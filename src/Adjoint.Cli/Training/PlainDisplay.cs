using System.Globalization;
using Adjoint.Cli.Reports;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Cli.Training;

/// <summary>A line for each epoch: for files and pipes.</summary>
internal class PlainDisplay(IAnsiConsole console) : ITrainingDisplay
{
    private TrainingSetup? _setup;

    protected TrainingSetup Setup => _setup!;

    public virtual TrainingRun During(Func<TrainingRun> training) => training();

    public virtual void Begin(TrainingSetup setup)
    {
        _setup = setup;
        TrainOptions o = setup.Options;
        string cooldown = o.Scheduler is not ("cooldown" or "none") ? $", {o.Scheduler}"
            : o.Scheduler == "cooldown" && o.Cooldown > 0 ? $", cooldown {Invariant(o.Cooldown)}" : "";
        string norm = o.BatchNorm ? ", batch norm" : "", held = o.ValSplit > 0 ? $", validation {Invariant(o.ValSplit)}" : "";
        string patience = o.EarlyStop > 0 ? $", early stop {o.EarlyStop}" : "";
        string momentum = o.Momentum > 0 ? $", momentum {Invariant(o.Momentum)}" : "",
            dropout = o.Dropout > 0 ? $", dropout {Invariant(o.Dropout)}" : "";
        Line($"{setup.Title}: {setup.Parameters:N0} parameters, {setup.TrainImages:N0} training and {setup.TestImages:N0} test {setup.Examples}");
        Line($"{o.Optimizer}, lr {Invariant(o.Rate)}{cooldown}{momentum}, batch {o.Batch}{dropout}{norm}{held}{patience}, seed {o.Seed}, {Cpu.Threads} threads");
    }

    public void Resumed(int epoch) => Line($"resumed in epoch {epoch} of {Setup.Options.Epochs}");

    public virtual void BeginEpoch(int epoch) { }

    public virtual void Step(int images, double loss) { }

    public virtual void EndEpoch(EpochResult r) => Line(
        $"epoch {r.Epoch}/{Setup.Options.Epochs}  train loss {r.TrainLoss:F4} accuracy {r.TrainAccuracy:F4}{Validation(r)}  test loss {r.TestLoss:F4} accuracy {r.TestAccuracy:F4}  {r.TrainSeconds:F1} s  {Setup.TrainImages / r.TrainSeconds:N0} {Setup.Examples}/s");

    public void End(TrainingReport report, string folder)
    {
        Line($"");
        if (report.Sample is { } sample) console.Profile.Out.Writer.WriteLine(sample);
        else TerminalReport.Write(console, report.Confusion, report.Mistakes, report.What);
        Line($"");
        if (report.Interrupted is { } interrupted) Line($"{interrupted}; what there is was saved");
        if (report.BestEpoch is { } best)
            Line($"stopped early: the validation loss was least in epoch {best}, whose weights were taken back");
        Line($"metrics.json, model.safetensors and report.html are in {folder}");
        string epochs = report.Epochs.Count == 1 ? "epoch" : "epochs";
        string bits = report.BitsPerCharacter is { } each
            ? string.Create(CultureInfo.InvariantCulture, $", {each:F3} bits a character") : "";
        Line($"test accuracy {report.TestAccuracy:F4} after {report.Epochs.Count} {epochs} in {report.Seconds:F1} s{bits}");
    }

    private static string Validation(EpochResult r) =>
        r.ValLoss is { } loss
        ? string.Create(CultureInfo.InvariantCulture, $"  validation loss {loss:F4} accuracy {r.ValAccuracy:F4}") : "";

    private void Line(FormattableString text) => console.Profile.Out.Writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);
}
