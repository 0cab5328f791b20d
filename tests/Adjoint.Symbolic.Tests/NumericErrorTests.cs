using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Functional;

/// <summary>The error that a numeric derivative claims, against mpmath (tests/Parity/numeric_fixtures.py).</summary>
public class NumericErrorTests
{
    private sealed record Case(string Function, double X, double Slope);

    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["1 - cos x"] = x => 1 - Math.Cos(x),
        ["cosh x - 1"] = x => Math.Cosh(x) - 1,
        ["sqrt(1 + x^2) - 1"] = x => Math.Sqrt(1 + x * x) - 1,
        ["x - sin x"] = x => x - Math.Sin(x),
        ["e^x - 1 - x"] = x => Math.Exp(x) - 1 - x,
        ["ln(1 + x^2)"] = x => Math.Log(1 + x * x),
        ["1 + x^2"] = x => 1 + x * x,
        ["x^4"] = x => x * x * x * x,
        ["x^4 + 1"] = x => x * x * x * x + 1,
        ["sin(x)/x"] = x => Math.Sin(x) / x,
        ["cos(x)^2"] = x => Math.Cos(x) * Math.Cos(x),
        ["e^(-x^2)"] = x => Math.Exp(-x * x),
        ["1/(1 + x^2)"] = x => 1 / (1 + x * x),
        ["tanh x"] = Math.Tanh,
        ["1e6 + x"] = x => 1e6 + x,
        ["1e6 + sin x"] = x => 1e6 + Math.Sin(x),
        ["(1 + x) - 1"] = x => 1 + x - 1,
        ["(1 + x)^10"] = x => Math.Pow(1 + x, 10),
        ["sin(x)^2 + cos(x)^2"] = x => Math.Sin(x) * Math.Sin(x) + Math.Cos(x) * Math.Cos(x),
        ["x/(1 + |x|)"] = x => x / (1 + Math.Abs(x)),
        ["e^(-1/x^2)"] = x => Math.Exp(-1 / (x * x)),
        ["ln|x|"] = x => Math.Log(Math.Abs(x)),
        ["1/x"] = x => 1 / x,
        ["x^3 - x"] = x => x * x * x - x,
        ["sqrt|x|"] = x => Math.Sqrt(Math.Abs(x)),
        ["sin(100 x)"] = x => Math.Sin(100 * x),
        ["erf x"] = x => Adjoint.Symbolic.Expr.Parse("erf(x)").Evaluate(("x", x)),
        ["atan(1e6 x)"] = x => Math.Atan(1e6 * x),
    };

    /// <summary>Another file of such cases can be named, to look at more of them.</summary>
    private static readonly IReadOnlyList<Case> Cases =
        Fixtures.Read<Case>(Environment.GetEnvironmentVariable("ADJOINT_NUMERIC_CASES") ?? "numeric");

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Is_not_smaller_than_the_error(string name)
    {
        var failures = new List<string>();
        int looked = 0;
        foreach ((_, double x, double slope) in Cases.Where(c => c.Function == name))
        {
            looked++;
            NumericDerivative found = Numeric.Estimate(Functions[name], x);
            double error = Math.Abs(found.Value - slope);
            if (!(error <= 2 * found.Error + 1e-14 * Math.Abs(slope) + 1e-290))
                failures.Add($"at {x:R}: {found.Value:G8} ± {found.Error:G3}, right is {slope:G8}");
        }
        looked.ShouldBeGreaterThan(10);
        failures.ShouldBeEmpty();
    }
}
