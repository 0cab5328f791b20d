namespace Adjoint;

/// <summary>The regularised incomplete gamma functions.</summary>
[Written]
internal static partial class GammaIntegral
{
    /// <summary>
    /// P(a, x), or 1 - P(a, x): the power series, the continued fraction, or Temme's expansion for large a. What is left out is below the
    /// tolerance.
    /// </summary>
    internal static double IncompleteGamma(double a, double x, bool upper, double tolerance)
    {
        if (!(a >= 0 && x >= 0)) return double.NaN;
        if (a == 0 || x == 0) return a == x ? double.NaN : upper == (a == 0) ? 0 : 1;
        if (double.IsInfinity(a) || double.IsInfinity(x)) return a == x ? double.NaN : upper == double.IsInfinity(a) ? 1 : 0;
        if (a >= 10000 && Math.Abs(x - a) < 0.4 * a) return GammaOfLarge(a, x, upper);
        if (x < 0.5 ? a < -0.4 / Math.Log(x) : x < 1.2 && a < 0.577) return GammaOfSmall(a, x, upper);
        if (x < 0.5 || x < a + Math.Min(0.1 * a, Math.Sqrt(a)) || !upper && x < 12)
        {
            double sum = 1, term = 1;
            for (double n = a + 1; term > sum * tolerance; n++)
            {
                term *= x / n;
                sum += term;
            }
            double lower = Math.Min(GammaFactor(a, x) * sum, 1);
            return upper ? 1 - lower : lower;
        }
        double factor = GammaFactor(a, x) * a;
        if (factor == 0) return upper ? 0 : 1;
        double above = Math.Min(factor * GammaFraction(a, x, tolerance), 1);
        return upper ? above : 1 - above;
    }

    /// <summary>Gamma(a) Q(a, x) / (x^a e^-x): Lentz's continued fraction.</summary>
    private static double GammaFraction(double a, double x, double tolerance)
    {
        double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
        for (int i = 1; i < 100000; i++)
        {
            double step = -i * (i - a);
            b += 2;
            d = step * d + b;
            c = b + step / c;
            if (d == 0) d = 1e-300;
            if (c == 0) c = 1e-300;
            d = 1 / d;
            h *= d * c;
            if (Math.Abs(d * c - 1) < tolerance) break;
        }
        return h;
    }

    /// <summary>x^a e^-x / Gamma(a + 1): of a from 10 on by Stirling's series, with what x / a and a - x are rounded by.</summary>
    private static double GammaFactor(double a, double x)
    {
        if (a < 10)
        {
            double e = Math.Exp(-x), rest = a, product = 1;
            if (e == 0) return 0;
            for (; rest > 1; rest--) product *= rest;
            return Math.Pow(x, a) * e * InverseGamma(rest) / product;
        }
        double r = x / a, t = a - x, rounded = t - a, error = a - (t - rounded) - (x + rounded);
        // Parts of the exponent that no double would hold are taken n times.
        double most = r < 0.3 ? -a * Math.Log(r) : 1.72 * Math.Abs(t);
        if (!(most < 1e8)) return 0;
        int twice = 0;
        for (; most > 700; most /= 2) twice++;
        double n = Math.Pow(0.5, twice), power = Math.Pow(r, a * n) * Math.Exp(t * n);
        for (; twice > 0; twice--) power *= power;
        if (power == 0) return 0;
        double correction = Math.FusedMultiplyAdd(-r, a, x) / r + error;
        return power * (1 + correction) / (Math.Sqrt(2 * Math.PI * a) * Math.Exp(StirlingRest(a)));
    }

    /// <summary>1 / Gamma(1 + t) for t from 0 to 1.</summary>
    private static double InverseGamma(double t)
    {
        ReadOnlySpan<double> c =
        [
            1.1283791670955126, -0.0411745264452831, -0.5266544355255447, 0.1751020260439345, 0.050966860247723254, -0.042155169368530074,
            0.006612897826273515, 0.002120731442396242, -0.001110730245918119, 0.00015235762354157663, 2.5355130539175535e-05,
            -1.3896829354060864e-05, 2.1565577829270528e-06, 5.80540732549556e-08, -9.002261834603835e-08, 1.6830710938973937e-08,
        ];
        double u = t - 0.5, p = 0;
        for (int k = c.Length - 1; k >= 0; k--) p = Math.FusedMultiplyAdd(p, u, c[k]);
        return p;
    }

    /// <summary>What ln Gamma(a + 1) has beyond Stirling's formula, for a from 10 on.</summary>
    private static double StirlingRest(double a)
    {
        double w = 1 / (a * a), p = 0;
        ReadOnlySpan<double> c =
        [
            0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
            0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
        ];
        for (int k = c.Length - 1; k >= 0; k--) p = p * w + c[k];
        return p / a;
    }

    /// <summary>For small x, where Q is nearly 1 - x^a: without that difference.</summary>
    private static double GammaOfSmall(double a, double x, bool upper)
    {
        ReadOnlySpan<double> c =
        [
            -0.3605826983595349, 0.6379726983091175, -0.2361532693693563, 0.12136505642455314,
            -0.07107464442874366, 0.044544769747760754, -0.02907237460626671, 0.019485329960752706,
            -0.013305979229770955, 0.009212980595973173, -0.006447532383716988, 0.004551161937024031,
            -0.003238860413291919, 0.0023161223643301237, -0.0016252636289270292, 0.0011728364571768624,
            -0.001082894801528969, 0.0007883489928738297,
        ];
        double t = a - 0.3, p = c[^1], sum = 0, power = 1;
        for (int k = c.Length - 2; k >= 0; k--) p = p * t + c[k];
        for (int n = 1; n <= 20; n++)
        {
            power *= -x / n;
            sum += power / (a + n);
        }
        double exponent = a * (Math.Log(x) - p), e = Math.Exp(exponent);
        if (!upper) return e * (1 + a * sum);
        double less = 0;
        for (int n = 20; n >= 1; n--) less = (less + 1) * exponent / n;
        return (exponent < -0.5 ? 1 - e : -less) - e * a * sum;
    }

    /// <summary>Temme's expansion (SIAM J. Math. Anal. 10, 1979; DLMF 8.12): half an erfc, and what it lacks.</summary>
    private static double GammaOfLarge(double a, double x, bool upper)
    {
        // a (d - ln(1 + d)) with d = x / a - 1 is h s (1 - (s - s^2) (1/3 + s^2/5 + ...)): its first terms with what they are rounded by.
        double h = x - a, sum = x + a, lost = sum - x, s = h / sum;
        double less = (Math.FusedMultiplyAdd(-s, sum, h) - s * (x - (sum - lost) + (a - lost))) / sum, squared = s * s, series = 0;
        for (int k = 25; k >= 5; k -= 2) series = (series + 1.0 / k) * squared;
        double part = s / 3, most = 1 - part, product = h * s;
        double rounded = 1 - most - part - (Math.FusedMultiplyAdd(-part, 3, s) + less) / 3 + squared / 3 - (s - squared) * series;
        double exponent = product * most;
        double small = Math.FusedMultiplyAdd(product, most, -exponent) + (Math.FusedMultiplyAdd(h, s, -product) + h * less) * most
            + product * rounded;
        double square = exponent + small, eta = Math.CopySign(Math.Sqrt(2 * square / a), h), e = Math.Exp(-exponent) * Math.Exp(-small);
        double first = 0, second = 0, third = 0, fourth = 0;
        ReadOnlySpan<double> c0 =
        [
            -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073,
            0.0003527336860670194, -0.0001787551440329218, 3.919263178522438e-05, -2.185448510679992e-06,
            -1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07, 6.707853543401498e-09,
            1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10, -2.5514193994946248e-11,
            -5.830772132550426e-11, 2.4361948020667415e-11,
        ];
        ReadOnlySpan<double> c1 =
        [
            -0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596,
            0.00020576131687242798, -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06,
            -1.6120900894563446e-06, 4.647127802807434e-09, 1.378633446915721e-07, -5.752545603517705e-08,
            1.1951628599778148e-08, -1.7543241719747647e-11,
        ];
        ReadOnlySpan<double> c2 =
        [
            0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-06,
            -0.0001073665322636516, 5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08,
            1.3721957309062934e-06, -6.298992138380055e-07,
        ];
        ReadOnlySpan<double> c3 =
        [
            0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557,
            0.00026772063206283885, -7.561801671883977e-05, -2.396505113867297e-07,
        ];
        for (int k = c0.Length - 1; k >= 0; k--) first = first * eta + c0[k];
        for (int k = c1.Length - 1; k >= 0; k--) second = second * eta + c1[k];
        for (int k = c2.Length - 1; k >= 0; k--) third = third * eta + c2[k];
        for (int k = c3.Length - 1; k >= 0; k--) fourth = fourth * eta + c3[k];
        double rest = e / Math.Sqrt(2 * Math.PI * a) * (first + (second + (third + fourth / a) / a) / a);
        // erfc z = Q(1/2, z^2).
        double tail = square == 0 ? 0.5
            : square < 1 ? 0.5 * IncompleteGamma(0.5, square, true, 1e-16)
            : 0.5 * e * Math.Sqrt(square / Math.PI) * GammaFraction(0.5, square, 1e-16);
        return upper == (x > a) ? tail + (upper ? rest : -rest) : 1 - tail + (upper ? rest : -rest);
    }
}

internal static partial class Registers
{
    /// <summary>P(a, x) of every lane, in double. At most 64 ulp in double and 1 in float.</summary>
    public static R Igamma<R, T>(R a, R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<IgammaFunction<T>>(a, x);

    /// <summary>Q(a, x) = 1 − P(a, x) of every lane, in double. At most 64 ulp in double and 1 in float.</summary>
    public static R Igammac<R, T>(R a, R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map2<IgammacFunction<T>>(a, x);

    private readonly struct IgammaFunction<T> : IScalarFunction2
    {
        public static double Invoke(double a, double x) =>
            GammaIntegral.IncompleteGamma(a, x, false, typeof(T) == typeof(float) ? 1e-9 : 1e-16);

        static string IScalarFunction2.Code => $"IncompleteGamma({{0}}, {{1}}, false, {(typeof(T) == typeof(float) ? "1e-9" : "1e-16")})";

        static string IScalarFunction2.Method => GammaIntegral.Text;
    }

    private readonly struct IgammacFunction<T> : IScalarFunction2
    {
        public static double Invoke(double a, double x) =>
            GammaIntegral.IncompleteGamma(a, x, true, typeof(T) == typeof(float) ? 1e-9 : 1e-16);

        static string IScalarFunction2.Code => $"IncompleteGamma({{0}}, {{1}}, true, {(typeof(T) == typeof(float) ? "1e-9" : "1e-16")})";

        static string IScalarFunction2.Method => GammaIntegral.Text;
    }
}
