using System.Text.Json;

namespace Adjoint.Tests.Cli;

/// <summary><c>adjoint explain</c>: one entry of a gradient, and the mistakes that people make.</summary>
public class ExplainCommandTests
{
    [Fact]
    public void An_entry_is_the_sum_of_its_terms()
    {
        CommandLineRun run = CommandLineRun.Of("explain", "fc1.weight[2,1]", "--json", "--seed", "3");
        run.Exit.ShouldBe(0, run.Error);
        JsonElement why = JsonDocument.Parse(run.Output).RootElement;
        why.GetProperty("entry").GetString().ShouldBe("fc1.weight[2, 1]");
        double gradient = why.GetProperty("gradient").GetDouble();
        double sum = why.GetProperty("terms").EnumerateArray().Sum(term => term.GetProperty("contribution").GetDouble());
        sum.ShouldBe(gradient, Math.Abs(gradient) * 1e-5 + 1e-9);
        foreach (JsonElement term in why.GetProperty("terms").EnumerateArray())
            (term.GetProperty("slope").GetDouble() * term.GetProperty("gradient").GetDouble()).ShouldBe(
                term.GetProperty("contribution").GetDouble());
        JsonElement[] way = [.. why.GetProperty("way").EnumerateArray()];
        way.Length.ShouldBeGreaterThan(2);
        way[^1].GetProperty("numbers").GetProperty("gradient").GetDouble().ShouldBe(1);
        why.GetProperty("afterwards").GetArrayLength().ShouldBe(0);
        why.GetProperty("examples").EnumerateArray().Sum(e => e.GetProperty("contribution").GetDouble()).ShouldBe(sum, 1e-9);
        CommandLineRun.Of("explain", "fc1.weight[2,1]", "--json", "--seed", "3").Output.ShouldBe(run.Output);
        CommandLineRun.Of("explain", "fc1.weight[2,1]", "--json", "--seed", "4").Output.ShouldNotBe(run.Output);
    }

    [Fact]
    public void Without_an_entry_the_largest_is_explained()
    {
        CommandLineRun run = CommandLineRun.Of("explain");
        run.Exit.ShouldBe(0, run.Error);
        run.Lines[0].ShouldStartWith("the gradient of fc1.weight[");
        run.Output.ShouldContain("by example");
        run.Output.ShouldContain("one way, number by number");
        CommandLineRun.Of("explain", "--show", "1").Lines.Length.ShouldBeLessThan(run.Lines.Length);
    }

    [Theory]
    [InlineData("detach", "is none", "detached")]
    [InlineData("dead", "is 0", "relu is constant there")]
    [InlineData("nan", "is NaN", "div (div1) first made")]
    public void A_mistake_is_explained(string mistake, params string[] says)
    {
        CommandLineRun run = CommandLineRun.Of("explain", "fc1.weight[0,0]", "--mistake", mistake);
        run.Exit.ShouldBe(0, run.Error);
        foreach (string text in says) run.Output.ReplaceLineEndings(" ").ShouldContain(text);
    }

    [Theory]
    [InlineData("none", "ordinary")]
    [InlineData("detach", "missing")]
    [InlineData("dead", "zero")]
    [InlineData("nan", "notfinite")]
    public void A_mistake_is_data_too(string mistake, string reason)
    {
        CommandLineRun run = CommandLineRun.Of("explain", "fc1.weight[0,0]", "--mistake", mistake, "--json");
        run.Exit.ShouldBe(0, run.Error);
        JsonElement why = JsonDocument.Parse(run.Output).RootElement;
        why.GetProperty("reason").GetString().ShouldBe(reason);
        if (mistake != "none") why.GetProperty("causes").GetArrayLength().ShouldBeGreaterThan(0);
        why.GetProperty("gradient").ValueKind.ShouldBe(mistake switch
        {
            "detach" => JsonValueKind.Null,
            "nan" => JsonValueKind.String,
            _ => JsonValueKind.Number,
        });
    }

    [Theory]
    [InlineData("mlp", "0.weight[2,1]")]
    [InlineData("rnn", "wh[3,3]")]
    [InlineData("attention", "wq[1,2]")]
    public void A_model_of_the_quest_is_explained(string model, string entry)
    {
        CommandLineRun run = CommandLineRun.Of("explain", entry, "--model", model);
        run.Exit.ShouldBe(0, run.Error);
        run.Lines[0].ShouldStartWith($"the gradient of {entry.Replace(",", ", ")} = ");
        run.Output.ShouldContain("it is the sum of ");
        CommandLineRun largest = CommandLineRun.Of("explain", "--model", model, "--json");
        largest.Exit.ShouldBe(0, largest.Error);
        JsonElement why = JsonDocument.Parse(largest.Output).RootElement;
        double most = Math.Abs(why.GetProperty("gradient").GetDouble());
        why.GetProperty("terms").EnumerateArray().Sum(t => t.GetProperty("contribution").GetDouble()).ShouldBe(
            why.GetProperty("gradient").GetDouble(), most * 1e-5);
        string first = why.GetProperty("entry").GetString()!;
        string of = first[..first.IndexOf('[', StringComparison.Ordinal)];
        JsonElement other = JsonDocument.Parse(CommandLineRun.Of("explain", $"{of}[0,0]", "--model", model, "--json").Output).RootElement;
        Math.Abs(other.GetProperty("gradient").GetDouble()).ShouldBeLessThanOrEqualTo(most);
    }

    [Fact]
    public void A_model_in_a_file_is_explained()
    {
        string folder = Directory.CreateTempSubdirectory("adjoint-model-").FullName, file = Path.Combine(folder, "model.txt");
        try
        {
            File.WriteAllText(
                file, "net = Sequential(Embedding(9, 5, padding_idx=0), Flatten(), Linear(15, 4), LogSoftmax(dim=1))\nloss = NLLLoss");
            CommandLineRun.Of("explain", "0.weight[0,1]", "--model", file).Output.ShouldContain("row 0 is the padding row");
            CommandLineRun.Of("explain", "2.bias[1]", "--model", file).Output.ShouldContain("the gradient of 2.bias[1] = ");
            CommandLineRun.Of("explain", "fc1.bias[1]", "--model", file).ShouldRefuse("there are 0.weight, 2.bias, 2.weight");
            CommandLineRun.Of("explain", "--model", file, "--batch", "7").ShouldRefuse("--batch: is of a new network");
            CommandLineRun.Of("explain", "--model", file, "--mistake", "nan").ShouldRefuse("--mistake: is of a new network");
            File.WriteAllText(file, "net = Linear(4, 2, colour=3)");
            CommandLineRun.Of("explain", "--model", file).ShouldRefuse("has no colour");
            CommandLineRun.Of("explain", "--model", file + "x").ShouldRefuse("is neither one of mlp, rnn, attention, nor a file");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("fc9.weight[0,0]", "there is no parameter fc9.weight; there are fc1.weight, fc1.bias,")]
    [InlineData("fc1.weight", "has shape [5, 4]; name one element of it, such as fc1.weight[0,0]")]
    [InlineData("fc1.weight[0,x]", "whole numbers with commas")]
    [InlineData("fc1.weight[0]", "there is no element [0]")]
    [InlineData("fc1.weight[5,0]", "there is no element [5, 0]")]
    public void What_is_no_entry_is_refused(string entry, string says) => CommandLineRun.Of("explain", entry).ShouldRefuse(says);

    [Theory]
    [InlineData("--sizes", "4", "at least inputs and classes")]
    [InlineData("--sizes", "4-x", "sizes from 1 to 4096")]
    [InlineData("--batch", "0", "from 1 to 1000")]
    [InlineData("--mistake", "all", "all")]
    public void What_is_no_network_is_refused(string option, string value, string says) =>
        CommandLineRun.Of("explain", option, value).ShouldRefuse(says);
}
