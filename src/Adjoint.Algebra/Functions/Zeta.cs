namespace Adjoint;

/// <summary>Hurwitz's zeta function.</summary>
[Written]
internal static partial class HurwitzZeta
{
    /// <summary>The sum of (k + q)^-s over k >= 0; below 0 by that of what is left of a whole number, for whole s.</summary>
    internal static double Zeta(double s, double q)
    {
        if (!(s > 1)) return s == 1 ? double.PositiveInfinity : double.NaN;
        if (!(q <= 0)) return s == 2 ? ZetaOfSquares(q) : ZetaSum(s, q);
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
        double a = q + 10, u = 1 / a, w = u * u, sum = Math.Pow(a, 1 - s);
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
            sum += s == 3 ? 1 / (x * x * x) : Math.Pow(x, -s);
        }
        return sum;
    }

    /// <summary>The same for s = 2, the slope of psi: eleven terms with three divisions.</summary>
    private static double ZetaOfSquares(double q)
    {
        ReadOnlySpan<double> bernoulli =
        [
            0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576,
            -0.2531135531135531, 1.1666666666666667, -7.092156862745098, 54.971177944862156, -529.1242424242424,
        ];
        double a = q, terms = 0;
        if (q < 10)
        {
            double near = 0, nearBelow = 1, far = 0, farBelow = 1;
            for (int k = 1; k < 6; k++)
            {
                double x = q + k, y = x + 5;
                x *= x;
                y *= y;
                near = near * x + nearBelow;
                nearBelow *= x;
                far = far * y + farBelow;
                farBelow *= y;
            }
            terms = far / farBelow + near / nearBelow + 1 / (q * q);
            a = q + 11;
        }
        double u = 1 / a, w = u * u, rest = 0;
        for (int k = bernoulli.Length - 1; k >= 0; k--) rest = rest * w + bernoulli[k];
        return u + w * (0.5 + u * rest) + terms;
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
