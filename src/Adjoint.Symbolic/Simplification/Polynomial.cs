using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>A polynomial in one variable with exact coefficients, constant first.</summary>
internal sealed class Polynomial
{
    private readonly Rational[] _coefficients;

    public Polynomial(params ReadOnlySpan<Rational> coefficients)
    {
        int length = coefficients.Length;
        while (length > 0 && coefficients[length - 1].IsZero) length--;
        _coefficients = coefficients[..length].ToArray();
    }

    /// <summary>−1 for the zero polynomial.</summary>
    public int Degree => _coefficients.Length - 1;

    public bool IsZero => _coefficients.Length == 0;

    public IReadOnlyList<Rational> Coefficients => _coefficients;

    public Rational Leading => IsZero ? Rational.Zero : _coefficients[^1];

    /// <summary>The coefficient of the lowest power that occurs.</summary>
    public Rational Lowest => IsZero ? Rational.Zero : _coefficients.First(c => !c.IsZero);

    public static Polynomial operator +(Polynomial p, Polynomial q)
    {
        var sum = new Rational[Math.Max(p._coefficients.Length, q._coefficients.Length)];
        p._coefficients.CopyTo(sum, 0);
        for (int i = 0; i < q._coefficients.Length; i++) sum[i] += q._coefficients[i];
        return new(sum);
    }

    public static Polynomial operator *(Rational c, Polynomial p) => new([.. p._coefficients.Select(a => c * a)]);

    public static Polynomial operator -(Polynomial p, Polynomial q) => p + (Rational)(-1) * q;

    public static Polynomial operator *(Polynomial p, Polynomial q)
    {
        if (p.IsZero || q.IsZero) return new();
        if (Math.Min(p.TermCount, q.TermCount) >= 32 && p._coefficients.All(c => c.IsInteger) && q._coefficients.All(c => c.IsInteger))
            return new([.. Kronecker.Multiply(Numerators(p), Numerators(q)).Select(c => (Rational)c)]);
        var product = new Rational[p.Degree + q.Degree + 1];
        for (int i = 0; i <= p.Degree; i++)
        {
            if (p._coefficients[i].IsZero) continue;
            for (int j = 0; j <= q.Degree; j++)
                if (!q._coefficients[j].IsZero) product[i + j] += p._coefficients[i] * q._coefficients[j];
        }
        return new(product);
    }

    private int TermCount => _coefficients.Count(c => !c.IsZero);

    private static BigInteger[] Numerators(Polynomial p) => [.. p._coefficients.Select(c => c.Numerator)];

    public static Polynomial Pow(Polynomial p, int n)
    {
        var power = new Polynomial(1);
        for (; n > 0; n >>= 1, p = n > 0 ? p * p : p)
            if ((n & 1) == 1) power *= p;
        return power;
    }

    public Polynomial Derivative() => new([.. _coefficients.Skip(1).Select((c, i) => (i + 1) * c)]);

    public Rational Evaluate(Rational x)
    {
        var y = Rational.Zero;
        for (int i = Degree; i >= 0; i--) y = y * x + _coefficients[i];
        return y;
    }

    public static (Polynomial Quotient, Polynomial Remainder) DivRem(Polynomial p, Polynomial q)
    {
        var rest = p._coefficients.ToArray();
        var quotient = new Rational[Math.Max(0, p.Degree - q.Degree + 1)];
        for (int i = quotient.Length - 1; i >= 0; i--)
        {
            quotient[i] = rest[i + q.Degree] / q.Leading;
            for (int j = 0; j <= q.Degree; j++) rest[i + j] -= quotient[i] * q._coefficients[j];
        }
        return (new(quotient), new(rest));
    }

    /// <summary>The number all coefficients are whole multiples of, with the sign of the lowest one.</summary>
    public Rational Content => IsZero ? Rational.One
        : _coefficients.Aggregate(Rational.Zero, Rational.Gcd) * Lowest.Sign;

    /// <summary>The polynomial divided by its content: whole coefficients without a common divisor, the lowest one positive.</summary>
    public Polynomial Primitive => IsZero ? this : Rational.One / Content * this;

    /// <summary>The primitive greatest common divisor, by Euclid's algorithm with primitive remainders.</summary>
    public static Polynomial Gcd(Polynomial p, Polynomial q)
    {
        while (!q.IsZero) (p, q) = (q, DivRem(p, q).Remainder.Primitive);
        return p.Primitive;
    }

    /// <summary>
    /// Yun's algorithm: primitive factors without repeated roots, each with its multiplicity; their product is the primitive part.
    /// </summary>
    public IEnumerable<(Polynomial Factor, int Multiplicity)> SquareFree()
    {
        var derivative = Derivative();
        var common = Gcd(this, derivative);
        var rest = DivRem(this, common).Quotient;
        var slope = DivRem(derivative, common).Quotient - rest.Derivative();
        for (int multiplicity = 1; rest.Degree > 0; multiplicity++)
        {
            var factor = Gcd(rest, slope);
            if (factor.Degree > 0) yield return (factor, multiplicity);
            rest = DivRem(rest, factor).Quotient;
            slope = DivRem(slope, factor).Quotient - rest.Derivative();
        }
    }

    /// <summary>Rational roots p/q: p divides the constant, q the leading coefficient. Coefficients above 10⁹ are not searched.</summary>
    public IEnumerable<Rational> RationalRoots()
    {
        var p = Primitive;
        if (p.Degree < 1) yield break;
        if (p._coefficients[0].IsZero) yield return Rational.Zero;
        foreach (var numerator in Divisors(p.Lowest.Numerator))
            foreach (var denominator in Divisors(p.Leading.Numerator))
            {
                if (!BigInteger.GreatestCommonDivisor(numerator, denominator).IsOne) continue;
                var root = new Rational(numerator, denominator);
                if (p.Evaluate(root).IsZero) yield return root;
                if (p.Evaluate(-root).IsZero) yield return -root;
            }
    }

    private static List<BigInteger> Divisors(BigInteger n)
    {
        n = BigInteger.Abs(n);
        var divisors = new List<BigInteger>();
        if (n > 1_000_000_000) return divisors;
        for (long small = (long)n, d = 1; d * d <= small; d++)
        {
            if (small % d != 0) continue;
            divisors.Add(d);
            if (d * d != small) divisors.Add(small / d);
        }
        return divisors;
    }

    /// <summary>The polynomial a formula is, if it is one: sums, products and whole powers of one variable and exact numbers.</summary>
    public static Polynomial? From(Expr e, string variable, int maxDegree = 1 << 14)
    {
        var known = new Dictionary<Expr, Polynomial>();
        foreach (var u in PostOrder.Of(e))
        {
            Polynomial? p = u switch
            {
                Numeral { Exact: { } c } => new(c),
                Variable v when v.Name == variable => new(0, 1),
                Sum s => s.Operands.Select(o => known[o]).Aggregate((x, y) => x + y),
                Product t when t.Operands.Sum(o => (long)known[o].Degree) <= maxDegree =>
                    t.Operands.Select(o => known[o]).Aggregate((x, y) => x * y),
                Power { WholeExponent: >= 0 and var n } w when (long)known[w.Base].Degree * n <= maxDegree => Pow(known[w.Base], n),
                _ => null,
            };
            if (p is null) return null;
            known[u] = p;
        }
        return known[e];
    }

    /// <summary>The formula c₀ + c₁x + c₂x² + …</summary>
    public Expr ToExpr(Expr x)
    {
        var terms = new List<Expr>();
        for (int i = 0; i <= Degree; i++)
            if (!_coefficients[i].IsZero) terms.Add(Tidying.Scale(new Numeral(_coefficients[i]), Power.Of(x, new Numeral((Rational)i))));
        return Sum.Of(terms);
    }
}
