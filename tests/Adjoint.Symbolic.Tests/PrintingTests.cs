using System.Reflection;
using Adjoint.Symbolic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests.Symbolic;

public class PrintingTests
{
    private static readonly (double X, double Y)[] Points = [(0.3, 1.7), (-1.2, 0.4), (2.5, -0.8)];

    [Theory]
    [InlineData("ln(x1) + x1*x2 - sin(x2)", "ln(x1) + x1·x2 − sin(x2)", @"\ln\left(x_{1}\right) + x_{1} \, x_{2} - \sin\left(x_{2}\right)")]
    [InlineData("-x^2/(2*y)", "−x²/(2y)", @"-\frac{x^{2}}{2 \, y}")]
    [InlineData("(-x)^2", "(−x)²", @"\left(-x\right)^{2}")]
    [InlineData("sqrt(alpha)*exp(-x)", "sqrt(alpha)·e^(−x)", @"\sqrt{\alpha} \, e^{-x}")]
    [InlineData("a - (b - c)", "a − (b − c)", @"a - \left(b - c\right)")]
    [InlineData("(x^y)^z", "(x^y)^z", @"\left(x^{y}\right)^{z}")]
    [InlineData("abs(x)", "abs(x)", @"\left|x\right|")]
    [InlineData("2*exp(x)*(1 + x)", "2e^x·(1 + x)", @"2 \, e^{x} \, \left(1 + x\right)")]
    [InlineData("exp(2)*exp(x)^2/exp(x^2)", "e²(e^x)²/e^(x²)", @"\frac{e^{2} \, \left(e^{x}\right)^{2}}{e^{x^{2}}}")]
    [InlineData("x*(1 - x)*rate*(1 - x)", "x(1 − x)·rate·(1 − x)", @"x \, \left(1 - x\right) \, \mathrm{rate} \, \left(1 - x\right)")]
    [InlineData("2*e2*f*(1 - x)", "2·e2·f·(1 − x)", @"2 \, e_{2} \, f \, \left(1 - x\right)")]
    [InlineData("sign(x)", "sign(x)", @"\operatorname{sgn}\left(x\right)")]
    [InlineData("if(x < 0, 1, if(x = 0, 2, 3))", "if(x < 0, 1, if(x = 0, 2, 3))",
        @"\begin{cases} 1 & \text{if } x < 0 \\ 2 & \text{if } x = 0 \\ 3 & \text{otherwise} \end{cases}")]
    [InlineData("3.14*x - 0.12345/y", "3.14x − 0.12345/y", @"3.14 \, x - \frac{0.12345}{y}")]
    [InlineData("3*x/10 + 105*x/16 - x^2.0001", "3x/10 + 105x/16 − x^2.0001", @"\frac{3 \, x}{10} + \frac{105 \, x}{16} - x^{2.0001}")]
    public void Text_and_LaTeX(string formula, string text, string latex)
    {
        var e = Expr.Parse(formula);
        e.ToString().ShouldBe(formula);
        e.ToText().ShouldBe(text);
        e.ToLatex().ShouldBe(latex);
    }

    [Fact]
    public void What_is_printed_reads_back()
    {
        var formulas = new RandomFormulas(11);
        for (int i = 0; i < 500; i++)
        {
            var e = formulas.Next(5);
            ReadsBack(e);
            if (i % 10 == 0) ReadsBack(e.Differentiate("x").Simplify());
        }
    }

    [Fact]
    public void Every_function_its_powers_and_its_derivatives_read_back()
    {
        Expr x = new Variable("x"), y = new Variable("y");
        foreach (string name in KnownFunctions.Names)
        {
            var f = KnownFunctions.ArityOf(name) == 1 ? KnownFunctions.Call(name, [x + y / 3]) : RandomFormulas.Call(name, 2 * x, y);
            foreach (var e in (Expr[])[f, Power.Of(f, 2), 3 * f / (1 + f), x.Exp() * f * (x - y), Power.Of(f, x), (-f).Exp()])
            {
                ReadsBack(e);
                ReadsBack(e.Differentiate("x"));
                ReadsBack(e.Differentiate("y").Simplify());
            }
            ReadsBack(f.Differentiate("x", 2).Simplify());
        }
    }

    private static void ReadsBack(Expr e)
    {
        foreach (string text in (string[])[e.ToString(), e.ToText()])
        {
            var again = Expr.Parse(text);
            foreach (var (x, y) in Points) Same(again.Evaluate(("x", x), ("y", y)), e.Evaluate(("x", x), ("y", y)), text);
        }
    }

    [Fact]
    public void Printed_CSharp_compiles_and_computes_the_same()
    {
        var formulas = new RandomFormulas(13);
        var cases =
            Enumerable.Range(0, 200).Select(_ => formulas.Next(5))
            .Append(Expr.Parse("erf(x) + relu(y) + sigmoid(x) + logaddexp(x, y) + rsqrt(abs(x)) + x^5/3 + pi")).ToList();
        string methods = string.Join("\n", cases.Select((e, i) => "public " + e.ToCSharp($"F{i}", "x", "y")));
        var references =
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation =
            CSharpCompilation.Create(
                "printed", [
                    CSharpSyntaxTree.ParseText(
                        $"using System; using Adjoint; public static class Printed {{ {methods} }}",
                        cancellationToken: TestContext.Current.CancellationToken)],
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics.Take(5)));
        var printed = Assembly.Load(stream.ToArray()).GetType("Printed")!;
        for (int i = 0; i < cases.Count; i++)
            foreach (var (x, y) in Points)
                Same((double)printed.GetMethod($"F{i}")!.Invoke(null, [x, y])!, cases[i].Evaluate(("x", x), ("y", y)), cases[i].ToString());
    }

    /// <summary>Equal up to rounding; huge and undefined values need only be huge or undefined in both.</summary>
    private static void Same(double actual, double expected, string formula)
    {
        if (!double.IsFinite(expected) || Math.Abs(expected) > 1e12) return;
        actual.ShouldBe(expected, 1e-6 * (1e-3 + Math.Abs(expected)), formula);
    }

    [Fact]
    public void Keywords_may_be_variables() => Expr.Parse("in + 1").ToCSharp("F").ShouldBe("static double F(double @in) => @in + 1.0;");

    [Fact]
    public void A_large_round_number_is_written_with_a_power_of_ten()
    {
        var f = Expr.Parse("-1.5e300*x");
        f.ToString().ShouldBe("-15e299*x");
        Expr.Parse(f.ToString()).ShouldBe(f);
        f.ToLatex().ShouldBe(@"-15 \cdot 10^{299} \, x");
        Expr.Parse("100000000000").ToString().ShouldBe("100000000000");
    }

    /// <summary>Names that C# forbids, reserves, or that the printed code itself uses.</summary>
    [Fact]
    public void Any_variable_name_compiles()
    {
        string[] names =
        [
            "in", "Math", "Real", "double", "θ₁", "θ1", "x₋₁", "v̇₅", "λ", "_", "__arglist", "value", "var", "await", "record", "nameof",
                "field", "",
            "1x", "a b", "a-b", "System", "Adjoint", "e\u0301", "é", "∞x", "@x", "x'", "ﬁ", "F", "args", "\"", "global", "dynamic",
            "scoped", "with",
        ];
        var methods = new List<string>();
        var sums = new List<Expr>();
        foreach (string name in names)
            foreach (string other in names.Where(o => o != name).Take(40))
            {
                Expr x = new Variable(name), y = new Variable(other), sum = x.Sin() + 2 * y.Erf();
                sums.Add(sum);
                methods.Add("public " + sum.ToCSharp($"F{methods.Count}", name, other));
            }
        methods.Add("public " + names.Select(n => (Expr)new Variable(n)).Aggregate((a, b) => a * b).ToCSharp("All"));
        var printed = Compiled(methods);
        for (int i = 0; i < sums.Count; i++)
        {
            string[] variables = [.. sums[i].Variables];
            ((double)printed.GetMethod($"F{i}")!.Invoke(null, [0.3, 0.7])!)
                .ShouldBe(Math.Sin(0.3) + 2 * new Real<double>(0.7).Erf().Value, 1e-15, methods[i]);
        }
        foreach (string bad in (string[])["", "1f", "a b", "Math", "Real", "a-b"])
            Should.Throw<ArgumentException>(() => Expr.Parse("x").ToCSharp(bad));
        Expr.Parse("x").ToCSharp("if").ShouldBe("static double @if(double x) => x;");
        Should.Throw<ArgumentException>(() => Expr.Parse("x + y").ToCSharp("F", "x")).Message.ShouldContain("variable y");
        Should.Throw<ArgumentException>(() => Expr.Parse("x").ToCSharp("F", "x", "x")).Message.ShouldContain("not all different");
    }

    [Fact]
    public void Every_function_compiles_and_computes_the_same()
    {
        List<Expr> cases =
        [
            .. KnownFunctions.Names.Select(
                n => KnownFunctions.ArityOf(n) == 1 ? KnownFunctions.Call(n, [new Variable("x")])
                    : RandomFormulas.Call(n, new Variable("x"), new Variable("y"))),
        ];
        var printed = Compiled(cases.Select((e, i) => "public " + e.ToCSharp($"F{i}", "x", "y")));
        for (int i = 0; i < cases.Count; i++)
            foreach (var (x, y) in Points)
                Same((double)printed.GetMethod($"F{i}")!.Invoke(null, [x, y])!, cases[i].Evaluate(("x", x), ("y", y)), cases[i].ToString());
    }

    private static Type Compiled(IEnumerable<string> methods)
    {
        var references =
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        string source = $"using System; using Adjoint; public static class Printed {{ {string.Join("\n", methods)} }}";
        var compilation =
            CSharpCompilation.Create(
                "printed", [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)],
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        return Assembly.Load(stream.ToArray()).GetType("Printed")!;
    }
}
