namespace Adjoint.Plots;

/// <summary>The lines of equal value of a function on a grid.</summary>
internal sealed class Contours
{
    private const int Cells = 80;

    private readonly double[,] _values;

    private Contours((double Low, double High) x, (double Low, double High) y, double[,] values, IReadOnlyList<double> levels) =>
        (X, Y, _values, Levels) = (x, y, values, levels);

    public (double Low, double High) X { get; }

    public (double Low, double High) Y { get; }

    /// <summary>The values of the lines, in rising order.</summary>
    public IReadOnlyList<double> Levels { get; }

    public static Contours Of(
        Func<double, double, double> f, (double Low, double High) x, (double Low, double High) y, IReadOnlyList<double>? levels)
    {
        Require(x, nameof(x));
        Require(y, nameof(y));
        var values = new double[Cells + 1, Cells + 1];
        for (int i = 0; i <= Cells; i++)
            for (int j = 0; j <= Cells; j++)
                values[i, j] = f(At(x, i), At(y, j));
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite).Order()];
        IEnumerable<double> chosen = levels
            ?? Enumerable.Range(1, 10).Where(_ => finite.Length > 0).Select(k => finite[(int)((finite.Length - 1) * k / 11.0)]);
        return new(x, y, values, [.. chosen.Where(double.IsFinite).Distinct().Order()]);
    }

    /// <summary>How many levels a point lies above; null where the function has no value.</summary>
    public int? Above(double x, double y)
    {
        double i = (x - X.Low) / (X.High - X.Low) * Cells, j = (y - Y.Low) / (Y.High - Y.Low) * Cells;
        if (!(i >= 0 && i <= Cells && j >= 0 && j <= Cells)) return null;
        int left = Math.Min((int)i, Cells - 1), low = Math.Min((int)j, Cells - 1);
        double u = i - left, v = j - low;
        double value = (1 - u) * ((1 - v) * _values[left, low] + v * _values[left, low + 1])
            + u * ((1 - v) * _values[left + 1, low] + v * _values[left + 1, low + 1]);
        return double.IsNaN(value) ? null : Levels.Count(level => value > level);
    }

    /// <summary>The pieces of the line of one level, a few in each cell that it crosses (marching squares).</summary>
    public IEnumerable<((double X, double Y) From, (double X, double Y) To)> Segments(double level)
    {
        var crossings = new List<(double, double)>(4);
        for (int i = 0; i < Cells; i++)
        {
            for (int j = 0; j < Cells; j++)
            {
                crossings.Clear();
                Cross(i, j, i + 1, j);
                Cross(i + 1, j, i + 1, j + 1);
                Cross(i + 1, j + 1, i, j + 1);
                Cross(i, j + 1, i, j);
                // Two sides are crossed; at a saddle all four, and one of the two ways to join them is taken.
                for (int k = 0; k + 1 < crossings.Count; k += 2) yield return (crossings[k], crossings[k + 1]);
            }
        }

        void Cross(int i0, int j0, int i1, int j1)
        {
            double a = _values[i0, j0], b = _values[i1, j1];
            if (!double.IsFinite(a) || !double.IsFinite(b) || a > level == b > level) return;
            double t = (level - a) / (b - a);
            crossings.Add((At(X, i0 + t * (i1 - i0)), At(Y, j0 + t * (j1 - j0))));
        }
    }

    private static double At((double Low, double High) range, double cell) => range.Low + (range.High - range.Low) * cell / Cells;

    private static void Require((double Low, double High) range, string name)
    {
        if (!(range.High > range.Low) || !double.IsFinite(range.High - range.Low))
            throw new ArgumentException($"Contour: the range from {range.Low} to {range.High} is empty or not finite.", name);
    }
}
