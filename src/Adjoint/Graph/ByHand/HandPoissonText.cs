namespace Adjoint;

/// <summary>The methods of numbers of events as text.</summary>
internal static class HandPoissonText
{
    internal const string Next = """
        // A number of events of a rate: as many factors as leave a product above e^−rate (Knuth).
        static double NextPoisson(MersenneTwister source, double rate)
        {
            if (rate == 0) return 0;
            if (rate >= 10) return NextLargePoisson(source, rate);
            double limit = Math.Exp(-rate), product = 1;
            for (int events = 0; ; events++)
            {
                product *= source.NextDouble();
                if (!(product > limit)) return events;
            }
        }
        """;

    internal const string Large = """
        // A number of events of a large rate, by transformed rejection (Hörmann 1993).
        static double NextLargePoisson(MersenneTwister source, double rate)
        {
            double root = Math.Sqrt(rate), log = Math.Log(rate);
            double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
            double inverse = 1.1239 + 1.1328 / (b - 3.4), accept = 0.9277 - 3.6224 / (b - 2);
            while (true)
            {
                double u = source.NextDouble() - 0.5, v = source.NextDouble(), rest = 0.5 - Math.Abs(u);
                double k = Math.Floor((2 * a / rest + b) * u + rate + 0.43);
                if (rest >= 0.07 && v <= accept) return k;
                if (k < 0 || (rest < 0.013 && v > rest)) continue;
                if (Math.Log(v) + Math.Log(inverse) - Math.Log(a / (rest * rest) + b) <= -rate + k * log - LogFactorial(k)) return k;
            }
        }
        """;

    internal const string LogFactorial = """
        // ln k!: exactly for few, by Stirling's series for many.
        static double LogFactorial(double k)
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
        """;
}
