using System.Numerics;

namespace Adjoint.Symbolic;

/// <summary>
/// How long a formula is to read: one for every operation and variable, one for every digit and sign of a number. Digits count, so
/// that 16(1 − 10x + 24x² − 16x³) is shorter than 16 − 160x + 384x² − 256x³, but 4(1 − 2x) is not shorter than 4 − 8x.
/// </summary>
internal static class Cost
{
    public static long Of(Expr e)
    {
        var costs = new Dictionary<Expr, long>();
        foreach (var u in PostOrder.Of(e))
            costs[u] = u switch
            {
                Numeral n => OfNumber(n),
                // 1/√u is what is written, and u^(3/2) rather than √u³.
                UnaryCall { Function.Name: "rsqrt" } c => 5 + costs[c.Argument],
                Power { Base: UnaryCall { Function.Name: "sqrt" } root, WholeExponent: < -1 or > 1 } p =>
                    3 + costs[root] + costs[p.Exponent],
                // f(−u) could pull its sign out or lose it, which reads better.
                UnaryCall c when Product.Split(c.Argument).Coefficient.Value < 0 => 2 + costs[c.Argument],
                _ => 1 + Math.Min(u.Operands.Sum(o => Math.Min(costs[o], 1L << 40)), 1L << 50),
            };
        return costs[e];
    }

    private static long OfNumber(Numeral n)
    {
        if (n.Exact is not { } exact) return 8;
        int sign = exact.Sign < 0 ? 1 : 0;
        return sign + Digits(exact.Numerator) + (exact.IsInteger ? 0 : 1 + Digits(exact.Denominator));
    }

    private static long Digits(BigInteger n) => (long)Math.Floor(BigInteger.Log10(BigInteger.Max(1, BigInteger.Abs(n))) + 1e-12) + 1;
}
