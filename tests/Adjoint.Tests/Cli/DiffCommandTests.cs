using System.Text.Json;
using Adjoint.Cli;

namespace Adjoint.Tests.Cli;

public class DiffCommandTests
{
    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = CommandLine.Run(args, output, error);
        return (exit, output.ToString(), error.ToString());
    }

    [Fact]
    public void Shows_every_method_side_by_side()
    {
        var (exit, output, _) = Run("diff", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5");
        exit.ShouldBe(0);
        output.ShouldContain("11.652071455223084");
        output.ShouldContain("∂f/∂x1 = 1/x1 + x2");
        foreach (string method in (string[])["numeric", "symbolic", "forward", "reverse"]) output.ShouldContain($"│ {method} ");
        output.ShouldContain("1.7163378145367738");
    }

    [Fact]
    public void Shows_the_traces()
    {
        string output = Run("diff", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5", "--trace").Output;
        output.ShouldContain("│ v₅   │ v₄ − v₃ │ 11.652 │ v̇₅ = v̇₄ − v̇₃");
        output.ShouldContain("v̄₀ = v̄₀ + v̄₂·v₋₁   │ 1.716");
    }

    [Fact]
    public void Writes_JSON_that_reads_back()
    {
        using var json = JsonDocument.Parse(Run("diff", "x^3", "--at", "x=2", "--order", "2", "--json", "--trace").Output);
        json.RootElement.GetProperty("value").GetDouble().ShouldBe(8);
        json.RootElement.GetProperty("derivatives").GetProperty("x").GetString().ShouldBe("6*x");
        json.RootElement.GetProperty("methods").GetProperty("reverse").GetProperty("derivatives").GetProperty("x").GetDouble().ShouldBe(12);
        json.RootElement.GetProperty("trace").GetProperty("adjoint").GetArrayLength().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Writes_LaTeX() => Run("diff", "x1^2", "--latex").Output.ShouldContain(@"\frac{\partial f}{\partial x_{1}} = 2 \, x_{1}");

    [Theory]
    [InlineData("sinn(x) + 1", "x=1", "did you mean sin?")]
    [InlineData("x*y", "x=1", "add --at x=1,y=1")]
    [InlineData("x*y*z", "x=1", "contains y, z, which have no value")]
    [InlineData("x*y", "x=,y=1", "x has no value after its '='")]
    [InlineData("x", "y=1", "no value")]
    [InlineData("x", "x", "'x' is not of the form x=2")]
    [InlineData("x", "x=1,x=2", "two values")]
    [InlineData("x", "x=1,z=2", "z, which does not occur")]
    [InlineData("x +", "x=1", "ends where")]
    public void Mistakes_are_one_clear_message_and_exit_code_2(string formula, string at, string message)
    {
        var (exit, output, error) = Run("diff", formula, "--at", at);
        exit.ShouldBe(2);
        output.ShouldBe("");
        error.ShouldStartWith("error: ");
        error.ShouldContain(message);
    }

    [Fact]
    public void The_caret_points_at_the_character()
    {
        string[] lines = Run("diff", "x + sinn(x)", "--at", "x=1").Error.TrimEnd().Split('\n');
        lines[1].TrimEnd().ShouldBe("    x + sinn(x)");
        lines[2].TrimEnd().ShouldBe("        ^");
    }

    [Theory]
    [InlineData("x*y; sinn(x)", "            ^")]
    [InlineData("x;; y", "         ^")]
    public void The_caret_points_into_the_whole_list_of_formulas(string formulas, string caret)
    {
        string[] lines = Run("jacobian", formulas, "--at", "x=1,y=2").Error.TrimEnd().Split('\n');
        lines[1].TrimEnd().ShouldBe("    " + formulas);
        lines[2].TrimEnd().ShouldBe(caret[3..]);
    }

    [Fact]
    public void A_value_of_the_point_may_be_a_formula_with_commas() =>
        Run("diff", "x*y", "--at", "x=max(1, 2),y=atan2(0, 1)+3").Output.ShouldContain("at x = 2, y = 3");

    [Fact]
    public void A_power_of_variables_is_differentiated_without_its_cases_at_0() =>
        Run("diff", "x^y").Output.ShouldContain("∂f/∂x = y·x^(y − 1)");

    [Theory]
    [InlineData("bogus")]
    [InlineData("diff")]
    [InlineData("diff", "x", "--mode", "sideways")]
    [InlineData("diff", "x", "--order", "99", "--at", "x=1")]
    [InlineData("swell", "--n", "99")]
    [InlineData("swell", "--formulas", "-1")]
    [InlineData("swell", "--formulas", "20", "--json")]
    public void Wrong_usage_exits_with_2(params string[] args)
    {
        var (exit, _, error) = Run(args);
        exit.ShouldBe(2);
        error.TrimEnd().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public void Jacobian_counts_its_passes_and_chooses()
    {
        var (exit, output, _) = Run("jacobian", "x*y; sin(x) + z^2", "--at", "x=2,y=5,z=1");
        exit.ShouldBe(0);
        output.ShouldContain("2 × 3: the cheaper is reverse mode.");
        Run("jacobian", "x; x^2; x^3", "--at", "x=2").Output.ShouldContain("3 × 1: the cheaper is forward mode.");
    }

    [Fact]
    public void Swell_prints_the_table_of_the_lecture()
    {
        string output = Run("swell", "--n", "5").Output;
        output.ShouldContain("lₙ = 64x(1 − x)(1 − 2x)²(1 − 8x + 8x²)²");
        output.ShouldContain("= 64(1 − 42x + 504x² − 2640x³ + 7040x⁴ − 9984x⁵ + 7168x⁶ − 2048x⁷)");
    }

    [Fact]
    public void Jacobian_writes_JSON_that_reads_back()
    {
        using var json = JsonDocument.Parse(Run("jacobian", "x*y; sqrt(x)", "--at", "x=0,y=5", "--json").Output);
        JsonElement root = json.RootElement;
        root.GetProperty("variables").EnumerateArray().Select(v => v.GetString()).ShouldBe(["x", "y"]);
        root.GetProperty("symbolic")[0][0].GetString().ShouldBe("y");
        root.GetProperty("jacobian")[0][0].GetDouble().ShouldBe(5);
        root.GetProperty("jacobian")[1][0].GetString().ShouldBe("Infinity");
        root.GetProperty("jacobian")[1][1].GetDouble().ShouldBe(0);
        root.GetProperty("modes").GetProperty("reverse").GetProperty("passes").GetInt32().ShouldBe(2);
        root.GetProperty("largest_difference").GetDouble().ShouldBe(0);
        root.GetProperty("chosen").GetString().ShouldBe("forward");
    }

    [Fact]
    public void Swell_writes_JSON_that_reads_back()
    {
        using var json = JsonDocument.Parse(Run("swell", "--n", "5", "--formulas", "2", "--json").Output);
        json.RootElement.GetProperty("formulas").GetArrayLength().ShouldBe(2);
        json.RootElement.GetProperty("formulas")[1].GetProperty("simplified").GetString().ShouldBe("4 - 8*x");
        JsonElement rows = json.RootElement.GetProperty("swell");
        rows.GetArrayLength().ShouldBe(5);
        rows[4].GetProperty("simplified_terms").GetInt64().ShouldBe(16);
        rows[4].GetProperty("operations").GetInt64().ShouldBe(12);
    }
}
