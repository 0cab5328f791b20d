using System.Globalization;

namespace Adjoint.Symbolic;

/// <summary>Reads a formula by recursive descent.</summary>
/// <remarks><code>
/// sum     = product (("+" | "−") product)*
/// product = sign (("*" | "/") sign | power)*        a number or a bracket multiplies what follows it: 2x, (1 − x)(1 + x)
/// sign    = ("−" | "+") sign | power                −x² is −(x²)
/// power   = atom (("^" | "**") sign | raised digits)?
/// atom    = number | name | name "(" sum ("," sum)* ")" | "(" sum ")" | "if(" sum ("&lt;" | ">" | "=") sum "," sum "," sum ")"
/// </code></remarks>
internal sealed class Parser
{
    /// <summary>Brackets, signs and exponents inside each other; deeper would be no formula a person wrote.</summary>
    private const int MaxDepth = 200;

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    private Parser(string text) => (_text, _tokens) = (text, Lexer.Tokens(text));

    public static Expr Parse(string text)
    {
        var parser = new Parser(text);
        if (parser.Next.Kind == TokenKind.End) throw parser.Error("There is no formula: the text is empty");
        var e = parser.ParseSum();
        return parser.Next.Kind == TokenKind.End ? e : throw parser.Unexpected("an operator");
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
            Append(terms, minus ? -term : term, Number.Add, 0);
            if (!Next.Is("+") && !Next.Is("-")) return Sum.Of(terms);
        }
    }

    private Expr ParseProduct()
    {
        var factors = new List<Expr>();
        Append(factors, ParseSign(), Number.Multiply, 1);
        while (true)
        {
            if (Next.Is("*")) { _next++; Append(factors, ParseSign(), Number.Multiply, 1); }
            else if (Next.Is("/")) { _next++; Append(factors, Power.Of(ParseSign(), Number.MinusOne), Number.Multiply, 1); }
            else if (MultipliesByStanding()) Append(factors, ParsePower(), Number.Multiply, 1);
            else break;
        }
        return factors.Any(f => f.IsZero) ? Number.Zero : Product.Of(factors);
    }

    /// <summary>
    /// Appends as the operators of <see cref="Expr"/> would: two leading numbers are folded, the neutral element is left out, the
    /// operands of a leading sum or product are taken over.
    /// </summary>
    private static void Append(List<Expr> operands, Expr e, Func<Number, Number, Number> fold, int neutral)
    {
        bool isNeutral = e is Number m && m.Is(neutral);
        if (operands is [Number only])
        {
            if (e is Number n) operands[0] = fold(only, n);
            else if (only.Is(neutral)) operands[0] = e;
            else operands.Add(e);
        }
        else if (operands.Count == 0 && (neutral == 0 ? e is Sum : e is Product)) operands.AddRange(e.Operands);
        else if (operands.Count == 0 || !isNeutral) operands.Add(e);
    }

    /// <summary>2x, 2(x + 1), (1 − x)(1 + x), (1 − x)y.</summary>
    private bool MultipliesByStanding()
    {
        var last = _tokens[_next - 1];
        bool left = last.Kind is TokenKind.Number or TokenKind.Superscript || last.Is(")");
        return left && (Next.Kind == TokenKind.Name || Next.Is("("));
    }

    private Expr ParseSign()
    {
        if (!Next.Is("-") && !Next.Is("+")) return ParsePower();
        bool minus = Next.Is("-");
        Descend();
        _next++;
        var operand = ParseSign();
        _depth--;
        return minus ? -operand : operand;
    }

    private Expr ParsePower()
    {
        var x = ParseAtom();
        if (Next.Kind == TokenKind.Superscript) return Power.Of(x, ParseNumber());
        if (!Next.Is("^")) return x;
        Descend();
        _next++;
        var exponent = ParseSign();
        _depth--;
        return Power.Of(x, exponent);
    }

    private Expr ParseAtom()
    {
        if (Next.Kind == TokenKind.Number) return ParseNumber();
        if (Next.Kind == TokenKind.Name) return ParseName();
        if (!Next.Is("(")) throw Unexpected("a number, a variable, a function or '('");
        Descend();
        _next++;
        var inner = ParseSum();
        Expect(")", "')'");
        _depth--;
        return inner;
    }

    private Expr ParseNumber()
    {
        var token = Next;
        if (Rational.FromDecimal(token.Text) is { } exact) { _next++; return new Number(exact); }
        if (!double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw Error($"'{Shortened(token.Text)}' is not a finite number");
        _next++;
        return Number.Of(value);
    }

    private Expr ParseName()
    {
        var name = Next;
        _next++;
        if (Next.Is("("))
        {
            // A bracket after a variable's name reads like a call, so it must be one.
            if (name.Text is "if" or "where") return ParseChoice();
            return ParseCall(name);
        }
        if (KnownFunctions.ArityOf(name.Text) is not null)
            throw new ParseException($"The function {name.Text} needs its argument in brackets: {name.Text}(…)", _text, name.Position);
        return name.Text switch { "pi" or "π" => NamedConstant.Pi, "e" => NamedConstant.E, _ => new Variable(name.Text) };
    }

    private Expr ParseCall(Token name)
    {
        if (KnownFunctions.ArityOf(name.Text) is not { } arity)
        {
            string advice = KnownFunctions.Nearest(name.Text) is { } near
                ? $"did you mean {near}?"
                : $"to multiply, write {Shortened(name.Text)}*(…)";
            throw new ParseException($"There is no function {Shortened(name.Text)}; {advice}", _text, name.Position);
        }
        Descend();
        _next++;
        var arguments = new List<Expr> { ParseSum() };
        while (Next.Is(",")) { _next++; arguments.Add(ParseSum()); }
        if (arguments.Count != arity)
            throw new ParseException($"The function {name.Text} takes {Count(arity)}, not {arguments.Count}", _text, name.Position);
        Expect(")", "')'");
        _depth--;
        return KnownFunctions.Call(name.Text, arguments);
    }

    private Expr ParseChoice()
    {
        Descend();
        _next++;
        var x = ParseSum();
        var relation = Next;
        if (!relation.Is("<") && !relation.Is(">") && !relation.Is("=")) throw Unexpected("'<', '>' or '='");
        _next++;
        var y = ParseSum();
        Expect(",", "','");
        var then = ParseSum();
        Expect(",", "','");
        var otherwise = ParseSum();
        Expect(")", "')'");
        _depth--;
        return relation.Text switch
        {
            "<" => Expr.IfLess(x, y, then, otherwise),
            ">" => Expr.IfLess(y, x, then, otherwise),
            _ => Expr.IfEqual(x, y, then, otherwise),
        };
    }

    private void Expect(string text, string described)
    {
        if (!Next.Is(text)) throw Unexpected(described);
        _next++;
    }

    private void Descend()
    {
        if (++_depth > MaxDepth) throw Error($"The formula is nested more than {MaxDepth} levels deep");
    }

    private ParseException Unexpected(string wanted) => Error(Next.Kind == TokenKind.End
        ? $"The formula ends where {wanted} should follow"
        : $"Expected {wanted}, found "
            + $"'{Shortened(_text[Next.Position..(_next + 1 < _tokens.Count ? _tokens[_next + 1].Position : _text.Length)].Trim())}'");

    private ParseException Error(string reason) => new(reason, _text, Next.Position);

    private static string Count(int arguments) => arguments == 1 ? "one argument" : "two arguments";

    private static string Shortened(string text) => text.Length <= 24 ? text : text[..23] + "…";
}
