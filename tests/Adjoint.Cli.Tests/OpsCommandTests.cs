using System.Text.Json;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Cli;

/// <summary><c>adjoint ops</c>: the table of operations, one of them, as JSON, and as the page in docs/.</summary>
public class OpsCommandTests
{
    [Fact]
    public void The_list_has_a_row_for_every_operation()
    {
        CommandLineRun run = CommandLineRun.Of("ops");
        run.Exit.ShouldBe(0, run.Error);
        string[] first = [.. run.Lines.Where(line => line.StartsWith('│')).Select(line => line.Split('│')[1].Trim())];
        OpTable.All.Select(op => op.Name).Except(first).ShouldBeEmpty();
        run.Lines[^1].ShouldStartWith($"{OpTable.All.Count} operations.");
    }

    [Theory]
    [InlineData("tanh", "1 − y²", "TanhBackward0", "torch.tanh(x)", "1 ulp")]
    [InlineData("elu", "if(0 < x, 1, alpha·e^x)", "EluBackward0", "F.elu(x, alpha)", "no slope at")]
    [InlineData("softmax", "y·(g − Σ g·y)", "SoftmaxBackward0", "x.softmax(1)", "a rule of its own")]
    public void One_operation_tells_everything(string name, params string[] said)
    {
        CommandLineRun run = CommandLineRun.Of("ops", name);
        run.Exit.ShouldBe(0, run.Error);
        run.Lines[0].ShouldBe(name);
        foreach (string text in said) run.Output.ShouldContain(text);
    }

    [Theory, InlineData("ln", "log"), InlineData("max", "max"), InlineData("arcsin", "asin"), InlineData("tg", "tan")]
    public void It_is_found_by_what_formulas_call_it_where_none_has_that_name(string name, string found) =>
        CommandLineRun.Of("ops", name).Lines[0].ShouldBe(found);

    [Theory]
    [InlineData("relu7", "did you mean relu, relu6,")]
    [InlineData("SOFT", "did you mean softplus, softshrink, softsign, softmax,")]
    [InlineData("quux", "adjoint ops lists all of them")]
    public void An_unknown_operation_is_refused_with_what_may_have_been_meant(string name, string advice) =>
        CommandLineRun.Of("ops", name).ShouldRefuse($"There is no operation {name}; {advice}");

    [Fact]
    public void Two_forms_at_once_are_refused()
    {
        CommandLineRun.Of("ops", "--json", "--markdown").ShouldRefuse("--json and --markdown");
        CommandLineRun.Of("ops", "exp", "--markdown").ShouldRefuse("leave exp out");
    }

    [Fact]
    public void JSON_has_every_operation_with_numbers_to_try_it_on()
    {
        JsonElement[] operations =
            [.. JsonDocument.Parse(CommandLineRun.Of("ops", "--json").Output).RootElement.GetProperty("operations").EnumerateArray()];
        operations.Select(operation => operation.GetProperty("name").GetString()).ShouldBe(OpTable.All.Select(op => op.Name));
        foreach ((JsonElement operation, Op op) in operations.Zip(OpTable.All))
        {
            operation.GetProperty("torch").GetString().ShouldBe(op.Info.Torch);
            foreach ((int i, JsonElement input) in operation.GetProperty("inputs").EnumerateArray().Index())
                input.GetProperty("sample").EnumerateArray().Select(value => value.GetDouble())
                .ShouldBe(op.Inputs[i].Sample(i).ToArray<double>());
        }
    }

    [Fact]
    public void The_page_in_docs_is_what_is_printed() =>
        CommandLineRun.Of("ops", "--markdown").Output.ShouldBe(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "operations.md")),
            "print it again: dotnet run -c Release --project src/Adjoint.Cli -- ops --markdown > docs/operations.md");
}
