using Adjoint.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Adjoint.Tests.Analyzers;

/// <summary>What the generator makes of a file, and what it says of one that it cannot understand.</summary>
public class ModuleGeneratorTests
{
    private const string Method = """
        public partial class Tensor
        {
            /// <summary>x·r.</summary>
            /// <param name="rate">r.</param>
            /// <exception cref="DTypeException">Never.</exception>
            public Tensor Grow(double rate = 2, bool back = false) => this;
        }
        """;

    private static GeneratorDriverRunResult Run(string file) =>
        Driver(file).RunGenerators(CSharpCompilation.Create("Modules")).GetRunResult();

    private static GeneratorDriver Driver(string file) =>
        CSharpGeneratorDriver.Create([new ModuleGenerator().AsSourceGenerator()], [new Given(file)],
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static string Said(string module, string method = Method) =>
        $"{method}\n/// <summary>y = r·x, dy/dx = r.</summary>\nstruct GrowOp {{ static OpInfo Info => new() {{ Module = {module} }}; }}";

    [Fact]
    public void A_module_has_the_method_s_parameters_defaults_and_comments_and_checks_what_it_says()
    {
        string method = Method.Replace("/// <exception", "/// <param name=\"back\">Whether it goes back.</param>\n    /// <exception");
        string text = Run(Said("\"GROW(rate={rate: above 0}, it)\"", method)).GeneratedTrees.ShouldHaveSingleItem().ToString();
        text.ShouldContain("public sealed partial class GROW(double rate = 2) : Module");
        text.ShouldContain("_rate = rate.In(Interval.Positive);");
        text.ShouldContain("input.Grow(rate: _rate);");
        text.ShouldContain("$\"rate={PythonText.Of(_rate)}, it\"");
        text.ShouldContain("/// <param name=\"rate\">r; above 0.</param>");
        text.ShouldContain("y = r·x, dy/dx = r.");
        text.ShouldContain(
            "public static Tensor Grow(Tensor input, double rate = 2, bool back = false) =>\n        input.Given().Grow(rate, back);");
        text.ShouldContain("/// <exception cref=\"DTypeException\">Never.</exception>");
    }

    [Theory]
    [InlineData("Name + \"()\"", "plain text")]
    [InlineData("\"GROW\"", "name with brackets")]
    [InlineData("\"GROW(\"", "name with brackets")]
    [InlineData("\"\"", "name with brackets")]
    [InlineData("\"(rate)\"", "name with brackets")]
    [InlineData("\"GROW(rate={rate: above 0)\"", "not closed")]
    [InlineData("\"GROW(rate={rate: positive})\"", "{rate: positive} does not say what the option may be")]
    [InlineData("\"GROW(rate={speed: above 0})\"", "<param name=\"speed\">")]
    [InlineData("\"GROW(rate={rate: above 0})\"", "<param name=\"back\">")]
    [InlineData("\"Shrink()\"", "method of Tensor with its name, of which this file must have one, but has 0")]
    public void What_is_not_understood_is_an_error_that_says_what_to_do(string module, string message)
    {
        GeneratorDriverRunResult result = Run(Said(module));
        result.GeneratedTrees.ShouldBeEmpty();
        Diagnostic report = result.Diagnostics.ShouldHaveSingleItem();
        (report.Id, report.Severity).ShouldBe(("ADJ1001", DiagnosticSeverity.Error));
        report.GetMessage(null).ShouldContain(message);
        report.Location.GetLineSpan().Path.ShouldBe("Grow.cs");
    }

    [Fact]
    public void A_file_that_says_nothing_of_a_module_makes_none() => Run(Method).GeneratedTrees.ShouldBeEmpty();

    /// <summary>Or every key that is pressed would write all modules anew.</summary>
    [Fact]
    public void Nothing_is_written_anew_when_no_operation_changed()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        Compilation compilation = CSharpCompilation.Create("Modules"),
            other = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", cancellationToken: stop));
        GeneratorDriver driver = Driver(Said("\"Grow()\"", Method.Replace(", bool back = false", ""))).RunGenerators(compilation, stop);
        GeneratorRunResult again = driver.RunGenerators(other, stop).GetRunResult().Results[0];
        again.GeneratedSources.Length.ShouldBe(1);
        again.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason)
            .ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    private sealed class Given(string text) : AdditionalText
    {
        public override string Path => "Grow.cs";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
