namespace Adjoint;

/// <summary>The methods of draws as text.</summary>
internal static class HandRandomText
{
    internal const string Twister = """
        // The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), from which PyTorch draws its random numbers too.
        public sealed class MersenneTwister(string state, int drawn, double? waiting = null)
        {
            private readonly uint[] words = Words(state);
            private int next = drawn;

            // Normal numbers come in pairs: the second one of a pair, if it was not taken yet.
            public double? Waiting = waiting;

            // The next 32 bits. After 624 numbers the state is renewed.
            public uint Next()
            {
                if (next == 624)
                {
                    for (int k = 0; k < 624; k++)
                    {
                        uint mixed = (words[k] & 0x80000000) | (words[(k + 1) % 624] & 0x7fffffff);
                        words[k] = words[(k + 397) % 624] ^ (mixed >> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
                    }
                    next = 0;
                }
                uint word = words[next++];
                word ^= word >> 11;
                word ^= (word << 7) & 0x9d2c5680;
                word ^= (word << 15) & 0xefc60000;
                return word ^ (word >> 18);
            }

            // The next 64 bits; the high half is drawn first.
            public ulong NextLong()
            {
                ulong high = Next();
                return (high << 32) | Next();
            }

            // A uniform number in [0, 1) of 24 bits.
            public float NextSingle() => (Next() & 0xffffff) * (1f / (1 << 24));

            // A uniform number in [0, 1) of 53 bits.
            public double NextDouble() => (NextLong() & ((1UL << 53) - 1)) * (1.0 / (1L << 53));

            private static uint[] Words(string text)
            {
                uint[] read = new uint[624];
                Buffer.BlockCopy(Convert.FromBase64String(text), 0, read, 0, 4 * 624);
                return read;
            }
        }
        """;

    internal const string OneNormal = """
        // A normal number of two uniform ones (Box and Muller 1958): r·cos a and r·sin a with r = √(−2·ln(1 − u)) and a = 2π·v. The second
        // one waits for the next call.
        static double NextNormal(MersenneTwister source, double mean, double std)
        {
            if (source.Waiting is double waiting)
            {
                source.Waiting = null;
                return Math.FusedMultiplyAdd(waiting, std, mean);
            }
            double angle = source.NextDouble(), radius = Math.Sqrt(-2 * Math.Log(1 - source.NextDouble()));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * angle);
            source.Waiting = radius * sin;
            return Math.FusedMultiplyAdd(radius * cos, std, mean);
        }
        """;

    internal const string Point = """
        // Two normal numbers of two uniform ones (Box and Muller 1958): r·cos a and r·sin a with r = √(−2·ln(1 − u)) and a = 2π·v.
        static (double X, double Y) Point(double distance, double angle)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - distance));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * angle);
            return (radius * cos, radius * sin);
        }
        """;

    internal const string NormalBlock = """
        // 16 normal numbers: of 16 uniform ones each with the one eight places on.
        static void FillBlock(MersenneTwister source, real[] x, int start, real mean, real std)
        {
            for (int k = 0; k < 16; k++)
                x[start + k] = source.NextReal();
            for (int k = 0; k < 8; k++)
            {
                (real first, real second) = Point(x[start + k], x[start + k + 8]);
                x[start + k] = MathR.FusedMultiplyAdd(first, std, mean);
                x[start + k + 8] = MathR.FusedMultiplyAdd(second, std, mean);
            }
        }
        """;

    internal const string Normals = """
        // n normal numbers, as PyTorch draws 16 and more: in blocks of 16. Where n is no multiple of 16, the rest is drawn, and then the
        // last 16 once more as a block.
        static void FillNormal(MersenneTwister source, real[] x, int start, int n, real mean, real std)
        {
            for (int k = 0; k + 16 <= n; k += 16)
                FillBlock(source, x, start + k, mean, std);
            if (n % 16 == 0) return;
            for (int k = 0; k < n % 16; k++)
                source.NextReal();
            FillBlock(source, x, start + n - 16, mean, std);
        }
        """;

    internal const string Shuffle = """
        // 0 … n − 1 in random order: each place is exchanged with one that is not before it.
        static void Shuffle(MersenneTwister source, real[] x, int start, int n)
        {
            for (int k = 0; k < n; k++)
                x[start + k] = (real)k;
            for (int k = 0; k < n - 1; k++)
            {
                int other = k + (int)(source.Next() % (uint)(n - k));
                (x[start + k], x[start + other]) = (x[start + other], x[start + k]);
            }
        }
        """;

    internal const string CheckWeights = """
        // Weights are finite and not negative, and not all 0.
        static void CheckWeights(real[] weights, int start, int step, int n)
        {
            real sum = 0;
            for (int k = 0; k < n; k++)
            {
                real weight = weights[start + k * step];
                if (!(weight >= 0 && real.IsFinite(weight))) throw new ArgumentException($"Weight {k} is {weight}.");
                sum += weight;
            }
            if (!(sum > 0)) throw new ArgumentException("All weights are 0.");
        }
        """;

    internal const string Choose = """
        // A place for each sample, with the weights that stand there: the first whose sum of weights so far reaches a uniform number.
        static long[] Choose(MersenneTwister source, real[] weights, int start, int step, int n, int samples)
        {
            CheckWeights(weights, start, step, n);
            real[] reached = new real[n];
            real sum = 0;
            for (int k = 0; k < n; k++)
            {
                sum += weights[start + k * step];
                reached[k] = sum;
            }
            for (int k = 0; k < n; k++)
                reached[k] /= sum;
            reached[n - 1] = 1;
            long[] chosen = new long[samples];
            for (int sample = 0; sample < samples; sample++)
            {
                double u = source.NextDouble();
                int from = 0, to = n;
                while (from < to)
                {
                    int middle = from + (to - from) / 2;
                    if (reached[middle] < u) from = middle + 1;
                    else to = middle;
                }
                chosen[sample] = from;
            }
            return chosen;
        }
        """;

    internal const string ChooseOnce = """
        // As many different places, with the weights that stand there: those with the largest weight over an exponential number.
        static long[] ChooseOnce(MersenneTwister source, real[] weights, int start, int step, int n, int samples)
        {
            CheckWeights(weights, start, step, n);
            real[] keys = new real[n];
            int[] order = new int[n];
            int possible = 0;
            for (int k = 0; k < n; k++)
                if (weights[start + k * step] > 0) possible++;
            if (possible < samples) throw new ArgumentException($"{samples} samples, but only {possible} weights above 0.");
            for (int k = 0; k < n; k++)
            {
                keys[k] = -(weights[start + k * step] / (real)(-1.0 * Math.Log(1 - source.NextDouble())));
                order[k] = k;
            }
            Array.Sort(order, (a, b) => keys[a].CompareTo(keys[b]) is not 0 and int c ? c : a.CompareTo(b));
            long[] chosen = new long[samples];
            for (int sample = 0; sample < samples; sample++)
                chosen[sample] = order[sample];
            return chosen;
        }
        """;
}
