namespace Adjoint.Symbolic;

/// <summary>Identities of single functions: inverse pairs, parity, known values.</summary>
internal static class FunctionRules
{
    public static IEnumerable<(string, Expr)> Of(UnaryCall call)
    {
        var (f, u) = (call.Function, call.Argument);
        string name = f.Name;
        if (u is UnaryCall inner && f.Info.Is(OpFacts.Cancels) && f.Info.Inverse == inner.Function.Name)
            yield return ($"{name} of {inner.Function.Name}", inner.Argument);
        if (KnownValue(f, u) is { } value) yield return ("known value", value);
        var (coefficient, rest) = Product.Split(u);
        if (coefficient.Value < 0)
        {
            var positive = Tidying.Scale(Numeral.Multiply(Numeral.MinusOne, coefficient), rest);
            if (f.Info.Is(OpFacts.Odd)) yield return ("odd function", -new UnaryCall(f, positive));
            if (f.Info.Is(OpFacts.Even)) yield return ("even function", new UnaryCall(f, positive));
        }
        switch (name)
        {
            case "exp" when LogTerm(u) is var (power, e):
                yield return ("e^(a·ln u) = uᵃ", power * (e.IsZero ? Numeral.One : e.Exp()));
                break;
            case "log" when u is NamedConstant { Name: "e" }:
                yield return ("ln e = 1", Numeral.One);
                break;
            case "log" when Power.Split(u) is (NamedConstant { Name: "e" }, var exponent):
                yield return ("ln eᵘ = u", exponent);
                break;
            case "sqrt" when u is Power { WholeExponent: { } n, Base: var b } && n % 2 == 0:
                yield return ("√u² = |u|", Power.Of(b.Abs(), new Numeral((Rational)(n / 2))));
                break;
            case "sqrt" when u is Numeral root && Numeral.Pow(root, new Numeral(new Rational(1, 2))) is { } exact:
                yield return ("square root of a square", exact);
                break;
            case "rsqrt":
                yield return ("rsqrt u = 1/√u", 1 / u.Sqrt());
                break;
            case "abs" when u is Numeral n:
                yield return ("absolute value", Math.Sign(n.Value) < 0 ? Numeral.Multiply(Numeral.MinusOne, n) : n);
                break;
            case "abs" when IsNonNegative(u):
                yield return ("|u| = u for u ≥ 0", u);
                break;
        }
    }

    /// <summary>Splits u into a·ln v and the rest, returning vᵃ and the rest.</summary>
    private static (Expr Power, Expr Others)? LogTerm(Expr u)
    {
        IReadOnlyList<Expr> terms = u is Sum ? u.Operands : [u];
        foreach (var term in terms)
        {
            IReadOnlyList<Expr> factors = term is Product ? term.Operands : [term];
            if (factors.OfType<UnaryCall>().FirstOrDefault(c => c.Function.Name == "log") is not { } log) continue;
            var exponent = Tidying.ProductOf(factors.Where(f => !ReferenceEquals(f, log)));
            return (Power.Of(log.Argument, exponent), Tidying.SumOf(terms.Where(t => !ReferenceEquals(t, term))));
        }
        return null;
    }

    /// <summary>
    /// Exact values only: at 0 and 1, and of sine, cosine and tangent at fractions of π. (The numeric proof alone would also
    /// believe that erf 6 is 1.)
    /// </summary>
    private static Expr? KnownValue(UnaryFunction f, Expr u)
    {
        bool ofPi = f.Name is "sin" or "cos" or "tan" && Product.Split(u) is ({ Exact: { } multiple }, NamedConstant { Name: "pi" })
            && 12 % multiple.Denominator == 0;
        if (!ofPi && !u.IsZero && !u.IsOne) return null;
        double value = f.Evaluate(u.Evaluate()), twice = Math.Round(2 * value);
        return Math.Abs(2 * value - twice) < (ofPi ? 1e-14 : double.Epsilon) && Math.Abs(twice) <= 2
            ? new Numeral(new Rational((int)twice, 2))
            : null;
    }

    private static bool IsNonNegative(Expr e) => e switch
    {
        Numeral n => n.Value >= 0,
        NamedConstant => true,
        UnaryCall c when c.Function.Info.Is(OpFacts.NotNegative) => true,
        Power { WholeExponent: { } n } when n % 2 == 0 => true,
        Power p => IsNonNegative(p.Base),
        Sum or Product => e.Operands.All(IsNonNegative),
        _ => false,
    };
}
