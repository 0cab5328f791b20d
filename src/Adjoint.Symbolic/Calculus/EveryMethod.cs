namespace Adjoint.Symbolic;

/// <summary>A way to differentiate.</summary>
public enum Method
{
    /// <summary>From values of the function alone: extrapolated central differences, nested for mixed derivatives.</summary>
    Numeric,

    /// <summary>By the rules of differentiation: a formula, evaluated at the point.</summary>
    Symbolic,

    /// <summary>By dual numbers, from the inputs to the result; nested for higher orders, each level seeded with its variable.</summary>
    Forward,

    /// <summary>By a tape, from the result back to the inputs; over dual numbers for higher orders.</summary>
    Reverse,
}

/// <summary>What one method says of some derivatives.</summary>
/// <param name="Method">The method.</param>
/// <param name="Values">The value of each of the derivatives asked for.</param>
/// <param name="Digits">
/// To how many decimal digits the worst of them agrees with the symbolic derivative (<see cref="EveryMethod.Agreement"/>); 16 is all a
/// double has. NaN when that cannot be counted for one of them.
/// </param>
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
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    public static IReadOnlyList<MethodResult> Derivatives(
        Expr formula, IReadOnlyList<(string Name, double Value)> point, IReadOnlyList<string> variables, int order = 1,
        params IReadOnlyList<Method> methods) =>
        Derivatives(formula.Given(), point.Given(), [.. variables.AllGiven().Select(v => PartialDerivative.Pure(v, order))],
            methods.Given());

    /// <summary>Some derivatives, pure or mixed.</summary>
    /// <param name="formula">f.</param>
    /// <param name="point">A value for every variable of f.</param>
    /// <param name="derivatives">Which derivatives.</param>
    /// <param name="methods">Which methods; none means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An order is above <see cref="MaxOrder"/>.</exception>
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    public static IReadOnlyList<MethodResult> Derivatives(
        Expr formula, IReadOnlyList<(string Name, double Value)> point, IReadOnlyList<PartialDerivative> derivatives,
        params IReadOnlyList<Method> methods)
    {
        formula.Given();
        point.Given();
        derivatives.AllGiven();
        methods.Given();
        foreach (var d in derivatives) ArgumentOutOfRangeException.ThrowIfGreaterThan(d.Order, MaxOrder, "order");
        string[] names = [.. point.Select(p => p.Name)];
        double[] at = [.. point.Select(p => p.Value)];
        int[][] by = [.. derivatives.Select(d => d.Variables.Select(v => Array.IndexOf(names, v)).ToArray())];
        if (Array.FindIndex(by, b => b.Contains(-1)) is >= 0 and var unknown)
        {
            string variable = derivatives[unknown].Variables[by[unknown].IndexOf(-1)];
            throw new KeyNotFoundException($"There is no value for {variable}; there are values for {string.Join(", ", names)}.");
        }
        var code = formula.Compile(names);
        var formulas = Expr.Compile([.. derivatives.Select(d => d.Of(formula))], names);
        double[] exact = new double[by.Length];
        formulas.Invoke(at, exact);
        return [.. (methods.Count > 0 ? methods : Enum.GetValues<Method>()).Select(Result)];

        MethodResult Result(Method method)
        {
            var (values, cost) = method switch
            {
                Method.Numeric => Numerically(code, at, by),
                Method.Symbolic => (exact, Count(formulas.OperationCount, "operation") + " in the formula"),
                Method.Forward => (Array.ConvertAll(by, b => Forward<Real<double>>(code, Lift(at), b).Value),
                    Count(by.Length, "pass", "es") + Nested(Order(by))),
                _ => Reversed(code, at, by),
            };
            return new(method, values, values.Zip(exact, Agreement).DefaultIfEmpty(16).Min(), cost);
        }
    }

    /// <summary>
    /// Number of decimal digits a value shares with a reference, from 0 to 16: those of the relative error, or of the absolute error
    /// where the reference is exactly 0. Equal values, infinite ones too, share all. NaN where nothing can be counted: one of the two
    /// is not a number (or both), or they are not equal and one of them is infinite.
    /// </summary>
    public static double Agreement(double value, double reference)
    {
        if (value == reference) return 16;
        if (!double.IsFinite(value) || !double.IsFinite(reference)) return double.NaN;
        double digits = -Math.Log10(Math.Abs(value - reference) / (reference == 0 ? 1 : Math.Abs(reference)));
        return Math.Clamp(digits, 0, 16);
    }

    private static (double[], string) Numerically(CompiledFormula code, double[] at, int[][] by)
    {
        // Differences see only what is beside the point; where f has no value, it has no slope either.
        if (!double.IsFinite(code.Invoke(at))) return ([.. by.Select(_ => double.NaN)], "1 evaluation");
        NumericDerivative[] partials = Array.ConvertAll(by, b => Numeric.Partial(x => code.Invoke(x), at, b));
        return (Array.ConvertAll(partials, p => p.Value), Count(1 + partials.Sum(p => p.Evaluations), "evaluation"));
    }

    /// <summary>The derivative by nested dual numbers, each level seeded with one of the variables.</summary>
    private static V Forward<V>(CompiledFormula code, V[] x, ReadOnlySpan<int> by) where V : struct, IAlgebra<V> =>
        by.IsEmpty ? code.Invoke<V>(x) : Forward(code, Seeded(x, by[0]), by[1..]).Tangent;

    /// <summary>One pass for all derivatives that differ in the last variable only.</summary>
    private static (double[], string) Reversed(CompiledFormula code, double[] at, int[][] by)
    {
        var gradients = new Dictionary<string, Real<double>[]>();
        double[] values = Array.ConvertAll(by, b =>
        {
            int[] seeds = b[..^1];
            string key = string.Join(",", seeds);
            if (!gradients.TryGetValue(key, out var gradient)) gradients[key] = gradient = Reverse(code, Lift(at), seeds);
            return gradient[b[^1]].Value;
        });
        string cost = Order(by) == 1 ? "1 pass for the whole gradient"
            : Count(gradients.Count, "pass", "es") + " over dual numbers" + Nested(Order(by) - 1);
        return (values, cost);
    }

    /// <summary>The gradient of a derivative: one reverse pass over nested dual numbers, a level for every variable.</summary>
    private static V[] Reverse<V>(CompiledFormula code, V[] x, ReadOnlySpan<int> seeds) where V : struct, IAlgebra<V>
    {
        if (!seeds.IsEmpty) return Array.ConvertAll(Reverse(code, Seeded(x, seeds[0]), seeds[1..]), d => d.Tangent);
        var gradient = new V[x.Length];
        Scalar.Reverse.Gradient<CompiledFormula, V>(code, x, gradient);
        return gradient;
    }

    private static Real<double>[] Lift(double[] x) => Array.ConvertAll(x, v => new Real<double>(v));

    private static Dual<V>[] Seeded<V>(V[] x, int j) where V : struct, IAlgebra<V> =>
        [.. x.Select((v, i) => i == j ? Dual<V>.Variable(v) : Dual<V>.Constant(v))];

    private static int Order(int[][] by) => by.Select(b => b.Length).DefaultIfEmpty(1).Max();

    private static string Nested(int levels) => levels == 1 ? "" : $" of {levels} nested levels";

    private static string Count(int n, string what, string plural = "s") => $"{n} {what}{(n == 1 ? "" : plural)}";
}
