namespace Adjoint.Symbolic;

/// <summary>sin² + cos² = 1 and its relatives, tried in both directions for every argument that occurs.</summary>
internal static class Pythagoras
{
    public static IEnumerable<(string, Expr)> Of(Expr e)
    {
        var calls = PostOrder.Of(e).OfType<Power>().Where(p => p.WholeExponent is >= 2 or <= -2)
            .Select(p => p.Base).OfType<UnaryCall>().Distinct().ToList();
        foreach (var call in calls)
        {
            var u = call.Argument;
            (string Rule, Expr Square)? identity = call.Function.Name switch
            {
                "sin" => ("sin² = 1 − cos²", 1 - Power.Of(u.Cos(), 2)),
                "cos" => ("cos² = 1 − sin²", 1 - Power.Of(u.Sin(), 2)),
                "tan" => ("1 + tan² = 1/cos²", Power.Of(u.Cos(), -2) - 1),
                "sinh" => ("sinh² = cosh² − 1", Power.Of(u.Cosh(), 2) - 1),
                "cosh" => ("cosh² = 1 + sinh²", 1 + Power.Of(u.Sinh(), 2)),
                "tanh" => ("1 − tanh² = 1/cosh²", 1 - Power.Of(u.Cosh(), -2)),
                _ => null,
            };
            if (identity is { } found && Replace(e, call, found.Square) is { } replaced)
            {
                yield return (found.Rule, replaced);
                if (Rules.WorthExpanding(replaced)) yield return (found.Rule, replaced.Expand());
            }
        }
        foreach (var u in calls.Where(c => c.Function.Name is "sin" or "cos").Select(c => c.Argument).Distinct())
        {
            var twice = (2 * u).Tidy().Cos();
            var half = Replace(e, u.Cos(), (1 + twice) / 2) ?? e;
            if ((Replace(half, u.Sin(), (1 - twice) / 2) ?? half) is var doubled && !doubled.Equals(e))
                yield return ("cos² − sin² = cos 2u", doubled);
        }
        // 1 − cos² hides in a bracket: with the sum multiplied out, sin² meets cos².
        foreach (var bracket in e.Operands.OfType<Sum>())
            foreach (var (rule, inner) in Of(bracket)) yield return (rule, e.Substitute(bracket, inner));
    }

    /// <summary>Every f(u)ⁿ with n ≥ 2 as (f²)^(n/2)·f^(n mod 2).</summary>
    private static Expr? Replace(Expr e, Expr call, Expr square)
    {
        var powers = PostOrder.Of(e).OfType<Power>().Where(p => p.Base.Equals(call) && p.WholeExponent is { } n && Math.Abs(n) >= 2);
        var result = e;
        foreach (var power in powers)
        {
            int n = power.WholeExponent!.Value;
            result = result.Substitute(
                power, Power.Of(square, new Numeral((Rational)(n / 2))) * (n % 2 == 0 ? Numeral.One : Power.Of(call, n % 2)));
        }
        return ReferenceEquals(result, e) ? null : result.Tidy();
    }
}
