using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>
/// Reads the LaTeX that formulas are printed as, as a person reads it: nothing reaches beyond what encloses it, an exponent belongs to
/// the one thing before it, a product ends at a sign, and the brace of cases has no end on the right.
/// </summary>
internal sealed class LatexReader(string text)
{
    private int _at;

    public static Expr Read(string latex)
    {
        var reader = new LatexReader(latex);
        var e = reader.Choice();
        reader.Skip();
        if (reader._at != latex.Length) throw new FormatException($"'{latex[reader._at..]}' is left of {latex}");
        return e;
    }

    private Expr Sum()
    {
        Skip();
        bool minus = Take("-");
        Expr sum = Product();
        if (minus) sum = -sum;
        while (true)
        {
            Skip();
            if (Take("+")) sum += Product();
            else if (Take("-")) sum -= Product();
            else return sum;
        }
    }

    private Expr Product()
    {
        Expr product = PowerOf();
        while (true)
        {
            Skip();
            if (Take(@"\cdot") || Take(@"\,")) product *= PowerOf();
            else return product;
        }
    }

    private Expr PowerOf()
    {
        Skip();
        if (Peek(@"\begin{cases}")) throw new FormatException($"cases without brackets in {text}");
        var function = Function();
        if (function is { } call)
        {
            Expr? raised = Take("^") ? Braced() : null;
            Expect(@"\left(");
            var arguments = new List<Expr> { Choice() };
            while (Take(",")) arguments.Add(Choice());
            Expect(@"\right)");
            var value = KnownFunctions.Call(call, arguments);
            return After(raised is null ? value : Power.Of(value, raised));
        }
        return After(Atom());
    }

    private Expr After(Expr x)
    {
        if (!Take("^")) return x;
        var power = x.Equals(NamedConstant.E) ? Braced().Exp() : Power.Of(x, Braced());
        Skip();
        return Peek("^") ? throw new FormatException($"two exponents in {text}") : power;
    }

    private Expr Braced()
    {
        Expect("{");
        var e = Choice();
        Expect("}");
        return e;
    }

    private Expr Choice()
    {
        Skip();
        if (!Take(@"\begin{cases}")) return Sum();
        var rows = new List<(Expr Then, string Relation, Expr X, Expr Y)>();
        while (true)
        {
            var then = Sum();
            Expect("&");
            if (Take(@"\text{otherwise}"))
            {
                Expect(@"\end{cases}");
                return Enumerable.Reverse(rows).Aggregate(then, (rest, row) => row.Relation switch
                {
                    "<" => Expr.IfLess(row.X, row.Y, row.Then, rest),
                    "=" => Expr.IfEqual(row.X, row.Y, row.Then, rest),
                    _ => Conditional.IfAtMost(row.X, row.Y, row.Then, rest),
                });
            }
            Expect(@"\text{if }");
            var x = Sum();
            string relation = Take("<") ? "<" : Take("=") ? "=" : Take(@"\le") ? "≤" : throw new FormatException(text[_at..]);
            rows.Add((then, relation, x, Sum()));
            Expect(@"\\");
        }
    }

    private string? Function()
    {
        (string Latex, string Name)[] known =
        [
            (@"\ln", "ln"), (@"\sinh", "sinh"), (@"\cosh", "cosh"), (@"\tanh", "tanh"), (@"\sin", "sin"), (@"\cos", "cos"), (@"\tan", "tan"),
            (@"\arcsin", "asin"), (@"\arccos", "acos"), (@"\arctan", "atan"), (@"\max", "max"), (@"\min", "min"), (@"\log_{2}", "log2"), (@"\log_{10}", "log10"),
        ];
        foreach (var (latex, name) in known)
            if (Take(latex)) return name;
        if (!Take(@"\operatorname{")) return null;
        int end = text.IndexOf('}', _at);
        string word = text[_at..end].Replace(@"\_", "_");
        _at = end + 1;
        return word switch { "sgn" => "sign", "log" => "ln", _ => word };
    }

    private Expr Atom()
    {
        Skip();
        if (Take(@"\frac")) return Braced() / Braced();
        if (Take(@"\sqrt")) return Braced().Sqrt();
        foreach (var (open, close, wrap) in ((string, string, Func<Expr, Expr>)[])
        [
            (@"\left(", @"\right)", e => e), (@"\left|", @"\right|", e => e.Abs()),
            (@"\left\lfloor", @"\right\rfloor", e => e.Floor()), (@"\left\lceil", @"\right\rceil", e => e.Ceil()),
        ])
        {
            if (!Take(open)) continue;
            var inner = Choice();
            Expect(close);
            return wrap(inner);
        }
        if (Take(@"\pi")) return NamedConstant.Pi;
        if (Take(@"\infty")) return double.PositiveInfinity;
        if (Take(@"\mathrm{NaN}")) return double.NaN;
        int start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
        if (_at > start) return new Numeral(Rational.FromDecimal(text.AsSpan(start, _at - start))!.Value);
        if (_at >= text.Length || !char.IsAsciiLetter(text[_at])) throw new FormatException($"'{text[_at..]}' begins nothing, in {text}");
        char letter = text[_at++];
        return letter == 'e' ? NamedConstant.E : new Variable(letter.ToString());
    }

    private void Skip()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }

    private bool Peek(string piece) => string.CompareOrdinal(text, _at, piece, 0, piece.Length) == 0
        && !(piece[0] == '\\' && char.IsAsciiLetter(piece[^1]) && _at + piece.Length < text.Length
            && char.IsAsciiLetter(text[_at + piece.Length]));

    private bool Take(string piece)
    {
        Skip();
        if (!Peek(piece)) return false;
        _at += piece.Length;
        return true;
    }

    private void Expect(string piece)
    {
        if (!Take(piece)) throw new FormatException($"{piece} expected at '{text[_at..]}' in {text}");
    }
}
