namespace Adjoint.Symbolic;

/// <summary>
/// The rules of the lecture: sum, product, power and chain. The slopes the chain rule multiplies by are not listed here:
/// each operation's own <c>Slope</c>, read over formulas, gives them.
/// </summary>
internal static class Differentiation
{
    /// <summary>∂e/∂x, rule by rule and unsimplified except that terms which are zero are not written.</summary>
    public static Expr Derive(Expr e, string variable, List<DerivativeStep>? steps = null)
    {
        var d = new Dictionary<Expr, Expr>();
        foreach (var u in PostOrder.Of(e))
        {
            var derivative = Rule(u, variable, d, out string rule);
            d[u] = derivative;
            if (u.Operands.Count > 0 && !derivative.IsZero) steps?.Add(new(rule, u, derivative));
        }
        return d[e];
    }

    private static Expr Rule(Expr e, string variable, Dictionary<Expr, Expr> d, out string rule)
    {
        rule = "";
        switch (e)
        {
            case Variable v:
                return v.Name == variable ? Numeral.One : Numeral.Zero;
            case Sum s:
                rule = "sum";
                return Sum.OfTerms(s.Operands.Select(t => d[t]));
            case Product p:
                rule = p.Operands[0] is Numeral or NamedConstant && p.Operands.Count == 2 ? "constant factor" : "product";
                return OfProduct(p.Operands, d);
            case Power p:
                rule = "power";
                return OfPower(p, d);
            case UnaryCall c:
                rule = "chain, " + ChainRule(c.Function);
                return d[c.Argument].IsZero ? Numeral.Zero : c.Function.Slope(c.Argument, e) * d[c.Argument];
            case BinaryCall c:
                rule = "chain";
                return Term(() => c.Function.SlopeX(c.X, c.Y, e), d[c.X]) + Term(() => c.Function.SlopeY(c.X, c.Y, e), d[c.Y]);
            case Conditional c:
                rule = "by cases";
                return Conditional.Of(c.Relation, c.X, c.Y, d[c.Then], d[c.Otherwise]);
            default:
                return Numeral.Zero;
        }
    }

    private static Expr Term(Func<Expr> slope, Expr inner) => inner.IsZero ? Numeral.Zero : slope() * inner;

    /// <summary>(u·v·w)′ = u′·v·w + u·v′·w + u·v·w′.</summary>
    private static Expr OfProduct(IReadOnlyList<Expr> factors, Dictionary<Expr, Expr> d)
    {
        Expr sum = Numeral.Zero;
        for (int i = 0; i < factors.Count; i++)
        {
            if (d[factors[i]].IsZero) continue;
            Expr product = i == 0 ? d[factors[0]] : factors[0];
            for (int j = 1; j < factors.Count; j++) product *= i == j ? d[factors[j]] : factors[j];
            sum += product;
        }
        return sum;
    }

    /// <summary>(uᵛ)′ = v·uᵛ⁻¹·u′ + uᵛ·ln u·v′: the slopes of the power operation.</summary>
    private static Expr OfPower(Power p, Dictionary<Expr, Expr> d)
    {
        var pow = BinaryFunction.Of<PowOp>();
        return Term(() => pow.SlopeX(p.Base, p.Exponent, p), d[p.Base]) + Term(() => pow.SlopeY(p.Base, p.Exponent, p), d[p.Exponent]);
    }

    /// <summary>How a slope is quoted in a derivation: <c>(ln u)′ = 1 / u</c>.</summary>
    private static string ChainRule(UnaryFunction f)
    {
        Expr u = new Variable("u"), y = new UnaryCall(f, u);
        return $"({y})′ = {f.Slope(u, y)}";
    }
}
