using System.Globalization;

namespace Adjoint.Symbolic;

/// <summary>Reads a formula by recursive descent.</summary>
/// <remarks><code>
/// sum     = product (("+" | "−") product)*
/// product = sign (("*" | "/") sign | power)*        numbers and brackets multiply what follows: 2x, 2√x, (1 − x)(1 + x), x(1 − x)
/// sign    = ("−" | "+") sign | power                −x² is −(x²)
/// power   = atom (("^" | "**") sign | raised digits)?
/// atom    = number | name | call | "(" sum ")" | "|" sum "|" | "√" atom
/// call    = name (("^" whole number) | raised digits)? "(" sum ("," sum)* ")"
///         | "if(" sum ("&lt;" | ">" | "=" | "≤" | "≥" | "≠") sum "," sum "," sum ")"
/// </code></remarks>
internal sealed partial class Parser
{
    /// <summary>Brackets, signs and exponents inside each other; deeper would be no formula a person wrote.</summary>
    private const int MaxDepth = 200;

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    /// <summary>Whether a bar would end what is being read: |x - |y||, but not the bar in |2(1 - |y|)|.</summary>
    private bool _inBars;

    private Parser(string text) => (_text, _tokens) = (text, Lexer.Tokens(text));

    public static Expr Parse(string text)
    {
        var parser = new Parser(text);
        if (parser.Next.Kind == TokenKind.End) throw parser.Error("There is no formula: the text is empty");
        var e = parser.ParseSum();
        if (parser.Next.Kind != TokenKind.End) throw parser.Unexpected("an operator");
        VariableNames.Check(e, text, parser._tokens);
        return e;
    }

    private Token Next => _tokens[_next];

    private Expr ParseSum()
    {
        var terms = new List<Expr>();
        for (bool first = true; ; first = false)
        {
            bool minus = !first && Next.Is("-");
            if (!first) _next++;
            var term = ParseProduct();
            Append(terms, minus ? -term : term, Numeral.Add, 0);
            if (!Next.Is("+") && !Next.Is("-")) return Sum.Of(terms);
        }
    }

    private Expr ParseProduct()
    {
        var factors = new List<Expr>();
        Append(factors, ParseSign(), Numeral.Multiply, 1);
        while (true)
        {
            if (Next.Is("*")) { _next++; Append(factors, ParseSign(), Numeral.Multiply, 1); }
            else if (Next.Is("/"))
            {
                _next++;
                Append(factors, Power.Of(ParseSign(), Numeral.MinusOne), Numeral.Multiply, 1);
                // 1/2x is x/2 to some and 1/(2x) to others.
                if (MultipliesByStanding())
                    throw Error("It is not clear whether this is still below the bar: write (1/2)*x or 1/(2*x)");
            }
            else if (MultipliesByStanding()) Append(factors, ParsePower(), Numeral.Multiply, 1);
            else break;
        }
        return factors.Any(f => f.IsZero) ? Numeral.Zero : Product.Of(factors);
    }

    /// <summary>
    /// Appends as the operators of <see cref="Expr"/> would: two leading numbers are folded, the neutral element is left out, the
    /// operands of a leading sum or product are taken over.
    /// </summary>
    private static void Append(List<Expr> operands, Expr e, Func<Numeral, Numeral, Numeral> fold, int neutral)
    {
        bool isNeutral = e is Numeral m && m.Is(neutral);
        if (operands is [Numeral only])
        {
            if (e is Numeral n) operands[0] = fold(only, n);
            else if (only.Is(neutral)) operands[0] = e;
            else operands.Add(e);
        }
        else if (operands.Count == 0 && (neutral == 0 ? e is Sum : e is Product)) operands.AddRange(e.Operands);
        else if (operands.Count == 0 || !isNeutral) operands.Add(e);
    }

    /// <summary>
    /// 2x, 2√x, 2|x|, 2(x + 1), (1 − x)(1 + x), (1 − x)y; x√2, x|x| and x(1 − x), but two names or numbers do not multiply.
    /// </summary>
    private bool MultipliesByStanding()
    {
        var last = _tokens[_next - 1];
        if (Next.Is("√") || Next.Is("|") && !_inBars) return true;
        // What has been read ends here: a bar closes, and of the names only those that are no functions are left before a bracket.
        bool ends = last.Kind is TokenKind.Number or TokenKind.Superscript || last.Is(")") || last.Is("|");
        return ends && Next.Kind == TokenKind.Name || (ends || last.Kind == TokenKind.Name) && Next.Is("(");
    }

    private Expr ParseSign()
    {
        if (!Next.Is("-") && !Next.Is("+")) return ParsePower();
        bool minus = Next.Is("-");
        var operand = Deeper(ParseSign);
        return minus ? -operand : operand;
    }

    private Expr ParsePower()
    {
        bool root = Next.Is("√");
        var x = ParseAtom();
        if (Next.Kind != TokenKind.Superscript && !Next.Is("^")) return x;
        if (root) throw Error("It is not clear whether the power or the root comes first: write √(x^2) or (√x)^2");
        return Raise(x, Next.Kind == TokenKind.Superscript ? ParseNumber() : Deeper(ParseSign));
    }

    /// <summary>e to a power is the exponential function, written in another way.</summary>
    private static Expr Raise(Expr x, Expr exponent) =>
        x.Equals(NamedConstant.E) && !exponent.IsZero && !exponent.IsOne ? exponent.Exp() : Power.Of(x, exponent);

    private Expr ParseAtom()
    {
        if (Next.Kind == TokenKind.Number) return ParseNumber();
        if (Next.Kind == TokenKind.Name) return ParseName();
        if (Next.Is("√")) return Deeper(ParseAtom).Sqrt();
        if (Next.Is("|")) return Enclosed(ParseSum, "|", bars: true).Abs();
        return Next.Is("(") ? Enclosed(ParseSum, ")") : throw Unexpected("a number, a variable, a function or '('");
    }

    private Expr ParseNumber()
    {
        var token = Next;
        if (Rational.FromDecimal(token.Text) is { } exact) { _next++; return new Numeral(exact); }
        if (!double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw Error($"'{Shortened(token.Text)}' is not a finite number");
        _next++;
        return Numeral.Of(value);
    }

    private void Expect(string text, string described)
    {
        if (!Next.Is(text)) throw Unexpected(described);
        _next++;
    }

    /// <summary>What stands between the next token, which opens a bracket, and the one that closes it.</summary>
    private T Enclosed<T>(Func<T> read, string close, bool bars = false)
    {
        bool outer = _inBars;
        _inBars = bars;
        var inner = Deeper(read);
        Expect(close, $"'{close}'");
        _inBars = outer;
        return inner;
    }

    /// <summary>What follows the next token, one level further in.</summary>
    private T Deeper<T>(Func<T> read)
    {
        if (++_depth > MaxDepth) throw Error($"The formula is nested more than {MaxDepth} levels deep");
        _next++;
        var inner = read();
        _depth--;
        return inner;
    }

    private ParseException Unexpected(string wanted) => Error(Next.Kind == TokenKind.End
        ? $"The formula ends where {wanted} should follow"
        : $"Expected {wanted}{(Next.Is(",") && wanted == "an operator" ? " (decimals are written with a point)" : "")}, found "
            + $"'{Shortened(_text[Next.Position..(_next + 1 < _tokens.Count ? _tokens[_next + 1].Position : _text.Length)].Trim())}'");

    private ParseException Error(string reason) => new(reason, _text, Next.Position);

    private static string Shortened(string text) => text.Length <= 24 ? text : text[..23] + "…";
}
