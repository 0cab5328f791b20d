using System.Text.Json;
using Adjoint.Symbolic;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Symbolic;

/// <summary>
/// Derivatives of orders 1 to 3 where they are hardest (poles, kinks, ties, saturation, ends of domains, infinities), by every method:
/// all agree with one another and with PyTorch, except where it is known to be wrong or to give up.
/// </summary>
public class HardPointTests
{
    /// <summary>What is right where PyTorch says something else.</summary>
    private static readonly Dictionary<(string Formula, double X), double?[]> Better = new()
    {
        [("hardsigmoid(x)", 0)] = [null, 1.0 / 6, null, null],              // PyTorch's sixth is one of Float32
        [("hardswish(x)", -3)] = [null, null, 1.0 / 3, null],               // at a kink of the slope ours is one-sided
        [("hardswish(x)", 3)] = [null, null, 1.0 / 3, null],
        [("elu(x)", 0)] = [null, null, 1, 1],
        [("celu(x)", 0)] = [null, null, 1, 1],
        [("selu(x)", 0)] = [null, null, 1.7580993408473766, 1.7580993408473766],
        [("logsigmoid(x)", 40)] = [null, null, -4.248354255291589e-18, 4.248354255291589e-18],
        [("x^x", 1)] = [null, null, null, 3],                               // PyTorch takes the slope at exponent 0 for a constant
        [("x^x", 0)] = [null, null, 0, 0],
        [("0^x", 0)] = [null, null, 0, 0],
        [("0^x", 1)] = [null, null, 0, 0],
        [("0^x", 2)] = [null, null, 0, 0],
        [("sinc(x)", 0)] = [null, null, -Math.PI * Math.PI / 3, 0],
        [("mish(x)", 1000)] = [null, null, 0, 0],
        [("logaddexp(x, 0)", -1000)] = [null, null, 0, 0],
        [("logit(x)", 0)] = [null, null, double.NegativeInfinity, double.PositiveInfinity],
        [("logit(x)", 1)] = [null, null, double.PositiveInfinity, double.PositiveInfinity],
    };

    private static readonly ILookup<string, Case> Cases = Fixtures.Read<Case>("hard_points").ToLookup(c => c.Formula);

    public static TheoryData<string> Formulas => [.. Cases.Select(c => c.Key)];

    [Theory, MemberData(nameof(Formulas))]
    public void Every_method_has_the_derivatives_of_PyTorch(string formula)
    {
        Expr f = Expr.Parse(formula);
        CompiledFormula code = f.Compile("x");
        var differences = new List<string>();
        foreach (Case at in Cases[formula])
        {
            double[] torch = [.. at.Derivatives.Select(Number)];
            double x = Number(at.X);
            foreach ((string method, Func<Expr, CompiledFormula, double, double[]> derivatives) in Methods)
            {
                double[] found = derivatives(f, code, x);
                for (int n = 0; n < Math.Min(found.Length, torch.Length); n++)
                {
                    double? better = Better.GetValueOrDefault((formula, x))?[n];
                    // A formula for the derivative may have a value where the arithmetic of the function's own steps has none.
                    bool agrees = double.IsNaN(torch[n]) ? double.IsNaN(found[n]) || method == "symbolic" || Same(found[n], better)
                        : Same(found[n], better ?? torch[n]);
                    if (!agrees) differences.Add($"x = {x}, order {n}, {method}: {found[n]}, expected {better ?? torch[n]}");
                }
            }
        }
        differences.ShouldBeEmpty();
    }

    [Fact]
    public void A_direction_that_is_not_taken_stays_clean_beside_a_pole()
    {
        // √x₀ has an infinite slope at 0; the derivative by x₁ does not care, in no mode.
        CompiledFormula f = Expr.Parse("sqrt(x) + x*0 + 3*y").Compile("x", "y");
        Scalar.Forward.Gradient(f, [0, 1]).ShouldBe([double.PositiveInfinity, 3]);
        Scalar.Reverse.Gradient(f, [0, 1]).ShouldBe([double.PositiveInfinity, 3]);
        Scalar.Forward.DirectionalDerivative(f, [0, 1], [0, 1]).ShouldBe(3);
        Scalar.Hessian(f, [0, 1]).ShouldBe(new double[,] { { double.NegativeInfinity, 0 }, { 0, 0 } });
    }

    [Fact]
    public void A_branch_that_is_not_taken_does_no_harm()
    {
        foreach (double x in (double[])[-1, 0])
        {
            Scalar.Forward.Derivative(new Guarded(), x).ShouldBe(0);
            Scalar.Reverse.Derivative(new Guarded(), x).ShouldBe(0);
            Scalar.Derivatives(new Guarded(), x, 2).ShouldBe([0, 0, 0]);
        }
    }

    private static readonly (string Name, Func<Expr, CompiledFormula, double, double[]> Derivatives)[] Methods =
    [
        ("symbolic", (f, _, x) => [.. Enumerable.Range(0, 4).Select(n => (n == 0 ? f : f.Differentiate("x", n)).Evaluate(("x", x)))]),
        ("forward", (_, f, x) => Nested(f, x, Forward, Forward, Forward)),
        ("reverse over forward", (_, f, x) => Nested(f, x, Reverse, Reverse, Reverse)),
        ("reverse over reverse", (_, f, x) => [f.Invoke([x]), Reverse(f, new Real<double>(x)).Value, ReverseTwice(f, x)]),
        ("Taylor", (_, f, x) => Scalar.Derivatives(new OfOne(f), x, 3)),
        ("vector dual", (_, f, x) => [f.Invoke([x]), f.Invoke<VectorDual>([VectorDual.Variable(x, 5)]).Tangent(5)]),
        ("trace", (f, _, x) => Trace.Of(f, ("x", x)) is var trace ? [trace.Value, trace.Gradient()[0].Value] : []),
        ("tensor, reverse", (_, f, x) => Repeated(f, x)),
        ("tensor, forward", (_, f, x) => Transformed(f, x, reverse: false)),
        ("tensor, forward over reverse", (_, f, x) => Transformed(f, x, reverse: true)),
    ];

    private delegate V First<V>(CompiledFormula f, V x);

    private static double[] Nested(
        CompiledFormula f, double x, First<Real<double>> first, First<Dual<Real<double>>> second, First<Dual<Dual<Real<double>>>> third)
    {
        Dual<Real<double>> one = Dual<Real<double>>.Variable(new(x));
        Dual<Dual<Real<double>>> two = Dual<Dual<Real<double>>>.Variable(one);
        return [f.Invoke([x]), first(f, new(x)).Value, second(f, one).Tangent.Value, third(f, two).Tangent.Tangent.Value];
    }

    private static V Forward<V>(CompiledFormula f, V x) where V : struct, IAlgebra<V> => f.Invoke<Dual<V>>([Dual<V>.Variable(x)]).Tangent;

    private static V Reverse<V>(CompiledFormula f, V x) where V : struct, IAlgebra<V>
    {
        Tape<V> tape = new();
        Var<V> variable = tape.Variable(x);
        tape.Backward(f.Invoke<Var<V>>([variable]));
        return tape.Adjoint(variable);
    }

    private static double ReverseTwice(CompiledFormula f, double x)
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> variable = tape.Variable(x);
        tape.Backward(Reverse(f, variable));
        return tape.Adjoint(variable).Value;
    }

    private static double[] Repeated(CompiledFormula f, double at)
    {
        Tensor x = Tensor.Scalar(at, DType.Float64).RequiresGradInPlace(), y = f.Invoke<Tensor>([x]);
        double[] derivatives = [y.Detach().Item<double>(), 0, 0, 0];
        for (int n = 1; n <= 3 && y.RequiresGrad; n++)
        {
            if (Autograd.Grad([y], [x], createGraph: true, allowUnused: true)[0] is not { } next) break;
            derivatives[n] = (y = next).Detach().Item<double>();
        }
        return derivatives;
    }

    private static double[] Transformed(CompiledFormula code, double at, bool reverse)
    {
        Tensor x = Tensor.Scalar(at, DType.Float64);
        Func<Tensor, Tensor> f = t => code.Invoke<Tensor>([t]);
        double[] derivatives = [f(x).Item<double>(), 0, 0, 0];
        for (int n = 1; n <= 3; n++)
        {
            Func<Tensor, Tensor> before = f;
            f = reverse && n == 1 ? t => Transforms.Vjp(before, t).Vjp : t => Transforms.Jvp(before, t).Jvp;
            derivatives[n] = f(x).Item<double>();
        }
        return derivatives;
    }

    private static bool Same(double found, double? expected) => expected is { } right
        && (found == right || found.Equals(right) || Math.Abs(found - right) <= Math.Max(5e-15, 1e-9 * Math.Abs(right)));

    private static double Number(JsonElement number) => number.ValueKind == JsonValueKind.Number ? number.GetDouble()
        : double.Parse(number.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Case(string Formula, JsonElement X, JsonElement[] Derivatives);

    private readonly struct OfOne(CompiledFormula f) : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => f.Invoke<V>([x]);
    }

    /// <summary>ln x·√x for x > 0, else 0.</summary>
    private readonly struct Guarded : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, x.Log() * x.Sqrt(), V.Constant(0));
    }
}
