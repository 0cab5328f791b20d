using System.Linq.Expressions;
using System.Text;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Surface.Depth;

/// <summary>Formulas nested deep, by loops and by text.</summary>
internal static class FormulaDepth
{
    private const int Deep = 20_000;

    // For what needs more than a step for each operation; in a stack that is as much smaller.
    private const int LessDeep = 300, SmallStack = 256 << 10;

    private static readonly Variable s_x = new("x");

    internal static IEnumerable<(string Name, Action Work)> Cases()
    {
        foreach ((string kind, Func<Expr, Expr> step) in Steps())
        {
            Expr Make(int deep = Deep)
            {
                Expr e = s_x;
                for (int i = 0; i < deep; i++) e = step(e);
                return e;
            }
            var made = new Lazy<Expr>(() => Make());
            foreach ((string what, Action<Expr> act) in Acts()) yield return ($"formula of {kind}: {what}", () => act(made.Value));
            var less = new Lazy<Expr>(() => Make(LessDeep));
            foreach ((string what, Action<Expr> act) in LongActs())
                yield return ($"formula of {kind}: {what}", () => InSmallStack(() => act(less.Value)));
            yield return ($"formula of {kind}: equal to another", () => made.Value.Equals(Make()));
            yield return ($"formula of {kind}: with another", () => _ = new Dictionary<Expr, int> { [made.Value] = 1 }.ContainsKey(Make()));
        }
        foreach ((string open, string close) in Texts())
            yield return (
                $"text of {open}{close}",
                () => Expr.Parse(
                    new StringBuilder().Insert(0, open, Deep * 5).Append('x').Insert(open.Length * Deep * 5 + 1, close, Deep * 5)
                    .ToString()));
        foreach ((string kind, Func<Expression, Expression> step) in Lambdas())
            yield return ($"lambda of {kind}", () =>
            {
                ParameterExpression x = Expression.Parameter(typeof(double), "x");
                Expression body = x;
                for (int i = 0; i < Deep; i++) body = step(body);
                Expr.From(Expression.Lambda<Func<double, double>>(body, x));
            }
            );
        yield return ("lambda without its parameter", () =>
        {
            Expression body = Expression.Constant(1.0);
            for (int i = 0; i < Deep; i++) body = Expression.Negate(body);
            Expr.From(Expression.Lambda<Func<double, double>>(body, Expression.Parameter(typeof(double), "x")));
        }
        );
    }

    private static IEnumerable<(string, Func<Expr, Expr>)> Steps() =>
    [
        ("functions", e => e.Sin()), ("sums on the right", e => 1 + e * 2), ("products on the right", e => s_x * (1 + e)),
            ("quotients", e => 1 / (1 + e)), ("powers", e => e.Pow(s_x)),
        ("exponents", e => Expr.Constant(2).Pow(e)), ("squares", e => (e * e).Sin()), ("choices", e => Expr.IfLess(s_x, 1, e, s_x)),
        ("choices, otherwise", e => Expr.IfLess(s_x, 1, s_x, e)),
        ("comparisons", e => Expr.IfEqual(e, 1, s_x, 2)), ("two arguments", e => e.Atan2(s_x)), ("roots", e => e.Sqrt()),
        ("magnitudes", e => e.Abs()), ("signs", e => -e.Exp()),
    ];

    private static IEnumerable<(string, Action<Expr>)> Acts() =>
    [
        ("make", e => e.GetHashCode()), ("text", e => e.ToString()), ("book text", e => e.ToText()), ("latex", e => e.ToLatex()),
            ("C#", e => e.ToCSharp()), ("C# method", e => e.ToCSharp("f", "x")),
        ("variables", e => _ = e.Variables), ("nodes", e => _ = e.NodeCount), ("terms", e => _ = e.TermCount),
        ("evaluate", e => e.Evaluate(("x", 0.5))),
        ("evaluate as a formula", e => e.Evaluate(new Dictionary<string, Expr> { ["x"] = s_x })),
        ("evaluate as a tensor", e => e.Evaluate(new Dictionary<string, Real<double>> { ["x"] = new(0.5) })),
        ("compile", e => e.Compile("x").Invoke(0.5)), ("delegate", e => e.ToFunc("x")(0.5)),
        ("substitute", e => e.Substitute("x", 2 * s_x)), ("substitute a part", e => e.Substitute(s_x + 1, s_x)),
        ("derivative", e => e.Differentiate("x")), ("gradient", e => e.Gradient("x")), ("Jacobian", e => Expr.Jacobian([e], "x")),
    ];

    private static IEnumerable<(string, Action<Expr>)> LongActs() =>
    [
        ("second derivative", e => e.Differentiate("x", 2)), ("derivation", e => e.Derivation("x")), ("Hessian", e => e.Hessian("x")),
            ("tidy", e => e.Tidy()), ("expand", e => e.Expand()), ("factor", e => e.Factor()), ("simplify", e => e.Simplify()),
        ("trace", e => Trace.Of(e, ("x", 0.5))), ("trace tables", e => Trace.Of(e, ("x", 0.5)).ToAdjointTable()),
        ("every method", e => EveryMethod.Derivatives(e, [("x", 0.5)], ["x"])),
    ];

    private static void InSmallStack(Action act)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                act();
            }
            catch (Exception e)
            {
                failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            }
        }, SmallStack);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static IEnumerable<(string, string)> Texts() =>
    [
        ("(", ")"), ("sin(", ")"), ("-", ""), ("+", ""), ("x^", ""), ("2^-", ""), ("|", "|"), ("√", ""), ("if(x<1,", ",2)"),
            ("if(", "<1,2,3)"), ("1+(", ")"), ("x*(", ")"), ("1/(", ")"), ("max(1,", ")"), ("(", ""), ("1+", ""), ("2*", ""), ("1/", ""),
            ("x(", ")"),
    ];

    private static IEnumerable<(string, Func<Expression, Expression>)> Lambdas()
    {
        Expression one = Expression.Constant(1.0);
        return
        [
            ("negations", Expression.Negate), ("sums", b => Expression.Add(b, one)), ("sums on the right", b => Expression.Add(one, b)),
                ("calls", b => Expression.Call(typeof(Math), nameof(Math.Sin), null, b)),
            ("choices", b => Expression.Condition(Expression.LessThan(b, one), b is ParameterExpression ? b : one, one)),
            ("branches", b => Expression.Condition(Expression.LessThan(one, one), one, b)),
            ("conversions", b => Expression.Convert(Expression.Convert(b, typeof(int)), typeof(double))),
            ("denials", b => Expression.Condition(Expression.Not(Expression.Not(Expression.LessThan(b, one))), one, one)),
        ];
    }
}
