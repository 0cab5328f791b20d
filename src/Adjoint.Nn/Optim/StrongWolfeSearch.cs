namespace Adjoint.Optim;

/// <summary>
/// Searches a length along a direction at which the loss has fallen enough and its slope is small: the strong Wolfe conditions (Nocedal and
/// Wright, algorithms 3.5 and 3.6, by cubic interpolation).
/// </summary>
/// <param name="line">The loss along the line.</param>
/// <param name="direction">Where to.</param>
/// <param name="loss">The loss at the beginning.</param>
/// <param name="gradient">The gradient there.</param>
/// <param name="slope">The slope there: the gradient along the direction.</param>
internal sealed class StrongWolfeSearch(LossLine line, Tensor direction, double loss, Tensor gradient, double slope)
{
    // How much of the slope the loss must fall by, and what of the slope may be left.
    private const double Fall = 1e-4, Flat = 0.9;

    // An interval in which no parameter moves by more is small enough.
    private const double LeastMove = 1e-9;
    private const int Most = 25;

    // Of an interval that shrank too little so much is taken off at least.
    private const double Share = 0.1;

    private readonly record struct Place(double Length, double Loss, Tensor Gradient, double Slope);

    /// <summary>The loss, the gradient and the length that were found.</summary>
    /// <param name="length">What to try first.</param>
    internal (double Loss, Tensor Gradient, double Length) Find(double length)
    {
        Place found = Search(length);
        return (found.Loss, found.Gradient, found.Length);
    }

    // Goes on until a minimum lies in between.
    private Place Search(double length)
    {
        Place before = new(0, loss, gradient, slope), now = At(length);
        for (int tried = 0; tried < Most; tried++)
        {
            if (IsTooHigh(now) || (tried > 1 && now.Loss >= before.Loss)) return Zoom(before, now, tried);
            if (IsFlat(now)) return now;
            if (now.Slope >= 0) return Zoom(before, now, tried);
            double next = Lowest(before, now, now.Length + 0.01 * (now.Length - before.Length), now.Length * 10);
            (before, now) = (now, At(next));
        }
        return loss <= now.Loss ? new(0, loss, gradient, slope) : now;
    }

    // Makes the interval smaller that holds such a place.
    private Place Zoom(Place first, Place second, int tried)
    {
        Place[] ends = [first, second];
        int low = first.Loss <= second.Loss ? 0 : 1;
        double reach = direction.Abs().Max().Item();
        bool isSlow = false;
        for (; tried < Most; tried++)
        {
            double least = Math.Min(ends[0].Length, ends[1].Length), most = Math.Max(ends[0].Length, ends[1].Length);
            if ((most - least) * reach < LeastMove) break;
            Place now = At(Inside(Lowest(ends[0], ends[1], least, most), least, most, ref isSlow));
            if (IsTooHigh(now) || now.Loss >= ends[low].Loss)
            {
                ends[1 - low] = now;
                low = ends[0].Loss <= ends[1].Loss ? 0 : 1;
                continue;
            }
            bool isDone = IsFlat(now);
            if (!isDone && now.Slope * (ends[1 - low].Length - ends[low].Length) >= 0) ends[1 - low] = ends[low];
            ends[low] = now;
            if (isDone) break;
        }
        return ends[low];
    }

    // Twice in a row too near to an end, or beyond it, is no progress: then a tenth of the interval is left out.
    private static double Inside(double length, double least, double most, ref bool isSlow)
    {
        double margin = Share * (most - least);
        if (!(Math.Min(most - length, length - least) < margin))
        {
            isSlow = false;
            return length;
        }
        if (!isSlow && length < most && length > least)
        {
            isSlow = true;
            return length;
        }
        isSlow = false;
        return Math.Abs(length - most) < Math.Abs(length - least) ? most - margin : least + margin;
    }

    private bool IsTooHigh(Place place) => place.Loss > loss + Fall * place.Length * slope;

    private bool IsFlat(Place place) => Math.Abs(place.Slope) <= -Flat * slope;

    private Place At(double length)
    {
        (double value, Tensor g) = line.At(length, direction);
        return new(length, value, g, g.Dot(direction).Item());
    }

    // The lowest place of the cubic through two places with their slopes, if it has one; otherwise the middle.
    private static double Lowest(Place x, Place y, double least, double most)
    {
        if (x.Length > y.Length) (x, y) = (y, x);
        double a = x.Slope + y.Slope - 3 * (x.Loss - y.Loss) / (x.Length - y.Length), square = a * a - x.Slope * y.Slope;
        if (!(square >= 0)) return (least + most) / 2;
        double root = Math.Sqrt(square);
        double lowest = y.Length - (y.Length - x.Length) * ((y.Slope + root - a) / (y.Slope - x.Slope + 2 * root));
        return Math.Min(Math.Max(lowest, least), most);
    }
}
