namespace Adjoint;

internal static partial class Registers
{
    /// <summary>erf x.</summary>
    public static R Erf<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<ErfFunction>(x);

    /// <summary>1 − erf x.</summary>
    public static R Erfc<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Map<ErfcFunction>(x);

    private readonly struct ErfFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Abs(x) < 2 ? ErfSeries(x) : x < 0 ? ErfcFraction(-x) - 1 : 1 - ErfcFraction(x);
    }

    private readonly struct ErfcFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Abs(x) < 2 ? 1 - ErfSeries(x) : x < 0 ? 2 - ErfcFraction(-x) : ErfcFraction(x);
    }

    /// <summary>2/√π · e⁻ˣ² · Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!!, all terms of one sign.</summary>
    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return sum * (2 / Math.Sqrt(Math.PI)) * Math.Exp(-x * x);
    }

    /// <summary>e⁻ˣ²/√π · 1/(x + (1/2)/(x + (2/2)/(x + …))) for x ≥ 2.</summary>
    private static double ErfcFraction(double x)
    {
        if (double.IsNaN(x) || x > 28) return double.IsNaN(x) ? x : 0;
        double fraction = x;
        for (int n = 60; n > 0; n--) fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
