namespace Adjoint.Symbolic;

/// <summary>When a choice need not be made.</summary>
/// <remarks>
/// Note [Cases are not sampled]: a proof by random points sees a case only if a point falls into it: if(floor(x) = 100, 0, 3x) is 3x at
/// all of them. So what is said here of choices follows from how the formulas are written, not from values.
/// </remarks>
internal static class Cases
{
    public static IEnumerable<(string, Expr)> Of(Conditional c)
    {
        if (c.X.Equals(c.Y) && HasAlwaysAValue(c.X))
            yield return c.Relation == Relation.Equal ? ("x = x", c.Then) : ("x < x", c.Otherwise);
        else if (c.X.Variables.Count == 0 && c.Y.Variables.Count == 0 && Decided(c) is { } branch)
            yield return ("a comparison of numbers", branch);
        else if (IsGuard(c))
            yield return ("leave out the guard against 0·∞", c.Otherwise);
    }

    /// <summary>
    /// Whether a formula is defined wherever its variables are numbers. What is compared must not lose a place where it is undefined:
    /// if(x/x = 1, 1, 2) is 2 at 0, where nothing is equal to 1.
    /// </summary>
    public static bool HasAlwaysAValue(Expr e) => PostOrder.Of(e).All(u => u switch
    {
        Numeral n => double.IsFinite(n.Value),
        Variable or NamedConstant or Sum or Product or Conditional => true,
        Power p => p.WholeExponent >= 0,
        UnaryCall c => c.Function.Info.Is(OpFacts.Total),
        BinaryCall c => c.Function.Info.Is(OpFacts.Total),
        _ => false,
    });

    /// <summary>A node on other operands, except that those whose being undefined decides something stay as they are.</summary>
    public static Expr Rebuilt(Expr u, Func<Expr, Expr> simpler)
    {
        if (u.Operands.Count == 0) return u;
        int deciding = u is Conditional || u is BinaryCall b && b.Function.Info.Is(OpFacts.PassesOverNaN) ? 2 : 0;
        return u.With([.. u.Operands.Select((o, i) => i >= deciding || HasAlwaysAValue(o) ? simpler(o) : o)]);
    }

    /// <summary>The branch that is taken, if rounding cannot change it.</summary>
    private static Expr? Decided(Conditional c)
    {
        double x = c.X.Evaluate(), y = c.Y.Evaluate();
        if (!(Math.Abs(x - y) > 1e-9 * (Math.Abs(x) + Math.Abs(y)))) return null;
        return c.Relation == Relation.Less && x < y ? c.Then : c.Otherwise;
    }

    /// <summary>
    /// Whether a choice only makes a product 0 at single points where it is 0 or 0·∞ by itself, as the derivatives of powers do.
    /// Any other value at a point stays: sin(x)/x is 1 at 0 when the formula says so, 1/x is 0 there, and the maximum's slope is ½ where
    /// both are equal.
    /// </summary>
    private static bool IsGuard(Conditional c)
    {
        if (c.Relation != Relation.Equal || !IsSmooth(c.X) || !IsSmooth(c.Y)) return false;
        return c.Then switch
        {
            // ∂xʸ/∂x: y·xʸ⁻¹, and 0 at y = 0 where the power is infinite.
            Conditional
            {
                Relation: Relation.Less, Y: Numeral { Value: double.PositiveInfinity },
                Otherwise: Numeral { Value: 0 }
            } finite =>
                finite.Then.Equals(c.Otherwise),
            // ∂xʸ/∂y: xʸ·ln x, and 0 at x = 0 unless y is negative.
            Conditional { Relation: Relation.Less, Y: Numeral { Value: 0 }, Otherwise: Numeral { Value: 0 } } negative =>
                c.Y.IsZero && negative.Then.Equals(c.Otherwise) && PostOrder.Of(c.Otherwise).Contains(c.X.Log()),
            Numeral { Value: 0 } => c.Otherwise is Product p && p.Operands.Any(f => IsZeroWhere(f, c.X, c.Y)),
            _ => false,
        };
    }

    /// <summary>Whether a factor is exactly 0 wherever x = y: y − x, x itself for y = 0, or a positive power of one of those.</summary>
    private static bool IsZeroWhere(Expr factor, Expr x, Expr y)
    {
        var (@base, exponent) = Power.Split(factor);
        if (exponent is not Numeral { Value: > 0 }) return false;
        if (@base is Numeral or NamedConstant) return false;
        var there = @base.Substitute(x, y).Tidy();
        return there.IsZero || there.Variables.Count == 0 && there.Evaluate() == 0 || x.IsZero && @base.Equals(y);
    }

    private static bool IsSmooth(Expr e) => PostOrder.Of(e).All(u => u switch
    {
        UnaryCall c => c.Function.Info.Is(OpFacts.Smooth),
        BinaryCall or Conditional => false,
        _ => true,
    });
}
