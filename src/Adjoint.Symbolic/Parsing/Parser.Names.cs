namespace Adjoint.Symbolic;

/// <summary>What begins with a name: variables, constants, calls and choices.</summary>
internal sealed partial class Parser
{
    private Expr ParseName()
    {
        var name = Next;
        _next++;
        bool function = KnownFunctions.ArityOf(name.Text) is not null;
        if (Next.Is("("))
        {
            if (name.Text is "if" or "where") return ParseChoice();
            if (function) return ParseCall(name);
            if (!MultipliesBracket(name.Text)) throw NoFunction(name);
        }
        else if (function) return ParsePowerOfCall(name);
        return name.Text switch
        {
            "pi" or "π" => NamedConstant.Pi,
            "e" => NamedConstant.E,
            // Slopes at the ends of a domain have these.
            "Infinity" or "∞" => Numeral.Of(double.PositiveInfinity),
            "NaN" => Numeral.Of(double.NaN),
            _ => VariableNames.Meant(name.Text) is { } meant
                ? throw new ParseException(
                    $"To write the number, write {meant}; a variable needs another name than {name.Text}", _text, name.Position)
                : new Variable(name.Text),
        };
    }

    /// <summary>A constant and a letter do, but y(x) and x(2) read like calls, so they would have to be.</summary>
    private bool MultipliesBracket(string name) =>
        (name is "pi" || Notation.MultipliesBracket(name)) && !(_next + 2 < _tokens.Count && _tokens[_next + 2].Is(")"));

    private ParseException NoFunction(Token name)
    {
        string advice = KnownFunctions.Nearest(name.Text) is { } near
            ? $"did you mean {near}?"
            : $"to multiply, write {Shortened(name.Text)}*(…)";
        return new($"There is no function {Shortened(name.Text)}; {advice}", _text, name.Position);
    }

    private Expr ParseCall(Token name)
    {
        int arity = KnownFunctions.ArityOf(name.Text)!.Value;
        List<Expr> given = Enclosed(Arguments, ")");
        try
        {
            return KnownFunctions.Call(name.Text, given);
        }
        catch (FormatException e)
        {
            throw new ParseException(e.Message, _text, name.Position);
        }

        List<Expr> Arguments()
        {
            var arguments = new List<Expr> { ParseSum() };
            while (Next.Is(",")) { _next++; arguments.Add(ParseSum()); }
            return arguments.Count == arity ? arguments
                : throw new ParseException($"The function {name.Text} takes {Count(arity)}, not {arguments.Count}"
                    + (name.Text is "log" or "ln" && arguments.Count == 2 ? ": to the base b it is ln(x)/ln(b)" : ""), _text,
                    name.Position);
        }
    }

    /// <summary>
    /// sin^2(x) and sin²(x) are sin(x)²; sin^-1(x) is refused, because it is the inverse in one book and 1/sin(x) in another.
    /// </summary>
    private Expr ParsePowerOfCall(Token name)
    {
        string f = name.Text;
        var sign = Next;
        bool caret = sign.Is("^");
        if (!caret && sign.Kind != TokenKind.Superscript) throw NeedsBrackets(f);
        if (caret) _next++;
        bool bracket = Next.Is("(");
        if (bracket) _next++;
        bool minus = Next.Is("-");
        if (minus) _next++;
        bool isNumber = Next.Kind is TokenKind.Number or TokenKind.Superscript;
        var exponent = isNumber ? Rational.FromDecimal(Next.Text) : null;
        if (minus) exponent = -exponent;
        if (exponent == -1)
        {
            string inverse = KnownFunctions.InverseOf(f) is { } g ? $"can mean {g}(x) or 1/{f}(x): write the one that is meant"
                : $"can mean the inverse function or 1/{f}(x): write 1/{f}(x) if that is meant";
            throw new ParseException($"{f}^-1(x) {inverse}", _text, sign.Position);
        }
        if (bracket || exponent is not { IsInteger: true, Sign: > 0 } n)
            throw new ParseException(
                $"Only a positive whole number may be the power of {f} before its argument, as in {f}^2(x); "
                + $"otherwise write {f}(x)^(…)", _text, sign.Position);
        _next++;
        return Next.Is("(") ? Power.Of(ParseCall(name), new Numeral(n)) : throw NeedsBrackets($"{f}^{n}");

        ParseException NeedsBrackets(string call) =>
            new($"The function {f} needs its argument in brackets: {call}(…)", _text, name.Position);
    }

    private Expr ParseChoice() => Enclosed(Choice, ")");

    private Expr Choice()
    {
        var x = ParseSum();
        var relation = Next;
        if (relation.Kind != TokenKind.Operator || !"<>=≤≥≠".Contains(relation.Text)) throw Unexpected("'<', '>' or '='");
        _next++;
        var y = ParseSum();
        Expect(",", "','");
        var then = ParseSum();
        Expect(",", "','");
        var otherwise = ParseSum();
        return relation.Text switch
        {
            "<" => Expr.IfLess(x, y, then, otherwise),
            ">" => Expr.IfLess(y, x, then, otherwise),
            "≤" => Conditional.IfAtMost(x, y, then, otherwise),
            "≥" => Conditional.IfAtMost(y, x, then, otherwise),
            "≠" => Expr.IfEqual(x, y, otherwise, then),
            _ => Expr.IfEqual(x, y, then, otherwise),
        };
    }

    private static string Count(int arguments) => arguments == 1 ? "one argument" : "two arguments";
}
