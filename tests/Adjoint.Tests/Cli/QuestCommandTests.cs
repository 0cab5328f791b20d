using Adjoint.Cli.Quest;

namespace Adjoint.Tests.Cli;

public class QuestCommandTests
{
    [Fact]
    public void Autograd_and_the_formulas_by_hand_agree_to_the_bit()
    {
        CommandLineRun run = CommandLineRun.Of("quest", "--steps", "500", "--show", "1");
        run.Exit.ShouldBe(0, run.Error);
        run.Lines.Count(line => line == "2500 of 2500 numbers in 500 steps are the same to the bit").ShouldBe(4);
        run.Lines[^1].ShouldBe("Autograd and the formulas by hand are identical to the bit.");
        run.Output.ShouldContain("│ 1    │ loss   │ 6.25     │ 6.25    │ = │");
    }

    [Fact]
    public void The_neuron_learns()
    {
        QuestStep<double> last = ManualRitual.Batch<double>().Take(2000).Last();
        last.W.ShouldBe(2, 1e-9);
        last.B.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_difference_of_one_bit_is_seen()
    {
        var step = new QuestStep<float>(0, 1, 2, 3, 4);
        step.SameBits(step).ShouldBe(5);
        step.SameBits(step with { W = MathF.BitIncrement(1) }).ShouldBe(4);
        step.SameBits(step with { Loss = -0f }).ShouldBe(4);
    }

    [Theory]
    [InlineData("--steps", "0")]
    [InlineData("--show", "-1")]
    public void Refuses_numbers_that_make_no_sense(string option, string value) => CommandLineRun.Of("quest", option, value).ShouldRefuse($"{option} {value}");
}
