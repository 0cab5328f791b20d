namespace Adjoint.Symbolic;

/// <summary>
/// Shortens a formula from its operands up: at every node the rules propose other forms, the shortest that is shorter than what
/// is there is proven and taken, and so on until no rule helps. The length strictly falls, so this ends.
/// </summary>
internal sealed class Simplifier
{
    /// <summary>A polynomial of more terms stays as it is multiplied out: looking for more would only take time.</summary>
    private const int LongPolynomial = 200;

    private readonly Dictionary<Expr, Expr> _simple = [];
    private readonly List<SimplificationStep> _steps = [];

    public IReadOnlyList<SimplificationStep> Steps => _steps;

    public Expr Run(Expr e)
    {
        var named = KnownConstants.NamedIn(e);
        if (!ReferenceEquals(named, e) && Take("known constants", e, named)) e = named;
        var tidy = e.Tidy();
        var polynomial = PolynomialForm(e);
        // Long coefficients are worth it where they stand for many terms.
        bool shorter = polynomial is not null && polynomial.NodeCount < e.NodeCount
            && (Cost.Of(polynomial) <= Cost.Of(tidy) || polynomial.TermCount < tidy.TermCount);
        if (shorter && Take("polynomial", e, polynomial!))
        {
            if (polynomial!.TermCount > LongPolynomial) return polynomial;
            e = polynomial;
            tidy = e.Tidy();
        }
        if (!tidy.Equals(e) && Take("arithmetic", e, tidy)) e = tidy;
        // What became shorter in its parts may fit worse together.
        int taken = _steps.Count;
        var simple = Simplify(e);
        if (Cost.Of(simple) <= Cost.Of(e)) return simple;
        _steps.RemoveRange(taken, _steps.Count - taken);
        return e;
    }

    private Expr Simplify(Expr e)
    {
        foreach (var u in PostOrder.Of(e))
        {
            if (_simple.ContainsKey(u)) continue;
            var rebuilt = u.Operands.Count == 0 ? u : Rebuild(u);
            _simple[u] = rebuilt;
            _simple[u] = Shorten(rebuilt);
        }
        return _simple[e];
    }

    private Expr Rebuild(Expr u) => u switch
    {
        Sum => Tidying.SumOf(u.Operands.Select(o => _simple[o])),
        Product => Tidying.ProductOf(u.Operands.Select(o => _simple[o])),
        Power p => Tidying.PowerOf(_simple[p.Base], _simple[p.Exponent]),
        _ => Cases.Rebuilt(u, o => _simple[o]),
    };

    private Expr Shorten(Expr e)
    {
        if (e.Operands.Count == 0) return e;
        long cost = Cost.Of(e);
        var shorter = Rules.Of(e)
            .SelectMany(c => Finished(c.Result).Select(r => (c.Rule, Result: r, Cost: Cost.Of(r))))
            .Where(c => c.Cost < cost)
            .OrderBy(c => c.Cost).ToList();
        foreach (var (rule, result, _) in shorter)
            if (Take(rule, e, result)) return Simplify(result);
        return e;
    }

    /// <summary>A proposal as it stands and multiplied out: many identities only pay off after like terms have met.</summary>
    private static IEnumerable<Expr> Finished(Expr proposal)
    {
        var tidy = proposal.Tidy();
        yield return tidy;
        if (!Rules.WorthExpanding(tidy)) yield break;
        var expanded = tidy.Expand();
        yield return expanded;
        if (Factoring.WithoutContent(expanded) is { } content) yield return content;
    }

    private static Expr? PolynomialForm(Expr e)
    {
        if (e.Variables is not [var x] || Polynomial.From(e, x) is not { } p) return null;
        var expanded = p.ToExpr(new Variable(x));
        return Factoring.WithoutContent(expanded) is { } content && Cost.Of(content) < Cost.Of(expanded) ? content : expanded;
    }

    private bool Take(string rule, Expr before, Expr after)
    {
        var proof = Proof.Of(before, after);
        if (proof.Holds) _steps.Add(new(rule, before, after, proof));
        return proof.Holds;
    }
}
