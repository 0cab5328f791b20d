using System.Globalization;

namespace Adjoint.Symbolic;

/// <summary>
/// Prints formulas as C# over doubles: <see cref="Math"/> where it has the function, otherwise the word of generic code
/// (<c>new Real&lt;double&gt;(x).Erf().Value</c>, which needs <c>using Adjoint;</c>).
/// </summary>
internal sealed class CSharpText(CSharpNames names)
{
    private const int OfChoice = 0, OfSum = 1, OfProduct = 2, OfAtom = 3;

    public static string Print(Expr e) => new CSharpText(new(e.Variables)).Print(e, OfChoice);

    public static string Method(Expr e, string name, IReadOnlyList<string> parameters)
    {
        if (parameters.Distinct().Count() < parameters.Count)
            throw new ArgumentException($"The parameters {string.Join(", ", parameters)} are not all different.", nameof(parameters));
        if (e.Variables.FirstOrDefault(v => !parameters.Contains(v)) is { } missing)
            throw new ArgumentException(
                $"The formula contains the variable {missing}, which is not among the parameters {string.Join(", ", parameters)}.",
                nameof(parameters));
        var names = new CSharpNames(parameters);
        string list = string.Join(", ", parameters.Select(p => "double " + names[p]));
        return $"static double {CSharpNames.OfMethod(name)}({list}) => {new CSharpText(names).Print(e, OfChoice)};";
    }

    private string Print(Expr e, int place)
    {
        e.CheckStack();
        var (text, binding) = e switch
        {
            Sum s => (WriteSum(s), OfSum),
            Numeral { Exact: { Sign: > 0 } q } n when Notation.Decimal(q) is not null => (Literal(n.Value), OfAtom),
            Numeral { Exact: { IsInteger: false } } or Product or Power { Exponent: Numeral { Value: < 0 } } =>
                WriteFraction(Fraction.Of(e)),
            Numeral n => (Literal(n.Value), n.Value < 0 ? OfSum : OfAtom),
            Power p => (WritePower(p), p.WholeExponent is 2 && p.Base is Variable ? OfProduct : OfAtom),
            Variable v => (names[v.Name], OfAtom),
            NamedConstant c => (c.Name == "pi" ? "Math.PI" : "Math.E", OfAtom),
            UnaryCall c => (WriteCall(c), OfAtom),
            BinaryCall c => (Notation.Math(c.Function.Info) is { } method
                ? $"{method}({Print(c.X, OfChoice)}, {Print(c.Y, OfChoice)})"
                : $"new Real<double>({Print(c.X, OfChoice)}).{Notation.Word(c.Function.Name, c.Function.Info)}(new Real<double>({Print(c.Y, OfChoice)})).Value", OfAtom),
            Conditional c => (WriteConditional(c), OfChoice),
            _ => throw new InvalidOperationException($"A formula of kind {e.GetType().Name} cannot be printed."),
        };
        return binding < place ? $"({text})" : text;
    }

    private string WriteConditional(Conditional c)
    {
        var (relation, otherwise) = c.AsWritten();
        if (relation == "=") relation = "==";
        return $"{Print(c.X, OfSum)} {relation} {Print(c.Y, OfSum)} ? {Print(c.Then, OfSum)} : {Print(otherwise, OfChoice)}";
    }

    private string WriteSum(Sum sum)
    {
        var text = new System.Text.StringBuilder(Print(sum.Operands[0], OfSum));
        foreach (var term in sum.Operands.Skip(1))
        {
            var fraction = Fraction.Of(term);
            bool negative = fraction.IsNegative && term is Product or Numeral;
            text.Append(negative ? " - " : " + ");
            text.Append(negative ? WriteFraction(fraction with { IsNegative = false }).Text : Print(term, OfProduct));
        }
        return text.ToString();
    }

    private (string Text, int Binding) WriteFraction(Fraction f)
    {
        string above = string.Join(" * ", f.Numerator.Select(n => Print(n, f.Numerator.Count == 1 ? OfProduct : OfAtom)));
        string below = string.Join(" * ", f.Denominator.Select(d => Print(d, OfAtom)));
        if (f.Denominator.Count > 1) below = $"({below})";
        string text = f.Denominator.Count == 0 ? above : $"{above} / {below}";
        return f.IsNegative ? ("-" + (f.Numerator is [Sum] ? $"({text})" : text), OfSum) : (text, OfProduct);
    }

    private string WritePower(Power p) => p.WholeExponent is 2 && p.Base is Variable v
        ? $"{names[v.Name]} * {names[v.Name]}"
        : $"Math.Pow({Print(p.Base, OfChoice)}, {Print(p.Exponent, OfChoice)})";

    private string WriteCall(UnaryCall c)
    {
        string u = Print(c.Argument, OfChoice);
        return Notation.Math(c.Function.Info) is { } method
            ? $"{method}({u})"
            : $"new Real<double>({u}).{Notation.Word(c.Function.Name, c.Function.Info)}().Value";
    }

    private static string Literal(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.') || text.Contains('E') ? text : text + ".0";
    }
}
