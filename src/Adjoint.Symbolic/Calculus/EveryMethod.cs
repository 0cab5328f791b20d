namespace Adjoint.Symbolic;

/// <summary>A way to differentiate.</summary>
public enum Method
{
    /// <summary>From values of the function alone: extrapolated central differences.</summary>
    Numeric,

    /// <summary>By the rules of differentiation: a formula, evaluated at the point.</summary>
    Symbolic,

    /// <summary>By dual numbers, from the inputs to the result; nested for higher orders.</summary>
    Forward,

    /// <summary>By a tape, from the result back to the inputs; over dual numbers for higher orders.</summary>
    Reverse,
}

/// <summary>What one method says of a derivative.</summary>
/// <param name="Method">The method.</param>
/// <param name="Values">The derivative by each of the variables asked for.</param>
/// <param name="Digits">To how many decimal digits the worst of them agrees with the symbolic derivative; 16 is all a double has.</param>
/// <param name="Cost">What it took, in words: evaluations, passes, operations.</param>
public sealed record MethodResult(Method Method, IReadOnlyList<double> Values, double Digits, string Cost);

/// <summary>One formula, one point, every method of differentiation: side by side.</summary>
public static class EveryMethod
{
    /// <summary>The highest order of forward and reverse mode: every order doubles the dual number.</summary>
    public const int MaxOrder = 6;

    /// <summary>The derivatives ∂ⁿf/∂xⁿ by each of some variables.</summary>
    /// <param name="formula">f.</param>
    /// <param name="point">A value for every variable of f.</param>
    /// <param name="variables">By which variables.</param>
    /// <param name="order">n.</param>
    /// <param name="methods">Which methods; none means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is not in 1 … <see cref="MaxOrder"/>.</exception>
    /// <exception cref="KeyNotFoundException">A variable of the formula has no value.</exception>
    public static IReadOnlyList<MethodResult> Derivatives(
        Expr formula, IReadOnlyList<(string Name, double Value)> point, IReadOnlyList<string> variables, int order = 1,
        params IReadOnlyList<Method> methods)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, MaxOrder);
        string[] names = [.. point.Select(p => p.Name)];
        double[] at = [.. point.Select(p => p.Value)];
        int[] by = [.. variables.Select(v => Array.IndexOf(names, v))];
        if (Array.IndexOf(by, -1) is >= 0 and var missing)
            throw new KeyNotFoundException($"There is no value for {variables[missing]}; there are values for {string.Join(", ", names)}.");
        var code = formula.Compile(names);
        var derivatives = Expr.Compile([.. variables.Select(v => formula.Differentiate(v, order))], names);
        double[] exact = new double[by.Length];
        derivatives.Invoke(at, exact);
        return [.. (methods.Count > 0 ? methods : Enum.GetValues<Method>()).Select(Result)];

        MethodResult Result(Method method)
        {
            var (values, cost) = method switch
            {
                Method.Numeric => Numerically(code, at, by, order),
                Method.Symbolic => (exact, Count(derivatives.OperationCount, "operation") + " in the formula"),
                Method.Forward =>
                    (Array.ConvertAll(by, j => Forward(code, Lift(at), j, order).Value), Count(by.Length, "pass", "es") + Of(order)),
                _ => Reversed(code, at, by, order),
            };
            return new(method, values, values.Zip(exact, Agreement).DefaultIfEmpty(16).Min(), cost);
        }
    }

    /// <summary>Number of decimal digits two values share, from 0 to 16.</summary>
    public static double Agreement(double value, double reference)
    {
        if (value.Equals(reference) || value == reference) return 16;
        if (!double.IsFinite(value) || !double.IsFinite(reference)) return 0;
        double digits = -Math.Log10(Math.Abs(value - reference) / Math.Max(Math.Abs(reference), double.Epsilon));
        return digits > 0 ? Math.Min(digits, 16) : 0;
    }

    private static (double[], string) Numerically(CompiledFormula code, double[] at, int[] by, int order)
    {
        int evaluations = 0;
        double F(double[] x)
        {
            evaluations++;
            return code.Invoke(x);
        }
        double[] values = Array.ConvertAll(by, j =>
        {
            double Along(double v) => F([.. at[..j], v, .. at[(j + 1)..]]);
            return order == 1 ? Numeric.Derivative(Along, at[j]) : HigherDifference(Along, at[j], order);
        });
        return (values, Count(evaluations, "evaluation"));
    }

    /// <summary>
    /// The nth central difference, extrapolated once: its error falls with h⁴ while rounding grows with ε/hⁿ, so the best h is near
    /// ε^(1/(n+4)).
    /// </summary>
    private static double HigherDifference(Func<double, double> f, double x, int n)
    {
        double h = Math.Pow(2, Math.Round(Math.Log2(Math.Pow(double.BitIncrement(1) - 1, 1.0 / (n + 4)) * Math.Max(0.5, Math.Abs(x)))));
        return (4 * Difference(h) - Difference(2 * h)) / 3;

        double Difference(double step)
        {
            double sum = 0, binomial = 1;
            for (int k = 0; k <= n; k++, binomial *= -(n - k + 1.0) / k) sum += binomial * f(x + (n / 2.0 - k) * step);
            return sum / Math.Pow(step, n);
        }
    }

    /// <summary>The nth derivative by n nested dual numbers.</summary>
    private static V Forward<V>(CompiledFormula code, V[] x, int j, int order) where V : struct, IAlgebra<V> =>
        order == 0 ? code.Invoke<V>(x) : Forward(code, Seeded(x, j), j, order - 1).Tangent;

    private static (double[], string) Reversed(CompiledFormula code, double[] at, int[] by, int order)
    {
        if (order > 1)
        {
            double[] values = Array.ConvertAll(by, j => Reverse(code, Lift(at), j, order).Value);
            return (values, Count(by.Length, "pass", "es") + " over dual numbers" + Of(order));
        }
        double[] gradient = Scalar.Reverse.Gradient(code, at);
        return (Array.ConvertAll(by, j => gradient[j]), "1 pass for the whole gradient");
    }

    /// <summary>The nth derivative by one reverse pass over n − 1 nested dual numbers.</summary>
    private static V Reverse<V>(CompiledFormula code, V[] x, int j, int order) where V : struct, IAlgebra<V>
    {
        if (order > 1) return Reverse(code, Seeded(x, j), j, order - 1).Tangent;
        var gradient = new V[x.Length];
        Scalar.Reverse.Gradient<CompiledFormula, V>(code, x, gradient);
        return gradient[j];
    }

    private static Real<double>[] Lift(double[] x) => Array.ConvertAll(x, v => new Real<double>(v));

    private static Dual<V>[] Seeded<V>(V[] x, int j) where V : struct, IAlgebra<V> =>
        [.. x.Select((v, i) => i == j ? Dual<V>.Variable(v) : Dual<V>.Constant(v))];

    private static string Of(int order) => order == 1 ? "" : $" of {order} nested levels";

    private static string Count(int n, string what, string plural = "s") => $"{n} {what}{(n == 1 ? "" : plural)}";
}
