using System.Globalization;
using System.Text.Json;
using Adjoint.Cli;
using Adjoint.Cli.Commands;
using Adjoint.Symbolic;

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
        foreach (string line in (string[])
            [
                "v₅   = v₄ − v₃  = 10.693 − (−0.959)  = 11.652", "y1   = v₅", "v̇₂   = v̇₋₁·v₀ + v̇₀·v₋₁  = 1·5 + 0·2  = 5",
                    "v̇₄   = v̇₁ + v̇₂          = 0.5 + 5",
                "v̇₅   = v̇₄ − v̇₃          = 5.5 − 0", "= v̄₄·∂v₄/∂v₂", "= v̄₄·1", "two slips",
            ])
            output.ShouldContain(line);
        foreach (string name in (string[])["x\u03071", "y\u03071", "y\u03041", "x\u03041", "x\u03042"]) output.ShouldContain(name);
        Run("diff", "x1*x2", "--at", "x1=2,x2=5", "--trace").Output.ShouldNotContain("slips");
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
    public void What_is_printed_can_be_asked_again()
    {
        const string formula = "sin²(x) + cos²(x) − 3·x^(x − 1)·π";
        string output = Run("diff", formula).Output;
        output.ShouldContain("f(x) = " + formula);
        string derivative = output.Split('\n').Single(l => l.StartsWith("∂f/∂x = ", StringComparison.Ordinal))["∂f/∂x = ".Length..].Trim();
        Run("diff", derivative).Exit.ShouldBe(0);
        Run("diff", "e^x + pi").Output.ShouldContain("f(x) = e^x + π\n∂f/∂x = e^x\n");
        Run("diff", "e^x + pi", "--latex").Output.ShouldContain("f = e^{x} + \\pi\n\\frac{\\partial f}{\\partial x} = e^{x}\n");
    }

    [Fact]
    public void Mixed_derivatives_are_asked_for_by_their_names()
    {
        string output = Run("diff", "x^2*y^3", "--at", "x=1,y=2", "--wrt", "x,x,y").Output;
        output.ShouldContain("∂³f/∂x²∂y = 6y²");
        foreach (string method in (string[])["numeric", "symbolic", "forward", "reverse"])
        {
            string row = output.Split('\n').Single(l => l.StartsWith($"│ {method} ", StringComparison.Ordinal));
            double value = double.Parse(row.Split('│')[2], CultureInfo.InvariantCulture);
            if (method == "numeric") value.ShouldBe(24, 1e-9);
            else value.ShouldBe(24, method);
        }
        Run("diff", "x^2*y^3", "--wrt", "x,y", "--order", "2").Output.ShouldContain("∂²f/∂x∂y = 6x·y²");
        Run("diff", "x^2*y^3", "--wrt", "x,y", "--latex").Output.ShouldContain(@"\frac{\partial^{2} f}{\partial x \, \partial y} = 6 \, x \, y^{2}");
        using var json = JsonDocument.Parse(Run("diff", "x^2*y^3", "--at", "x=1,y=2", "--wrt", "x,y", "--json").Output);
        json.RootElement.GetProperty("order").GetInt32().ShouldBe(2);
        json.RootElement.GetProperty("derivatives").GetProperty("x,y").GetString().ShouldBe("6*x*y^2");
        json.RootElement.GetProperty("methods").GetProperty("reverse").GetProperty("derivatives").GetProperty("x,y").GetDouble()
            .ShouldBe(24);
    }

    [Theory]
    [InlineData("x,z", "2", "--wrt z: the formula's variables are x, y")]
    [InlineData("x,y", "3", "--order 3 --wrt x,y: by 2 names the order is 2")]
    [InlineData("x,y", "1", "by 2 names the order is 2")]
    [InlineData("x,", "1", "a name is missing")]
    [InlineData("x,x,x,x,y,y,y", "1", "orders from 1 to 6")]
    public void Mixed_derivatives_that_make_no_sense_are_refused(string by, string order, string message) =>
        CommandLineRun.Of("diff", "x*y", "--wrt", by, "--order", order).ShouldRefuse(message);

    [Fact]
    public void The_second_order_shows_the_Hessian_a_row_for_each_derivative_when_there_are_many()
    {
        string two = Run("diff", "x^2*y^3", "--at", "x=1,y=2", "--order", "2").Output;
        two.ShouldMatch("│ method +│ ∂²f/∂x² +│ ∂²f/∂x∂y +│ ∂²f/∂y² +│ digits │");
        string three = Run("diff", "exp(x*y*z)", "--at", "x=1,y=2,z=0.1", "--order", "2").Output;
        three.ShouldContain("│          │ numeric ");
        foreach (string name in (string[])["∂²f/∂x²", "∂²f/∂x∂y", "∂²f/∂x∂z", "∂²f/∂y²", "∂²f/∂y∂z", "∂²f/∂z²"])
            three.Split('\n').Count(l => l.StartsWith("│ " + name + " ", StringComparison.Ordinal)).ShouldBe(1, name);
        three.ShouldContain("reverse    3 passes over dual numbers");
        three.Split('\n').Where(l => l.StartsWith('│')).Max(l => l.Length).ShouldBeLessThanOrEqualTo(120);
        Run("diff", "a*b*c*d*x", "--order", "2").Output.ShouldNotContain("∂a∂b");
        Run("diff", "x^2*y", "--order", "2", "--wrt", "x").Output.ShouldNotContain("∂x∂y");
    }

    [Fact]
    public void Digits_are_counted_where_the_derivative_is_0_and_left_out_where_they_cannot_be()
    {
        string Row(string formula, string at) =>
            Run("diff", formula, "--at", at).Output.Split('\n').Single(l => l.StartsWith("│ numeric ", StringComparison.Ordinal));
        // The noise of rounding itself may differ from machine to machine.
        Row("sin(x)^2+cos(x)^2", "x=1").ShouldMatch(@"│ (all|1[345]\.\d) +│");
        Row("sqrt(x)", "x=0").ShouldContain("│ —  ");
        using var json = JsonDocument.Parse(Run("diff", "sqrt(x)", "--at", "x=0", "--json").Output);
        var methods = json.RootElement.GetProperty("methods");
        methods.GetProperty("numeric").GetProperty("digits").ValueKind.ShouldBe(JsonValueKind.Null);
        methods.GetProperty("reverse").GetProperty("digits").GetDouble().ShouldBe(16);
    }

    [Theory]
    [InlineData("ln(x) + y", "f has no value at this point (NaN)")]
    [InlineData("abs(x + 1)*y", "numeric slopes of f along x differ: −2 from the left, 2 from the right (a kink)")]
    [InlineData("max(x, -y/2)", "slopes of f along y differ: −0.5 from the left, 0 from the right")]
    [InlineData("x + floor(y)", "f jumps along y: it tends to 0 from the left and to 1 from the right, and is 1 at the point")]
    [InlineData("x*y", null)]
    [InlineData("sqrt(x + 1)", null)]
    public void Notes_say_what_is_special_about_the_point(string formula, string? note)
    {
        string at = formula.Contains('y') ? "x=-1,y=2" : "x=-1";
        string[] notes =
            [.. Run("diff", formula, "--at", at).Output.Split('\n').Where(l => l.StartsWith("note: ", StringComparison.Ordinal))];
        using var json = JsonDocument.Parse(Run("diff", formula, "--at", at, "--json").Output);
        json.RootElement.GetProperty("notes").EnumerateArray().Select(n => "note: " + n.GetString())
            .ShouldBe(notes.Select(n => n.TrimEnd()));
        if (note is null) notes.ShouldBeEmpty();
        else notes.ShouldContain(n => n.Contains(note));
    }

    [Fact]
    public void A_constant_has_a_value_and_no_table()
    {
        string output = Run("diff", "2pi").Output;
        output.ShouldContain("f = 2π\nf = 6.283185307179586");
        output.ShouldNotContain("method");
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
    public void Jacobian_without_a_point_shows_its_formulas()
    {
        var (exit, output, _) = Run("jacobian", "x^2*y; |x|");
        exit.ShouldBe(0);
        output.ShouldContain("│ f1 │ 2x·y    │ x²   │");
        output.ShouldContain("Add --at x=…,y=… for values in both modes.");
        Run("jacobian", "x^2*y", "--json").Exit.ShouldBe(2);
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

    [Fact]
    public void A_trace_wider_than_the_terminal_is_folded_and_says_the_same()
    {
        string table = Trace.Of(Expr.Parse("ln(x1) + x1*x2 - sin(x2)"), ("x1", 2), ("x2", 5)).ToAdjointTable();
        DiffTraces.Fit(table, 80).ShouldBe(table);
        string folded = DiffTraces.Fit(table, 40);
        folded.Split('\n').ShouldAllBe(line => line.Length <= 40);
        folded.ShouldContain("  = v̄₀ + v̄₂·∂v₂/∂v₀\n  = v̄₀ + v̄₂·v₋₁\n  = −0.284 + 1·2\n  = 1.716\n");
        System.Text.RegularExpressions.Regex.Replace(folded, @"\s+", "").ShouldBe(System.Text.RegularExpressions.Regex.Replace(table, @"\s+", ""));
    }
}
