namespace Adjoint;

/// <summary>Hurwitz's zeta function.</summary>
[Written]
internal static partial class HurwitzZeta
{
    /// <summary>The sum of (k + q)^-s over k >= 0; below 0 by that of what is left of a whole number, for whole s.</summary>
    internal static double Zeta(double s, double q)
    {
        if (!(s > 1)) return s == 1 ? double.PositiveInfinity : double.NaN;
        if (!(q <= 0)) return ZetaSum(s, q);
        if (q == Math.Floor(q)) return double.PositiveInfinity;
        if (s != Math.Floor(s)) return double.NaN;
        double f = q - Math.Floor(q), rest = ZetaSum(s, 1 - f) - ZetaSum(s, 1 - q);
        return ZetaSum(s, f) + (s % 2 == 0 ? rest : -rest);
    }

    /// <summary>Ten terms, and the others by the formula of Euler and Maclaurin.</summary>
    private static double ZetaSum(double s, double q)
    {
        ReadOnlySpan<double> c =
        [
            0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07,
            2.08767569878681e-08, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
            8.586062056277845e-15, -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
        ];
        double a = q + 10, u = 1 / a, w = u * u, sum = s == 2 ? u : Math.Pow(a, 1 - s);
        if (sum != 0)
        {
            double correction = 1 / (s - 1) + 0.5 * u, t = s * w;
            for (int k = 0; k < c.Length; k++)
            {
                correction += c[k] * t;
                t *= (s + (2 * k + 1)) * (s + (2 * k + 2)) * w;
            }
            sum *= correction;
        }
        for (int k = 9; k >= 0; k--)
        {
            double x = q + k;
            sum += s == 2 ? 1 / (x * x) : s == 3 ? 1 / (x * x * x) : Math.Pow(x, -s);
        }
        return sum;
    }
}

internal static partial class Registers
{
    /// <summary>Hurwitz's ζ(s, q) = Σ (k + q)⁻ˢ of every lane, in double. At most 6 ulp where q is above 0.</summary>
    public static R Zeta<R, T>(R s, R q) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<ZetaFunction>(s, q);

    private readonly struct ZetaFunction : IScalarFunction2
    {
        public static double Invoke(double s, double q) => HurwitzZeta.Zeta(s, q);

        static string IScalarFunction2.Code => "Zeta({0}, {1})";

        static string IScalarFunction2.Method => HurwitzZeta.Text;
    }
}
