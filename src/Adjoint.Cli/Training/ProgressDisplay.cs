using System.Diagnostics;
using System.Globalization;
using Adjoint.Cli.Reports;
using Adjoint.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Adjoint.Cli.Training;

/// <summary>A progress bar for each epoch with images a second, loss and remaining time: for a terminal.</summary>
internal sealed class ProgressDisplay(IAnsiConsole console) : PlainDisplay(console)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console = console;
    private readonly StatusColumn _status = new();
    private ProgressContext? _progress;
    private ProgressTask? _bar;
    private long _begun, _epochBegun, _shown;
    private double _loss;
    private int _epoch;

    public override TrainingRun During(Func<TrainingRun> training)
    {
        _begun = Stopwatch.GetTimestamp();
        return _console.Progress()
            .AutoClear(false)
            .AutoRefresh(false)     // a thread for it would take time from the two or more that compute
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 16 }, _status)
            .Start(progress =>
            {
                _progress = progress;
                return training();
            });
    }

    public override void BeginEpoch(int epoch)
    {
        _bar = _progress!.AddTask($"epoch {epoch}/{Setup.Options.Epochs}", maxValue: Setup.TrainImages);
        _epoch = epoch;
        _epochBegun = Stopwatch.GetTimestamp();
        _loss = 0;
    }

    public override void Step(int images, double loss)
    {
        // The loss of one batch jumps about; what is shown follows it slowly.
        _loss = _loss == 0 ? loss : 0.98 * _loss + 0.02 * loss;
        if (Stopwatch.GetElapsedTime(_shown) < Refresh) return;
        _shown = Stopwatch.GetTimestamp();
        double rate = images / Stopwatch.GetElapsedTime(_epochBegun).TotalSeconds;
        double done = _epoch - 1 + (double)images / Setup.TrainImages;
        double left = Stopwatch.GetElapsedTime(_begun).TotalSeconds * (Setup.Options.Epochs / done - 1);
        _bar!.Value = images;
        Show(string.Create(CultureInfo.InvariantCulture, $"{rate:N0} {Setup.Examples}/s  loss {_loss:F4}  {TimeSpan.FromSeconds(left):m\\:ss} left"));
    }

    public override void EndEpoch(EpochResult r)
    {
        _bar!.Value = Setup.TrainImages;
        Show(string.Create(CultureInfo.InvariantCulture,
            $"loss {r.TrainLoss:F4}  test loss {r.TestLoss:F4} accuracy {r.TestAccuracy:F4}  {r.TrainSeconds:F1} s"));
    }

    private void Show(string status)
    {
        _status.Texts[_bar!.Id] = status;
        _progress!.Refresh();
    }

    /// <summary>The text beside each bar.</summary>
    private sealed class StatusColumn : ProgressColumn
    {
        public Dictionary<int, string> Texts { get; } = [];

        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(Texts.GetValueOrDefault(task.Id, ""));
    }
}
