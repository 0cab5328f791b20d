namespace Adjoint.Symbolic;

/// <summary>Arithmetic normal form; see <see cref="Expr.Tidy"/>. Terms keep the order of their first appearance.</summary>
internal static class Tidying
{
    public static Expr Tidy(Expr e)
    {
        var tidy = new Dictionary<Expr, Expr>();
        foreach (var u in PostOrder.Of(e))
            tidy[u] = u switch
            {
                Sum => SumOf(u.Operands.Select(o => tidy[o])),
                Product => ProductOf(u.Operands.Select(o => tidy[o])),
                Power p => PowerOf(tidy[p.Base], tidy[p.Exponent]),
                _ => Cases.Rebuilt(u, o => tidy[o]),
            };
        return tidy[e];
    }

    /// <summary>Joins nested sums and gathers like terms: x + (2 + 3x) is 4x + 2. A multiple of a sum is a term: 4(1 − x) stays.</summary>
    public static Expr SumOf(IEnumerable<Expr> terms)
    {
        var coefficients = new OrderedDictionary<Expr, Numeral>();
        void Add(Expr term, Numeral scale)
        {
            var (coefficient, rest) = Product.Split(term);
            coefficient = Numeral.Multiply(scale, coefficient);
            if (rest is Sum sum && (coefficient.Is(1) || coefficient.Is(-1)))
                foreach (var inner in sum.Operands) Add(inner, coefficient);
            else
                coefficients[rest] = coefficients.TryGetValue(rest, out var known) ? Numeral.Add(known, coefficient) : coefficient;
        }
        foreach (var term in terms) Add(term, Numeral.One);
        return Sum.Of([.. coefficients.Where(t => !t.Value.IsZero).Select(t => Scale(t.Value, t.Key))]);
    }

    /// <summary>
    /// Joins nested products, folds numbers to one coefficient in front, adds the exponents of equal bases and puts simple factors
    /// first.
    /// </summary>
    public static Expr ProductOf(IEnumerable<Expr> factors)
    {
        var coefficient = Numeral.One;
        var exponents = new OrderedDictionary<Expr, Expr>();
        void Multiply(Expr factor)
        {
            switch (factor)
            {
                case Numeral n: coefficient = Numeral.Multiply(coefficient, n); break;
                case Product p: foreach (var inner in p.Operands) Multiply(inner); break;
                default:
                    var (@base, exponent) = Power.Split(factor);
                    exponents[@base] = exponents.TryGetValue(@base, out var known) ? SumOf([known, exponent]) : exponent;
                    break;
            }
        }
        foreach (var factor in factors) Multiply(factor);
        if (coefficient.IsZero) return Numeral.Zero;
        var powers = new List<Expr>();
        bool again = false;
        foreach (var (@base, exponent) in exponents)
        {
            var power = PowerOf(@base, exponent);
            if (power.IsOne) continue;
            again |= power is Numeral or Product;
            powers.Add(power);
        }
        return again ? ProductOf([coefficient, .. powers]) : Scale(coefficient, Product.Of([.. powers.OrderBy(Place)]));
    }

    /// <summary>Where a factor stands: names before brackets before functions, as in 2x(1 + x)·sin(x).</summary>
    private static int Place(Expr factor) =>
        Power.Split(factor).Base switch { Numeral or NamedConstant => 0, Variable => 1, Sum => 2, _ => 3 };

    /// <summary>(xᵃ)ᵇ = xᵃᵇ and (x·y)ᵇ = xᵇ·yᵇ where that holds for all reals: a whole number b.</summary>
    public static Expr PowerOf(Expr x, Expr y)
    {
        if (y is not Numeral { Exact: { IsInteger: true } }) return Power.Of(x, y);
        return x switch
        {
            Power p => PowerOf(p.Base, ProductOf([p.Exponent, y])),
            Product p => ProductOf(p.Operands.Select(f => PowerOf(f, y))),
            _ => Power.Of(x, y),
        };
    }

    /// <summary>c·e with the number in front, without multiplying into a sum.</summary>
    public static Expr Scale(Numeral c, Expr e)
    {
        if (c.IsZero) return Numeral.Zero;
        if (c.IsOne) return e;
        return e switch
        {
            Numeral n => Numeral.Multiply(c, n),
            Product { Operands: var f } when f[0] is Numeral n => Product.Of([Numeral.Multiply(c, n), .. f.Skip(1)]),
            Product { Operands: var f } => Product.Of([c, .. f]),
            _ => new Product([c, e]),
        };
    }
}
