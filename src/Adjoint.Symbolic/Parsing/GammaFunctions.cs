namespace Adjoint.Symbolic;

/// <summary>Functions of the gamma family that are short for others, with a number that says how many.</summary>
internal static class GammaFunctions
{
    // A sum of so many terms is still read by somebody.
    private const int MostDimensions = 64;

    /// <summary>ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹·n!·ζ(n + 1, x).</summary>
    internal static Expr Polygamma(Expr n, Expr x) =>
        Whole("polygamma", "first", n, 0, PolygammaOp.Most) is > 0 and var order ? PolygammaOp.Of(order).Value(x) : x.Digamma();

    /// <summary>ln Γₚ(x) = p(p − 1)/4·ln π + Σ ln Γ(x − j/2) over j &lt; p.</summary>
    internal static Expr Mvlgamma(Expr x, Expr p)
    {
        int dimensions = Whole("mvlgamma", "second", p, 1, MostDimensions);
        Expr sum = x.Lgamma();
        for (int j = 1; j < dimensions; j++) sum += (x - (Expr)((Rational)j / 2)).Lgamma();
        return dimensions == 1 ? sum : sum + (Expr)((Rational)(dimensions * (dimensions - 1)) / 4) * ((Expr)NamedConstant.Pi).Log();
    }

    private static int Whole(string function, string place, Expr number, int least, int most) =>
        number is Numeral { Exact: { IsInteger: true } exact } && (double)exact >= least && (double)exact <= most ? (int)(double)exact
            : throw new FormatException($"The {place} argument of {function} must be a whole number from {least} to {most}, not {number}");
}
