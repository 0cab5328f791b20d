using System.Text.RegularExpressions;

namespace Adjoint.Symbolic;

/// <summary>
/// An element-wise operation of the table as formulas: as it is written, with names for its parameters, and its slopes, printed from its
/// rule in what the rule reads: the arguments and the value, <c>y</c> of one argument and <c>z</c> of two.
/// </summary>
/// <remarks>
/// A rule knows its parameters as numbers, some of which a formula would lose (a factor 1, a bound that is also a constant). So the
/// slope of an operation with parameters is that of its formula; a test holds both against each other.
/// </remarks>
internal sealed partial class OpFormula
{
    private OpFormula(Expr typed, IReadOnlyList<(string Name, double Value)> parameters, IReadOnlyList<Expr> slopes) =>
        (Typed, Parameters, Slopes) = (typed, parameters, slopes);

    /// <summary>The formula as the operation writes it.</summary>
    public Expr Typed { get; }

    /// <summary>The names of its parameters, and the numbers that the row of the table has for them.</summary>
    public IReadOnlyList<(string Name, double Value)> Parameters { get; }

    /// <summary>The slope by each argument, simplified.</summary>
    public IReadOnlyList<Expr> Slopes { get; }

    public static OpFormula Of(Op op)
    {
        string text = op.Info.Formula;
        Expr typed = Expr.Parse(text);
        string[] arguments = op is UnaryRow ? ["x"] : ["x", "y"];
        string[] names =
            [.. Word().Matches(text).Select(m => m.Value).Distinct().Where(w => typed.Variables.Contains(w) && !arguments.Contains(w))];
        double[] numbers = names.Length == 0 ? [] : [.. op.Attributes.Values.OfType<double>()];
        if (numbers.Length != names.Length)
            throw new InvalidOperationException($"{op}: the formula {text} has {names.Length} parameters, the operation {numbers.Length}.");
        return new(typed, [.. names.Zip(numbers)], [.. SlopesOf(op, typed, arguments, names.Length > 0).Select(slope => slope.Simplify())]);
    }

    private static IEnumerable<Expr> SlopesOf(Op op, Expr typed, string[] arguments, bool hasParameters)
    {
        if (hasParameters) return arguments.Select(a => typed.Differentiate(a));
        Variable x = new("x"), y = new("y"), z = new("z");
        return op is UnaryRow unary
            ? [unary.Slope<Expr>(x, y)] : [((BinaryRow)op).SlopeX<Expr>(x, y, z), ((BinaryRow)op).SlopeY<Expr>(x, y, z)];
    }

    [GeneratedRegex(@"[a-z]+")]
    private static partial Regex Word();
}
