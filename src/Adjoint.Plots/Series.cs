namespace Adjoint.Plots;

/// <summary>How a series is drawn.</summary>
internal enum SeriesKind
{
    /// <summary>Joined by a line.</summary>
    Line,

    /// <summary>Joined by a line, each point marked.</summary>
    LineWithDots,

    /// <summary>Each point alone.</summary>
    Points,

    /// <summary>Lines of equal value.</summary>
    Contour,
}

/// <summary>One series of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Points">Its points, in order; those that are not finite leave gaps.</param>
/// <param name="Mark">The character that draws it in a terminal, or null for one by its place.</param>
internal sealed record Series(string Name, SeriesKind Kind, IReadOnlyList<(double X, double Y)> Points, char? Mark)
{
    private const string Marks = "*o+x#@%&ABCDEFGHIJKLMNPQRSTUVWXYZabcdefghijklmnpqrstuvwyz$!?=~^;";

    /// <summary>Beyond these numbers differences overflow; nothing is drawn there.</summary>
    private const double Most = 1e300;

    /// <summary>The CSS class that colours it, or null for one by its place.</summary>
    public string? Style { get; init; }

    /// <summary>The lines of equal value, of a contour.</summary>
    public Contours? Contours { get; init; }

    public char MarkAt(int place) => Mark ?? Marks[place % Marks.Length];

    /// <summary>Whether a chart with these axes can show a point.</summary>
    public static bool Shows(Chart chart, (double X, double Y) point) =>
        Math.Abs(point.X) < Most && Math.Abs(point.Y) < Most && (!chart.LogX || point.X > 0) && (!chart.LogY || point.Y > 0);
}
