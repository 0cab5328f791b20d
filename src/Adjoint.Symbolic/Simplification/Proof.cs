namespace Adjoint.Symbolic;

/// <summary>How the equality of two formulas was established.</summary>
/// <param name="Holds">Whether it was.</param>
/// <param name="Points">At how many points both were evaluated and compared.</param>
/// <param name="Exact">Whether in exact arithmetic (of integers modulo a prime) rather than in doubles with an error bound.</param>
public readonly record struct Proof(bool Holds, int Points, bool Exact)
{
    // Note [Points of proof]: a rewriting may be true for positive numbers only (ln ab), for small ones (asin sin x), or nowhere near
    // cancellation. So points come from several ranges, with all variables in the same one and mixed, and near-integers among them.
    private static readonly (double Low, double High)[] Ranges = [(-3, 3), (0.2, 2), (-0.9, 0.9), (-8, 8), (1, 6), (-2, -0.1)];

    private const int PointsPerRange = 8;

    /// <summary>
    /// Whether <paramref name="after"/> has the value of <paramref name="before"/> wherever that is defined, tried at random points:
    /// exactly for rational formulas, otherwise within a bound on the rounding error that is carried through the evaluation.
    /// </summary>
    public static Proof Of(Expr before, Expr after)
    {
        before.Given();
        after.Given();
        string[] variables = [.. before.Variables.Union(after.Variables)];
        var both = Expr.Compile([before, after], variables);
        var random = new Random(20_261_121);
        return Exactly(both, random) ?? Numerically(both, random);
    }

    private static Proof? Exactly(CompiledFormula both, Random random)
    {
        const int points = 3;
        for (int i = 0; i < points; i++)
        {
            var at = new Modular[both.Variables.Count];
            for (int j = 0; j < at.Length; j++) at[j] = new((ulong)random.NextInt64(1, (long)Modular.Prime));
            var slots = both.Run<Modular>(
                at, static c => c is Numeral { Exact: { } exact } ? Modular.Of(exact) : Modular.Constant(double.NaN));
            Modular x = slots[both.OutputSlots[0]], y = slots[both.OutputSlots[1]];
            if (!x.IsDefined || !y.IsDefined) return null;
            if (x != y) return new(false, i + 1, true);
        }
        return new(true, points, true);
    }

    private static Proof Numerically(CompiledFormula both, Random random)
    {
        int compared = 0;
        foreach (var range in Ranges)
            for (int i = 0; i < PointsPerRange; i++)
            {
                var at = new Bounded[both.Variables.Count];
                for (int j = 0; j < at.Length; j++)
                    at[j] = new(Sample(random, i < PointsPerRange / 2 ? range : Ranges[random.Next(Ranges.Length)]), 0);
                var values = new Bounded[2];
                both.Invoke<Bounded>(at, values);
                var (x, y) = (values[0], values[1]);
                if (!x.IsFinite || x.Error > 1e-3 * Math.Max(Math.Abs(x.Value), 1e-3)) continue;
                if (double.IsNaN(y.Value) || double.IsInfinity(y.Value)) return new(false, compared + 1, false);
                if (!double.IsFinite(y.Error)) continue;
                compared++;
                if (Math.Abs(x.Value - y.Value) > 4 * (x.Error + y.Error)) return new(false, compared, false);
            }
        return new(compared >= Math.Min(3, Math.Max(1, both.Variables.Count * 3)), compared, false);
    }

    private static double Sample(Random random, (double Low, double High) range) =>
        range.Low + (range.High - range.Low) * random.NextDouble();
}
