using System.Globalization;
using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>Prints formulas as LaTeX for math mode.</summary>
internal static class LatexText
{
    /// <summary>A choice needs brackets everywhere but where something encloses it: its brace on the left has none on the right.</summary>
    private const int Enclosed = 0, OfChoice = 0, OfSum = 1, OfProduct = 2, OfPower = 3, OfAtom = 4;

    private static readonly HashSet<string> Greek =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "rho",
        "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];

    public static string Print(Expr e) => Write(e, Enclosed);

    private static string Write(Expr e, int place)
    {
        e.CheckStack();
        var (text, binding) = e switch
        {
            Sum s => (WriteSum(s), OfSum),
            Numeral { Exact: null, Value: var d } => Double(d),
            Numeral { Exact: { IsInteger: true } q } => Whole(q.Numerator),
            Numeral { Exact: { Sign: > 0 } q } when Notation.Decimal(q) is { } digits => (digits, OfAtom),
            Product or Numeral or Power { Exponent: Numeral { Value: < 0 } } => WriteFraction(Fraction.Of(e)),
            Power p => (WritePower(p), OfPower),
            Variable v => (Name(v.Name), OfAtom),
            NamedConstant c => (c.Name == "pi" ? @"\pi" : "e", OfAtom),
            UnaryCall c => WriteCall(c),
            BinaryCall c =>
                ($@"{Notation.Latex(c.Function.Name, c.Function.Info)}\left({Write(c.X, Enclosed)}, {Write(c.Y, Enclosed)}\right)", OfAtom),
            Conditional c => WriteConditional(c),
            _ => throw new InvalidOperationException($"A formula of kind {e.GetType().Name} cannot be printed."),
        };
        return binding < place ? $@"\left({text}\right)" : text;
    }

    private static string WriteSum(Sum sum)
    {
        var text = new System.Text.StringBuilder(Write(sum.Operands[0], OfSum));
        foreach (var term in sum.Operands.Skip(1))
        {
            var fraction = Fraction.Of(term);
            bool negative = fraction.IsNegative && term is Product or Numeral;
            text.Append(negative ? " - " : " + ");
            text.Append(negative ? WriteFraction(fraction with { IsNegative = false }).Text : Write(term, OfProduct));
        }
        return text.ToString();
    }

    private static (string Text, int Binding) WriteFraction(Fraction f)
    {
        string sign = f.IsNegative ? "-" : "";
        if (f.Denominator.Count == 0) return (sign + Factors(f.Numerator, OfProduct), f.IsNegative ? OfSum : OfProduct);
        string above = Factors(f.Numerator, Enclosed), below = Factors(f.Denominator, Enclosed);
        return ($@"{sign}\frac{{{above}}}{{{below}}}", f.IsNegative ? OfSum : OfProduct);
    }

    /// <param name="factors">What is multiplied.</param>
    /// <param name="alone">The place of a single factor: a bar needs no brackets, a sign does.</param>
    private static string Factors(IReadOnlyList<Expr> factors, int alone)
    {
        if (factors.Count == 1) return Write(factors[0], alone);
        string text = "";
        foreach (var factor in factors)
        {
            // Powers of ten stand in a product as they are: 2 · 10³⁰ x.
            string next = Write(factor, factor is Numeral ? OfProduct : OfPower);
            text += text.Length == 0 ? next : (char.IsAsciiDigit(next[0]) ? @" \cdot " : @" \, ") + next;
        }
        return text;
    }

    private static string WritePower(Power p)
    {
        string exponent = Write(p.Exponent, Enclosed);
        if (p.WholeExponent > 0 && p.Base is UnaryCall { Function.Info.Latex: { } command } c && TakesPower(command))
            return $@"{command}^{{{exponent}}}\left({Write(c.Argument, Enclosed)}\right)";
        return $"{Write(p.Base, OfAtom)}^{{{exponent}}}";
    }

    /// <summary>
    /// Whether the power of a function stands behind its name, as in sin²(x): where that is a plain word, and no inverse (arcsin²).
    /// </summary>
    private static bool TakesPower(string command) =>
        command[0] == '\\' && command.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0
        && !command.StartsWith(@"\arc", StringComparison.Ordinal);

    private static (string, int) WriteCall(UnaryCall c)
    {
        string u = Write(c.Argument, Enclosed);
        if (c.Function.Name == "exp") return ($"e^{{{u}}}", OfPower);
        string written = Notation.Latex(c.Function.Name, c.Function.Info);
        return (written.Contains('#') ? written.Replace("#", u) : $@"{written}\left({u}\right)", OfAtom);
    }

    /// <summary>One case in a row, down to the last otherwise.</summary>
    private static (string Text, int Binding) WriteConditional(Conditional c)
    {
        if (c.Equals(c.Y.Sign())) return ($@"\operatorname{{sgn}}\left({Write(c.Y, Enclosed)}\right)", OfAtom);
        string rows = "";
        Expr rest = c;
        while (rest is Conditional { } at && !at.Equals(at.Y.Sign()))
        {
            (string relation, rest) = at.AsWritten();
            if (relation == "<=") relation = @"\le";
            rows += $@"{Write(at.Then, OfSum)} & \text{{if }} {Write(at.X, OfSum)} {relation} {Write(at.Y, OfSum)} \\ ";
        }
        return ($@"\begin{{cases}} {rows}{Write(rest, OfSum)} & \text{{otherwise}} \end{{cases}}", OfChoice);
    }

    /// <summary>x1 is x₁, a Greek letter's name is the letter, and other words are set upright.</summary>
    private static string Name(string name)
    {
        name = string.Concat(name.Select(c => c is >= '₀' and <= '₉' ? (char)(c - '₀' + '0') : c == '₋' ? '-' : c));
        string stem = name.TrimEnd([.. "0123456789-"]).TrimEnd('_');
        if (stem.Length == 0) stem = name;
        string index = name[stem.Length..].TrimStart('_');
        string letter = Greek.Contains(stem) ? @"\" + stem
            : stem.Length == 1 && char.IsLetter(stem[0]) ? stem : $@"\mathrm{{{Escaped(stem)}}}";
        return index.Length == 0 ? letter : $"{letter}_{{{index}}}";
    }

    /// <summary>A word with a backslash before what LaTeX would obey.</summary>
    private static string Escaped(string word) => string.Concat(word.Select(c => c switch
    {
        '_' or '#' or '$' or '%' or '&' or '{' or '}' => $@"\{c}",
        '\\' => @"\backslash ",
        '^' => @"\hat{}",
        '~' => @"\sim ",
        _ => c.ToString(),
    }));

    private static (string Text, int Binding) Whole(BigInteger value)
    {
        var (digits, zeros) = Notation.Whole(value);
        int binding = value.Sign < 0 ? OfSum : OfAtom;
        return zeros == 0 ? (digits, binding) : ($@"{digits} \cdot 10^{{{zeros}}}", Math.Min(binding, OfProduct));
    }

    private static (string Text, int Binding) Double(double value)
    {
        int binding = value < 0 ? OfSum : OfAtom;
        if (double.IsNaN(value)) return (@"\mathrm{NaN}", OfAtom);
        if (double.IsInfinity(value)) return (value > 0 ? @"\infty" : @"-\infty", binding);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E');
        return e < 0 ? (text, binding)
            : ($@"{text[..e]} \cdot 10^{{{int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture)}}}", Math.Min(binding, OfProduct));
    }
}
