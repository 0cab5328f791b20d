namespace Adjoint.Symbolic;

/// <summary>
/// Other forms a formula might be shorter in. A rule may propose more than is true: nothing is taken without a <see cref="Proof"/>.
/// But it must not propose what holds at the points a proof would try and fails elsewhere (|x + 100| = x + 100).
/// </summary>
internal static class Rules
{
    public static IEnumerable<(string Rule, Expr Result)> Of(Expr e)
    {
        if (WorthExpanding(e)) yield return ("multiply out", e);
        var specific = e switch
        {
            Sum s => OfSum(s),
            Product p => OfProduct(p),
            Power p => OfPower(p),
            UnaryCall c => FunctionRules.Of(c),
            Conditional c => Cases.Of(c),
            _ => [],
        };
        foreach (var proposal in specific) yield return proposal;
        if (e is not (Sum or Product)) yield break;
        foreach (var proposal in Pythagoras.Of(e)) yield return proposal;
    }

    /// <summary>Whether a formula has products or powers of sums, and few enough terms when they are multiplied out.</summary>
    public static bool WorthExpanding(Expr e)
    {
        const double limit = 400;
        var terms = new Dictionary<Expr, double>();
        bool any = false;
        foreach (var u in PostOrder.Of(e))
        {
            terms[u] = u switch
            {
                Sum => u.Operands.Sum(o => terms[o]),
                Product => u.Operands.Aggregate(1.0, (n, o) => n * terms[o]),
                Power { WholeExponent: { } n } p => Math.Pow(terms[p.Base], Math.Abs(n)),
                _ => 1,
            };
            any |= u is Product or Power && terms[u] > 1;
            if (terms[u] > limit) return false;
        }
        return any;
    }

    private static IEnumerable<(string, Expr)> OfSum(Sum sum)
    {
        if (Factoring.WithoutContent(sum) is { } content) yield return ("content", content);
        if (RationalFunction.Reduced(sum) is { } quotient) yield return ("one denominator", quotient);
        if (CommonFactor.Of(sum) is { } factored) yield return ("common factor", factored);
        if (LogOfProduct(sum) is { } log) yield return ("ln u + ln v = ln uv", log);
    }

    private static IEnumerable<(string, Expr)> OfProduct(Product product)
    {
        if (RationalFunction.Reduced(product) is { } cancelled) yield return ("cancel", cancelled);
        if (Exponentials(product) is { } exp) yield return ("eᵘ·eᵛ = eᵘ⁺ᵛ", exp);
        if (product.Operands.Any(f => Power.Split(f).Base is UnaryCall { Function.Name: "sqrt" }))
            yield return ("√u·√u = u", Roots.AsPowers(product));
        if (WithoutInnerFractions(product) is { } flat) yield return ("a fraction of fractions", flat);
        foreach (var quotient in Trigonometric.Quotients(product)) yield return quotient;
    }

    private static IEnumerable<(string, Expr)> OfPower(Power power)
    {
        var (x, y) = (power.Base, power.Exponent);
        if (x is NamedConstant { Name: "e" }) yield return ("power of e", y.Exp());
        if (y is Numeral { Exact: { Denominator.IsOne: false } q } && q == new Rational(1, 2)) yield return ("power ½", x.Sqrt());
        if (y is Numeral { Exact: { Denominator.IsOne: false } r } && r == new Rational(-1, 2)) yield return ("power −½", 1 / x.Sqrt());
        if (x is UnaryCall { Function.Name: "exp", Argument: var u }) yield return ("(eᵘ)ⁿ = eⁿᵘ", (u * y).Exp());
        if (x is UnaryCall { Function.Name: "sqrt", Argument: var v }) yield return ("(√u)² = u", Power.Of(v, y / 2));
        if (x is UnaryCall { Function.Name: "abs", Argument: var w } && power.WholeExponent is { } n && n % 2 == 0)
            yield return ("|u|² = u²", Power.Of(w, y));
    }

    /// <summary>eᵘ·eᵛ → eᵘ⁺ᵛ, powers of them included.</summary>
    private static Expr? Exponentials(Product product)
    {
        var exponent = new List<Expr>();
        var rest = new List<Expr>();
        foreach (var factor in product.Operands)
        {
            var (@base, power) = Power.Split(factor);
            if (@base is UnaryCall { Function.Name: "exp", Argument: var u }) exponent.Add(u * power);
            else rest.Add(factor);
        }
        return exponent.Count < 2 ? null : Product.Of(Product.Of(rest), Tidying.SumOf(exponent.Select(u => u.Tidy())).Exp());
    }

    /// <summary>y/(1 + y²/x²) → y·x²/(x² + y²): a sum of fractions over one denominator, which may then cancel or join the other.</summary>
    private static Expr? WithoutInnerFractions(Product product)
    {
        bool any = false;
        Expr[] factors = [.. product.Operands.Select(Flattened)];
        return any ? Tidying.ProductOf(factors) : null;

        Expr Flattened(Expr factor)
        {
            var (@base, exponent) = Power.Split(factor);
            bool fractions = @base is Sum && @base.Operands.Any(t => Fraction.Of(t).Denominator.Any(d => d is not Numeral));
            if (!fractions || CommonFactor.Of((Sum)@base) is not { } whole) return factor;
            any = true;
            return Tidying.PowerOf(whole, exponent);
        }
    }

    private static Expr? LogOfProduct(Sum sum)
    {
        var logs = sum.Operands.OfType<UnaryCall>().Where(c => c.Function.Name == "log").ToList();
        if (logs.Count < 2) return null;
        var product = Tidying.ProductOf(logs.Select(c => c.Argument));
        return Tidying.SumOf([.. sum.Operands.Except(logs), product.Log()]);
    }
}
