using Adjoint.Cli.Reports;
using Adjoint.Cli.Training;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Tests.Cli.Training;

public class ProgressDisplayTests
{
    [Fact]
    public void Shows_a_bar_with_rate_loss_and_remaining_time_and_then_the_result()
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 80;
        var display = new ProgressDisplay(console);
        display.Begin(new TrainingSetup("MLP", 1, 100, 10, new TrainOptions { Epochs = 2 }));
        string during = "";
        display.During(() =>
        {
            display.BeginEpoch(1);
            display.Step(50, 0.5);
            during = text.ToString();
            display.EndEpoch(new EpochResult(1, 0.25, 0.9, 0.2, 0.95, 1.5, 0.1));
            return new TrainingRun([], [], new ClassifierEvaluation(0, new ConfusionMatrix(10), []), 1, null);
        });
        during.ShouldMatch(@"epoch 1/2 .*images/s  loss 0\.5000  0:0\d left");
        text.ToString().ShouldContain("loss 0.2500  test loss 0.2000 accuracy 0.9500  1.5 s");
    }
}
