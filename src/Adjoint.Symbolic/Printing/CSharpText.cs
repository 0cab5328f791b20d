using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint.Symbolic;

/// <summary>
/// Prints formulas as C# over doubles: <see cref="Math"/> where it has the function, otherwise the word of generic code
/// (<c>new Real&lt;double&gt;(x).Erf().Value</c>, which needs <c>using Adjoint;</c>).
/// </summary>
internal static class CSharpText
{
    private const int OfChoice = 0, OfSum = 1, OfProduct = 2, OfAtom = 3;

    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long",
        "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly",
        "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this",
        "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile",
        "while",
    ];

    public static string Print(Expr e) => Write(e, OfChoice);

    public static string Method(Expr e, string name, IReadOnlyList<string> parameters) =>
        $"static double {name}({string.Join(", ", parameters.Select(p => "double " + Identifier(p)))}) => {Print(e)};";

    private static string Write(Expr e, int place)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var (text, binding) = e switch
        {
            Sum s => (WriteSum(s), OfSum),
            Number { Exact: { Sign: > 0 } q } n when Notation.Decimal(q) is not null => (Literal(n.Value), OfAtom),
            Number { Exact: { IsInteger: false } } or Product or Power { Exponent: Number { Value: < 0 } } => WriteFraction(Fraction.Of(e)),
            Number n => (Literal(n.Value), n.Value < 0 ? OfSum : OfAtom),
            Power p => (WritePower(p), p.WholeExponent is 2 && p.Base is Variable ? OfProduct : OfAtom),
            Variable v => (Identifier(v.Name), OfAtom),
            NamedConstant c => (c.Name == "pi" ? "Math.PI" : "Math.E", OfAtom),
            UnaryCall c => (WriteCall(c), OfAtom),
            BinaryCall c => (Notation.Math(c.Function.Name) is { } method
                ? $"Math.{method}({Print(c.X)}, {Print(c.Y)})"
                : $"new Real<double>({Print(c.X)}).{Notation.Word(c.Function.Name)}(new Real<double>({Print(c.Y)})).Value", OfAtom),
            Conditional c => (WriteConditional(c), OfChoice),
            _ => throw new InvalidOperationException($"A formula of kind {e.GetType().Name} cannot be printed."),
        };
        return binding < place ? $"({text})" : text;
    }

    private static string WriteConditional(Conditional c)
    {
        string relation = c.Relation == Relation.Less ? "<" : "==";
        return $"{Write(c.X, OfSum)} {relation} {Write(c.Y, OfSum)} ? {Write(c.Then, OfSum)} : {Print(c.Otherwise)}";
    }

    private static string WriteSum(Sum sum)
    {
        var text = new System.Text.StringBuilder(Write(sum.Operands[0], OfSum));
        foreach (var term in sum.Operands.Skip(1))
        {
            var fraction = Fraction.Of(term);
            bool negative = fraction.IsNegative && term is Product or Number;
            text.Append(negative ? " - " : " + ");
            text.Append(negative ? WriteFraction(fraction with { IsNegative = false }).Text : Write(term, OfProduct));
        }
        return text.ToString();
    }

    private static (string Text, int Binding) WriteFraction(Fraction f)
    {
        string above = string.Join(" * ", f.Numerator.Select(n => Write(n, f.Numerator.Count == 1 ? OfProduct : OfAtom)));
        string below = string.Join(" * ", f.Denominator.Select(d => Write(d, OfAtom)));
        if (f.Denominator.Count > 1) below = $"({below})";
        string text = f.Denominator.Count == 0 ? above : $"{above} / {below}";
        return f.IsNegative ? ("-" + (f.Numerator is [Sum] ? $"({text})" : text), OfSum) : (text, OfProduct);
    }

    private static string WritePower(Power p) => p.WholeExponent is 2 && p.Base is Variable v
        ? $"{Identifier(v.Name)} * {Identifier(v.Name)}"
        : $"Math.Pow({Print(p.Base)}, {Print(p.Exponent)})";

    private static string WriteCall(UnaryCall c)
    {
        string u = Print(c.Argument);
        return Notation.Math(c.Function.Name) is { } method
            ? $"Math.{method}({u})"
            : $"new Real<double>({u}).{Notation.Word(c.Function.Name)}().Value";
    }

    private static string Identifier(string name) => Keywords.Contains(name) ? "@" + name : name;

    private static string Literal(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.') || text.Contains('E') ? text : text + ".0";
    }
}
