using System.Text.Json;
using Adjoint.Cli.Quest;

namespace Adjoint.Tests.Cli;

public class QuestCommandTests
{
    [Fact]
    public void Autograd_and_the_formulas_by_hand_agree_to_the_bit()
    {
        CommandLineRun run = CommandLineRun.Of("quest", "--steps", "500", "--show", "1");
        run.Exit.ShouldBe(0, run.Error);
        run.Lines.Count(line => line == "2500 of 2500 numbers in 500 steps are the same to the bit").ShouldBe(6);
        run.Lines[^1].ShouldBe("Autograd and the formulas by hand are identical to the bit.");
        run.Output.ShouldContain("│ 1    │ loss   │ 6.25");
        run.Output.ShouldContain("│ 500  │ loss   │");
        run.Lines.Count(line => line.StartsWith("learnt: w = ", StringComparison.Ordinal)).ShouldBe(6);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    public void So_they_do_for_every_optimizer_loss_and_precision(string optimizer)
    {
        CommandLineRun run =
            CommandLineRun.Of(
                "quest", "--optimizer", optimizer, "--steps", "300", "--show", "0", "--lr", "0.03", "--w", "1.7", "--b", "-2.3", "--data",
                "0.3:1,-1.7:2.9,0.01:4");
        run.Exit.ShouldBe(0, run.Error);
        run.Lines.Count(line => line == "1500 of 1500 numbers in 300 steps are the same to the bit").ShouldBe(6, run.Output);
    }

    [Fact]
    public void The_nine_rows_have_live_numbers_on_both_sides()
    {
        foreach (string loss in (string[])["example", "half", "batch"])
        {
            CommandLineRun run =
                CommandLineRun.Of(
                    "quest", "--loss", loss, "--data", "1.5:4,0.5:-1", "--w", "0.5", "--b", "-0.25", "--json", "--steps", "2");
            run.Exit.ShouldBe(0, run.Error);
            using JsonDocument document = JsonDocument.Parse(run.Output);
            JsonElement[] rows = [.. document.RootElement.GetProperty("nine_rows").EnumerateArray()];
            rows.Length.ShouldBe(9);
            rows.ShouldAllBe(row => row.GetProperty("autograd_value").GetString() == row.GetProperty("by_hand_value").GetString());
            // dL/dw of (0.5·1.5 − 0.25 − 4)², of its half, and of the mean with (0.5·0.5 − 0.25 + 1)².
            rows[5].GetProperty("by_hand_value").GetString()
                .ShouldBe(loss switch { "example" => "-10.5", "half" => "-5.25", _ => "-4.75" });
        }
    }

    [Theory]
    [InlineData("0.7:2.4,1.3:3.6,-0.9:-0.8")]
    [InlineData("1:2,2:3,3:4.5,4:5,5.1:6")] // More than three are added up in another order.
    [InlineData("1e30:1,2:3")]
    public void Steps_that_are_too_large_are_said_to_be_and_are_no_difference(string data)
    {
        CommandLineRun run = CommandLineRun.Of("quest", "--data", data, "--lr", "10", "--steps", "1000", "--show", "0");
        run.Exit.ShouldBe(0, run.Output);
        run.Lines.Count(line => line == "learnt: w = NaN, b = NaN").ShouldBe(6, run.Output);
        run.Lines.Count(line => System.Text.RegularExpressions.Regex.IsMatch(line, "^From step [1-9][0-9]* on numbers are infinite"))
            .ShouldBe(6, run.Output);
        run.Lines[^1].ShouldNotContain("differ");
        CommandLineRun.Of("quest", "--data", "1:2", "--show", "0").Output.ShouldNotContain("infinite");
    }

    [Fact]
    public void JSON_has_the_first_and_the_last_steps()
    {
        using JsonDocument document =
            JsonDocument.Parse(CommandLineRun.Of("quest", "--json", "--steps", "50", "--show", "2", "--loss", "example").Output);
        document.RootElement.GetProperty("identical").GetBoolean().ShouldBeTrue();
        JsonElement first = document.RootElement.GetProperty("comparisons")[0];
        first.GetProperty("shown").EnumerateArray().Select(step => step.GetProperty("step").GetInt32()).ShouldBe([1, 2, 49, 50]);
        first.GetProperty("shown")[0].GetProperty("loss")[0].GetString().ShouldBe("6.25");
    }

    [Fact]
    public void A_long_batch_agrees_but_for_the_order_of_its_sum_and_says_so()
    {
        string data =
            string.Join(",", Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"{Math.Sin(i):F3}:{Math.Cos(i):F3}")));
        CommandLineRun run = CommandLineRun.Of("quest", "--loss", "batch", "--data", data, "--steps", "50");
        run.Exit.ShouldBe(0, run.Error);
        run.Output.ShouldContain("the library adds a batch in several sums at once");
        CommandLineRun adam =
            CommandLineRun.Of("quest", "--loss", "batch", "--data", data, "--steps", "1000", "--optimizer", "adam", "--show", "0");
        adam.Exit.ShouldBe(0, adam.Output);
    }

    [Fact]
    public void A_narrow_terminal_has_the_code_below_each_other() =>
        RitualCode.Manual(new QuestSettings()).Split('\n').Max(line => line.Length).ShouldBeLessThan(76);

    [Fact]
    public void The_neuron_learns()
    {
        QuestStep<double> last = ManualRitual.Train<double>(new QuestSettings { Loss = QuestLoss.Batch }).Take(2000).Last();
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
    [InlineData("--lr", "0")]
    [InlineData("--data", "1,2")]
    [InlineData("--data", "1:x")]
    [InlineData("--data", "1:∞")]
    public void Refuses_numbers_that_make_no_sense(string option, string value) =>
        CommandLineRun.Of("quest", option, value).ShouldRefuse(option);
}
