using System.Globalization;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

public class TraceTests
{
    private static Trace Lecture => Trace.Of(Expr.Parse("ln(x1) + x1*x2 - sin(x2)"), ("x1", 2), ("x2", 5));

    [Fact]
    public void The_primal_trace_of_the_lecture() => Lecture.ToTable().ReplaceLineEndings("\n").ShouldBe("""
        v₋₁  = x1                            = 2
        v₀   = x2                            = 5
        v₁   = ln(v₋₁)  = ln(2)              = 0.693
        v₂   = v₋₁·v₀   = 2·5                = 10
        v₃   = sin(v₀)  = sin(5)             = −0.959
        v₄   = v₁ + v₂  = 0.693 + 10         = 10.693
        v₅   = v₄ − v₃  = 10.693 − (−0.959)  = 11.652
        y1   = v₅                            = 11.652

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void The_tangent_traces_of_the_lecture()
    {
        Lecture.Tangents("x1").Select(t => t.Value).ShouldBe([1, 0, 0.5, 5, 0, 5.5, 5.5]);
        Lecture.Tangents("x1").Select(t => t.Formula.ToText()).Skip(2)
            .ShouldBe(["v̇₋₁/v₋₁", "v̇₋₁·v₀ + v̇₀·v₋₁", "v̇₀·cos(v₀)", "v̇₁ + v̇₂", "v̇₄ − v̇₃"]);
        Lecture.Tangents("x2")[^1].Value.ShouldBe(2 - Math.Cos(5), 1e-15);
    }

    [Fact]
    public void The_adjoint_trace_of_the_lecture()
    {
        var steps = Lecture.Adjoints();
        steps.Select(s => s.Name).ShouldBe(["v̄₅", "v̄₄", "v̄₃", "v̄₁", "v̄₂", "v̄₀", "v̄₋₁", "v̄₀", "v̄₋₁"]);
        steps.Select(s => Math.Round(s.Value, 3)).ShouldBe([1, 1, -1, 1, 1, -0.284, 5, 1.716, 5.5]);
        steps[^1].Adds.ShouldBeTrue();
        steps[^1].Contribution.ShouldBe(0.5);
        Lecture.Gradient().ShouldBe([("x1", 5.5), ("x2", Lecture.Tangents("x2")[^1].Value)]);
        Lecture.ToAdjointTable().ShouldContain("v̄₋₁  = v̄₋₁ + v̄₁·∂v₁/∂v₋₁  = v̄₋₁ + v̄₁·(1/v₋₁)  = 5 + 1·(1/2)   = 5.5");
    }

    /// <summary>Numbers stand where the names stood: 2v is a product and no longer number, and a minus is in brackets.</summary>
    [Theory]
    [InlineData("2x", 5, "= 2·5 ")]
    [InlineData("3 - x", -2, "= 3 − (−2)")]
    [InlineData("x^2", -3, "= −3·(−3)")]
    [InlineData("x*x", 7, "= 7·7")]
    [InlineData("sin(x)", -1, "= sin(−1)")]
    [InlineData("-x", 4, "= −4")]
    public void Numbers_take_the_place_of_names(string formula, double x, string line) =>
        Trace.Of(Expr.Parse(formula), ("x", x)).ToTable().ShouldContain(line);

    [Theory]
    [InlineData("x*x", 3, 6)]
    [InlineData("x^3 - 1/x", 2, 12.25)]
    [InlineData("-x", 2, -1)]
    [InlineData("if(x < 1, x^2, 3x)", 2, 3)]
    [InlineData("atan2(x, 2)", 2, 0.25)]
    [InlineData("7", 1, 0)]
    [InlineData("x", 1, 1)]
    public void Tangent_and_adjoint_agree_with_the_derivative(string formula, double x, double derivative)
    {
        var trace = Trace.Of(Expr.Parse(formula), ("x", x));
        trace.Value.ShouldBe(Expr.Parse(formula).Evaluate(("x", x)));
        trace.Tangents("x")[^1].Value.ShouldBe(derivative, 1e-14);
        trace.Gradient()[0].Value.ShouldBe(derivative, 1e-14);
    }

    [Fact]
    public void Random_formulas_trace_to_their_gradient()
    {
        var formulas = new RandomFormulas(21);
        for (int i = 0; i < 200; i++)
        {
            var e = formulas.Next(4);
            var trace = Trace.Of(e, ("x", 0.7), ("y", 1.3));
            double dx = e.Differentiate("x").Evaluate(("x", 0.7), ("y", 1.3));
            if (!double.IsFinite(trace.Value) || !double.IsFinite(dx) || Math.Abs(dx) > 1e6) continue;
            trace.Gradient()[0].Value.ShouldBe(dx, 1e-7 * (1 + Math.Abs(dx)), e.ToString());
            trace.Tangents("x").First(t => t.Name[2..] == trace.Result[1..]).Value.ShouldBe(dx, 1e-7 * (1 + Math.Abs(dx)), e.ToString());
        }
    }

    [Fact]
    public void An_unknown_input_is_named() =>
        Should.Throw<ArgumentException>(() => Lecture.Tangents("y")).Message.ShouldContain("the inputs are x1, x2");

    /// <summary>Sums, products and nests of many terms, of every kind of function.</summary>
    [Theory]
    [InlineData("sum", "sin({0}*x)")]
    [InlineData("sum", "x/{0}")]
    [InlineData("sum", "x*y/{0}")]
    [InlineData("sum", "exp(-x)*{0}")]
    [InlineData("sum", "atan2(y, {0}*x)")]
    [InlineData("difference", "sqrt({0} + x*x)")]
    [InlineData("product", "cos(x/{0})")]
    [InlineData("product", "(1 + x/{0}^2)")]
    public void A_long_formula_is_traced_in_linear_work(string kind, string term)
    {
        // Work is counted by what it allocates: a step that looks through all the lines before it makes something of them.
        long Allocated(int terms)
        {
            string join = kind switch { "sum" => " + ", "difference" => " - ", _ => " * " };
            var f = Expr.Parse(
                string.Join(join, Enumerable.Range(1, terms).Select(i => string.Format(CultureInfo.InvariantCulture, term, i))));
            long before = GC.GetAllocatedBytesForCurrentThread();
            var trace = Trace.Of(f, ("x", 0.5), ("y", 0.25));
            trace.Gradient().Count.ShouldBe(2);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            trace.Value.ShouldBe(f.Evaluate(("x", 0.5), ("y", 0.25)));
            return allocated;
        }
        Allocated(200);
        // Twenty times the terms; quadratic would be 400 times as much.
        Allocated(8_000).ShouldBeLessThan(40 * Allocated(400));
    }
}
