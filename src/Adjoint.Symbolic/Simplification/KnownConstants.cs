namespace Adjoint.Symbolic;

/// <summary>Rounded numbers that operations bring along, recognised as what they are: 0.43429448190325176/x is 1/(x·ln(10)).</summary>
internal static class KnownConstants
{
    /// <summary>Multiples up to this one, and as small parts, are recognised too.</summary>
    private const int MaxMultiple = 12;

    private static readonly (double Value, Expr Formula)[] Constants =
    [
        .. ((string[])["pi", "pi/180", "180/pi", "ln(2)", "1/ln(2)", "ln(10)", "1/ln(10)", "1/sqrt(2)", "1/sqrt(pi)", "1/sqrt(2*pi)"])
            .Select(Expr.Parse).Select(c => (c.Evaluate(), c)),
    ];

    /// <summary>The formula with all of them named; the formula itself if there is none.</summary>
    public static Expr NamedIn(Expr e)
    {
        var named = new Dictionary<Expr, Expr>();
        foreach (var u in PostOrder.Of(e))
            named[u] = u is Numeral n ? Named(n) ?? u
                : u.Operands.All(o => ReferenceEquals(named[o], o)) ? u
                : u.With([.. u.Operands.Select(o => named[o])]);
        return named[e];
    }

    private static Expr? Named(Numeral number)
    {
        if (number.Exact is not null || !double.IsFinite(number.Value)) return null;
        foreach (var (value, formula) in Constants)
            if (Multiple(number.Value / value) is { } m) return Tidying.ProductOf([new Numeral(m), formula]);
        return null;
    }

    /// <summary>n or 1/n, when the ratio is that up to a few roundings.</summary>
    private static Rational? Multiple(double ratio)
    {
        const double roundings = 4 * 2.220446049250313e-16;
        bool part = Math.Abs(ratio) < 1;
        double n = part ? 1 / ratio : ratio, whole = Math.Round(n);
        if (Math.Abs(whole) > MaxMultiple || Math.Abs(n - whole) > roundings * Math.Abs(whole)) return null;
        return part ? new Rational(1, (int)whole) : (int)whole;
    }
}
