namespace Adjoint.Symbolic;

/// <summary>A sum of two or more terms, in the order they were written.</summary>
public sealed record Sum : Expr
{
    private readonly Expr[] _terms;

    internal Sum(Expr[] terms) : base(Unordered.Hash(typeof(Sum), terms), terms) => _terms = terms;

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => _terms;

    /// <summary>
    /// x + y. The terms of a sum on the left are taken over, those of one on the right are not: that is how the operator groups,
    /// so evaluating the formula rounds exactly as the code it came from.
    /// </summary>
    public static Expr Of(Expr x, Expr y)
    {
        x.Given();
        y.Given();
        if (x.IsZero) return y;
        if (y.IsZero) return x;
        if (x is Numeral m && y is Numeral n) return Numeral.Add(m, n);
        return x is Sum left ? new Sum([.. left._terms, y]) : new Sum([x, y]);
    }

    /// <summary>The sum as + would build it term by term, without an intermediate sum for each.</summary>
    internal static Expr OfTerms(IEnumerable<Expr> terms)
    {
        var list = new List<Expr>();
        foreach (var term in terms)
        {
            if (list is [Numeral m] && term is Numeral n) list[0] = Numeral.Add(m, n);
            else if (list.Count == 0 && term is Sum first) list.AddRange(first._terms);
            else if (list is [Numeral { Exact.IsZero: true }]) list[0] = term;
            else if (list.Count == 0 || !term.IsZero) list.Add(term);
        }
        return Of(list);
    }

    /// <summary>The sum of any number of terms; 0 for none.</summary>
    internal static Expr Of(IReadOnlyList<Expr> terms) => terms.Count switch
    {
        0 => Numeral.Zero,
        1 => terms[0],
        _ => new Sum([.. terms]),
    };

    /// <summary>Equality up to the order of the terms.</summary>
    public bool Equals(Sum? other) => ReferenceEquals(this, other) || base.Equals(other) && Unordered.Same(_terms, other!._terms);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => OfTerms(operands);
}
