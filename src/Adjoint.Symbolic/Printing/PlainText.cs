using System.Globalization;
using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>Prints formulas in one line, as typed (<c>16*x*(1 - 2*x)^2</c>) or as in a book (<c>16x(1 − 2x)²</c>).</summary>
internal sealed class PlainText
{
    private const int OfSum = 1, OfProduct = 2, OfPower = 3, OfAtom = 4;
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private readonly bool _typeset;

    private PlainText(bool typeset) => _typeset = typeset;

    public static string Print(Expr e, bool typeset = false) => new PlainText(typeset).Write(e, OfSum);

    private string Minus => _typeset ? "−" : "-";

    /// <summary>The formula, in brackets if it binds less tightly than its place asks for.</summary>
    private string Write(Expr e, int place)
    {
        e.CheckStack();
        var (text, binding) = e switch
        {
            Sum s => (WriteSum(s), OfSum),
            Numeral n when n.Exact is null => (WriteDouble(n.Value), n.Value < 0 ? OfSum : OfAtom),
            Numeral { Exact: { IsInteger: true, Sign: var sign } q } =>
                (sign < 0 ? Minus + WriteWhole(-q.Numerator) : WriteWhole(q.Numerator), sign < 0 ? OfSum : OfAtom),
            Numeral { Exact: { Sign: > 0 } q } when Notation.Decimal(q) is { } digits => (digits, OfAtom),
            Product or Numeral or Power { Exponent: Numeral { Value: < 0 } } => WriteFraction(Fraction.Of(e)),
            Power p => (WritePower(p), OfPower),
            Variable v => (v.Name, OfAtom),
            NamedConstant c => (_typeset && c.Name == "pi" ? "π" : c.Name, OfAtom),
            UnaryCall { Function.Name: "exp" } c when _typeset => (Raise("e", c.Argument), OfPower),
            UnaryCall c => ($"{Notation.Text(c.Function.Name, c.Function.Info)}({Write(c.Argument, OfSum)})", OfAtom),
            BinaryCall c => ($"{Notation.Text(c.Function.Name, c.Function.Info)}({Write(c.X, OfSum)}, {Write(c.Y, OfSum)})", OfAtom),
            Conditional c => (WriteConditional(c), OfAtom),
            _ => throw new InvalidOperationException($"A formula of kind {e.GetType().Name} cannot be printed."),
        };
        return binding < place ? $"({text})" : text;
    }

    private string WriteSum(Sum sum)
    {
        var text = new System.Text.StringBuilder(Write(sum.Operands[0], OfSum));
        foreach (var term in sum.Operands.Skip(1))
        {
            var fraction = Fraction.Of(term);
            bool negative = fraction.IsNegative && term is Product or Numeral;
            text.Append(negative ? $" {Minus} " : " + ");
            text.Append(negative ? WriteFraction(fraction with { IsNegative = false }).Text : Write(term, OfProduct));
        }
        return text.ToString();
    }

    private (string Text, int Binding) WriteFraction(Fraction f)
    {
        string text = WriteFactors(f.Numerator);
        if (f.Denominator.Count > 0)
            text += "/" + (f.Denominator.Count == 1 ? Write(f.Denominator[0], OfPower) : $"({WriteFactors(f.Denominator)})");
        // −x·y as a factor or a base needs brackets like a sum.
        return f.IsNegative ? (Minus + text, OfSum) : (text, f.Numerator.Count + f.Denominator.Count == 1 ? OfPower : OfProduct);
    }

    private string WriteFactors(IReadOnlyList<Expr> factors)
    {
        if (factors.Count == 1) return Write(factors[0], OfProduct);
        string text = "";
        for (int i = 0; i < factors.Count; i++)
        {
            string factor = Write(factors[i], OfPower);
            if (i > 0) text += Between(factors[i - 1], text[^1], factor);
            text += factor;
        }
        return text;
    }

    /// <summary>
    /// Typeset, a number stands directly before a name or a bracket, and a letter, a raised digit or a bracket before a bracket: where
    /// the parser multiplies too.
    /// </summary>
    private string Between(Expr left, char last, string right)
    {
        if (!_typeset) return "*";
        bool direct = left is Numeral
            ? char.IsAsciiDigit(last) && (right[0] == '(' || IsWord(right))
            : right[0] == '(' && (last == ')' || Raised.Contains(last) || left is Variable v && Notation.MultipliesBracket(v.Name));
        return direct ? "" : "·";
    }

    /// <summary>No call (2·sin(x)), and not the variable e2: 3e2 is 300.</summary>
    private static bool IsWord(string factor) => char.IsLetter(factor[0]) && (!factor.Contains('(') || factor.StartsWith("e^("))
        && !(factor.Length > 1 && factor[0] is 'e' or 'E' && char.IsAsciiDigit(factor[1]));

    private string WritePower(Power p)
    {
        // sin²(x), but the brackets of f(x)² must not look like f(x²); and eˣ has none.
        if (_typeset && p.WholeExponent is { } n && p.Base is UnaryCall { Function.Name: not "exp" } c)
            return $"{Notation.Text(c.Function.Name, c.Function.Info)}{InRaisedDigits(n)}({Write(c.Argument, OfSum)})";
        return Raise(Write(p.Base, OfAtom), p.Exponent);
    }

    private string Raise(string x, Expr exponent) => _typeset && exponent is Numeral { Exact: { IsInteger: true, Sign: >= 0 } n }
        ? x + InRaisedDigits(n.Numerator)
        : $"{x}^{Write(exponent, OfAtom)}";

    private static string InRaisedDigits(BigInteger n) =>
        string.Concat(n.ToString(CultureInfo.InvariantCulture).Select(d => Raised[d - '0']));

    private string WriteConditional(Conditional c)
    {
        if (c.Equals(c.Y.Sign())) return $"sign({Write(c.Y, OfSum)})";
        var (relation, otherwise) = c.AsWritten();
        if (_typeset && relation == "<=") relation = "≤";
        return $"if({Write(c.X, OfSum)} {relation} {Write(c.Y, OfSum)}, {Write(c.Then, OfSum)}, {Write(otherwise, OfSum)})";
    }

    private static string WriteWhole(BigInteger value)
    {
        var (digits, zeros) = Notation.Whole(value);
        return zeros == 0 ? digits : $"{digits}e{zeros}";
    }

    private string WriteDouble(double value) => (value < 0 ? Minus : "")
        + (_typeset && double.IsInfinity(value) ? "∞" : Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
}
