using System.Numerics;

namespace Adjoint.Kernels;

internal sealed partial class RandomStream
{
    /// <summary>
    /// Numbers of events with the rate at the same place. Below a rate of 10 a uniform double for each event and one more (of a rate of 0
    /// none), from it on two for each attempt of Hörmann's transformed rejection (1993), as PyTorch draws them.
    /// </summary>
    /// <exception cref="TensorException">A rate is negative or no number. Nothing has been drawn.</exception>
    public void Poisson<T>(ReadOnlySpan<T> rates, Span<T> target) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T rate in rates)
            if (!(rate >= T.Zero) || !T.IsFinite(rate))
                throw new TensorException($"Poisson: a rate must be a number that is not negative, but one is {rate}.");
        for (int i = 0; i < target.Length; i++) target[i] = T.CreateTruncating(NextPoisson(double.CreateTruncating(rates[i])));
    }

    private double NextPoisson(double rate)
    {
        if (rate == 0) return 0;
        if (rate >= 10) return NextLargePoisson(rate);
        // As many factors as leave the product above e^−rate.
        double limit = Math.Exp(-rate), product = 1;
        for (int events = 0; ; events++)
        {
            product *= NextDouble();
            if (!(product > limit)) return events;
        }
    }

    private double NextLargePoisson(double rate)
    {
        double root = Math.Sqrt(rate), log = Math.Log(rate);
        double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
        double inverse = 1.1239 + 1.1328 / (b - 3.4), accept = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            double u = NextDouble() - 0.5, v = NextDouble(), rest = 0.5 - Math.Abs(u);
            double k = Math.Floor((2 * a / rest + b) * u + rate + 0.43);
            if (rest >= 0.07 && v <= accept) return k;
            if (k < 0 || (rest < 0.013 && v > rest)) continue;
            if (Math.Log(v) + Math.Log(inverse) - Math.Log(a / (rest * rest) + b) <= -rate + k * log - LogFactorial(k)) return k;
        }
    }

    /// <summary>ln k!: summed up for few factors, else by Stirling's series.</summary>
    private static double LogFactorial(double k)
    {
        if (k < 16)
        {
            double product = 1;
            for (int i = 2; i <= k; i++) product *= i;
            return Math.Log(product);
        }
        double x = k + 1, z = 1 / (x * x);
        double series = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z / 1188)))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274 + series;
    }
}
