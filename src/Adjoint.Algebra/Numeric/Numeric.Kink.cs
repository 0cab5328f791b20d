namespace Adjoint;

public static partial class Numeric
{
    /// <summary>
    /// So many halvings of the step in a row must show the same: a factor of 4096 for slopes, of a million for values, where the
    /// steps of a badly rounded function look like jumps.
    /// </summary>
    private const int SameSlopes = 12, SameValues = 20;

    /// <summary>
    /// Looks for a kink or a jump of f at x: one-sided slopes, or one-sided limits, that differ. From values alone this is a judgement:
    /// only what stays the same while the step shrinks a thousandfold counts, so that a steep or badly rounded function has no kink.
    /// </summary>
    /// <param name="f">The function; it is evaluated about a hundred times, at 0 two hundred times.</param>
    /// <param name="x">The point.</param>
    /// <returns>
    /// The kink; null where there is none, where f is not finite at x or beside it, and where a one-sided slope is infinite (√|x| at 0).
    /// </returns>
    public static Kink? KinkAt(Func<double, double> f, double x)
    {
        ArgumentNullException.ThrowIfNull(f);
        StackSpace.Check();
        double value = f(x);
        if (!double.IsFinite(value) || !double.IsFinite(x)) return null;
        // Powers of two, so that x ± h is exact. At 0 there is no scale: there the steps go on to where functions that add 1 to x have
        // long stopped to see a difference.
        int largest = (x == 0 ? 0 : Math.ILogB(x)) - 3, steps = x == 0 ? 100 : 48;
        double[] h = [.. Enumerable.Range(0, steps).Select(i => Math.ScaleB(1, largest - i))];
        double[] low = Array.ConvertAll(h, step => f(x - step) - value), high = Array.ConvertAll(h, step => f(x + step) - value);
        if (Constant(low, value) || Constant(high, value))
        {
            // A value that differs a little from both sides alike was rounded in another way.
            bool alone = low[^1] == high[^1] && Math.Abs(low[^1]) < 1e-6 * Math.Abs(value);
            return double.IsFinite(low[^1] + high[^1]) && !alone ? new(value + low[^1], value + high[^1], true) : null;
        }

        return new OneSidedSlopes(h, low, high, value, x).Kink;
    }

    /// <summary>Whether the value beside x stays away from the one at x, however small the step.</summary>
    private static bool Constant(double[] change, double value)
    {
        double[] smallest = change[^SameValues..];
        double size = smallest.Max(Math.Abs);
        return size > 64 * Epsilon * Math.Abs(value) && smallest.Max() - smallest.Min() <= 0.01 * size;
    }

    /// <summary>Difference quotients on both sides for halved steps, each extrapolated once: 2D(h) − D(2h).</summary>
    private readonly struct OneSidedSlopes
    {
        private readonly double[] _low, _high, _left, _right, _noise;

        public OneSidedSlopes(double[] h, double[] low, double[] high, double value, double x)
        {
            (_low, _high) = (low, high);
            (_left, _right, _noise) = (new double[h.Length], new double[h.Length], new double[h.Length]);
            _noise[0] = double.PositiveInfinity;
            for (int i = 1; i < h.Length; i++)
            {
                _left[i] = -2 * low[i] / h[i] + low[i - 1] / h[i - 1];
                _right[i] = 2 * high[i] / h[i] - high[i - 1] / h[i - 1];
                // f is known to ε|f|, and no better than its argument is, in which it moves by ε|x·f′|.
                double steepest = Math.Max(Math.Abs(low[i]), Math.Abs(high[i])) / h[i];
                _noise[i] = 8 * Epsilon * (Math.Abs(value) + Math.Abs(low[i]) + Math.Abs(high[i]) + Math.Abs(x) * steepest) / h[i];
            }
        }

        /// <summary>
        /// Where f is smooth the two slopes approach one another like h³, so their difference is never the same for many steps; where
        /// rounding makes it, it grows like 1/h. Only at a kink does it stay.
        /// </summary>
        public Kink? Kink
        {
            get
            {
                int end = _noise.Length;
                while (end > SameSlopes && !IsSame(end - SameSlopes, end)) end--;
                if (end <= SameSlopes) return null;
                double gap = Gap(end - 1);
                return IsContradicted(end, gap) ? null : Best(end, gap);
            }
        }

        private double Gap(int i) => _right[i] - _left[i];

        private bool IsSame(int start, int end)
        {
            double min = double.PositiveInfinity, max = double.NegativeInfinity;
            for (int i = start; i < end; i++)
            {
                double gap = Gap(i);
                if (!double.IsFinite(gap) || gap == 0 || !(_noise[i] <= 0.01 * Math.Abs(gap))) return false;
                (min, max) = (Math.Min(min, gap), Math.Max(max, gap));
            }
            return max - min <= 0.03 * Math.Max(Math.Abs(min), Math.Abs(max));
        }

        /// <summary>
        /// A rounded corner, or one beside x, looks like a kink until the steps are small enough. Steps that change nothing say so too,
        /// unless they are so small that they may have been rounded away.
        /// </summary>
        private bool IsContradicted(int start, double gap)
        {
            const int roundedAway = 43, enough = 4;
            int against = 0;
            for (int i = start; i < _noise.Length; i++)
            {
                bool speaks = i < roundedAway || _low[i] != 0 || _high[i] != 0;
                if (speaks && _noise[i] <= 0.1 * Math.Abs(gap) && Math.Abs(Gap(i)) < 0.5 * Math.Abs(gap)) against++;
            }
            return against >= enough;
        }

        /// <summary>The slopes of the step at which both change least, if they settle at all.</summary>
        private Kink? Best(int end, double gap)
        {
            double least = 0.05 * Math.Abs(gap);
            Kink? best = null;
            for (int i = end - 1; i >= 2 && Math.Abs(Gap(i) - gap) <= 0.03 * Math.Abs(gap); i--)
            {
                double change = Math.Abs(_left[i] - _left[i - 1]) + Math.Abs(_right[i] - _right[i - 1]) + _noise[i];
                if (change < least) (least, best) = (change, new(_left[i], _right[i], false));
            }
            return best;
        }
    }
}
