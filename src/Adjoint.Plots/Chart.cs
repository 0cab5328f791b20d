using System.Runtime.CompilerServices;

namespace Adjoint.Plots;

/// <summary>A picture of lines, points and contours over two axes, drawn as SVG or with the characters of a terminal.</summary>
/// <example><code>
/// var chart = new Chart("loss") { XLabel = "epoch", LogY = true }
///     .Line("train", [(1, 0.9), (2, 0.5), (3, 0.3)])
///     .Scatter("best", [(3, 0.3)]);
/// Console.Write(chart.ToText());
/// File.WriteAllText("loss.svg", chart.ToSvg());
/// </code></example>
public sealed class Chart
{
    private readonly List<Series> _series = [];

    /// <summary>An empty picture.</summary>
    /// <param name="title">What is shown.</param>
    public Chart(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        Title = Printable(title);
    }

    /// <summary>What is shown.</summary>
    public string Title { get; }

    /// <summary>The name of the horizontal axis.</summary>
    public string XLabel { get; init => field = Printable(value); } = "x";

    /// <summary>The name of the vertical axis.</summary>
    public string YLabel { get; init => field = Printable(value); } = "y";

    /// <summary>Whether the horizontal axis is logarithmic; points without a logarithm are left out.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; points without a logarithm are left out.</summary>
    public bool LogY { get; init; }

    /// <summary>Whether the horizontal axis begins at 0, where all points are to the right of it.</summary>
    internal bool FromZero { get; init; }

    /// <summary>How values in tooltips and legends are written.</summary>
    internal string ValueFormat { get; init; } = "0.####";

    internal IReadOnlyList<Series> Series => _series;

    /// <summary>Adds a line through points, in their order; one that is not finite leaves a gap.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="points">The points.</param>
    /// <param name="mark">The character that draws it in a terminal; by default one that no other has.</param>
    public Chart Line(string name, IEnumerable<(double X, double Y)> points, char? mark = null) => Add(name, SeriesKind.Line, points, mark);

    /// <summary>Adds a line through values at 1, 2, 3, …</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="values">The values.</param>
    /// <param name="mark">The character that draws it in a terminal; by default one that no other has.</param>
    public Chart Line(string name, IEnumerable<double> values, char? mark = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Line(name, values.Select((y, i) => (i + 1.0, y)), mark);
    }

    /// <summary>Adds points that are not joined.</summary>
    /// <param name="name">What the legend calls them.</param>
    /// <param name="points">The points; those that are not finite are left out.</param>
    /// <param name="mark">The character that draws them in a terminal; by default one that no other has.</param>
    public Chart Scatter(string name, IEnumerable<(double X, double Y)> points, char? mark = null) =>
        Add(name, SeriesKind.Points, points, mark);

    /// <summary>Adds the lines along which a function of two variables has the same value.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="f">The function.</param>
    /// <param name="x">From where to where, along the horizontal axis.</param>
    /// <param name="y">From where to where, along the vertical axis.</param>
    /// <param name="levels">The values; by default ten that divide the picture into parts of the same size.</param>
    /// <exception cref="ArgumentException">A range is empty or not finite.</exception>
    public Chart Contour(
        string name, Func<double, double, double> f, (double Low, double High) x, (double Low, double High) y,
        IReadOnlyList<double>? levels = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(f);
        _series.Add(new Series(Printable(name), SeriesKind.Contour, [], null) { Contours = Contours.Of(f, x, y, levels) });
        return this;
    }

    /// <summary>The picture as characters; what was added later lies above.</summary>
    /// <param name="columns">The width of the drawing, without the axis.</param>
    /// <param name="rows">The height of the drawing.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 16 columns or 4 rows, or more than 1000 of either.</exception>
    public string ToText(int columns = 64, int rows = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, 1000);
        return new TerminalChart(this, columns, rows).ToString();
    }

    /// <summary>The picture as an SVG document that needs nothing else.</summary>
    /// <param name="width">Its width in pixels, if it is shown at its own size.</param>
    /// <param name="height">Its height.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than 160 pixels.</exception>
    public string ToSvg(int width = 720, int height = 480)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 160);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 160);
        var svg = new HtmlWriter();
        new SvgChart(this, width, height).WriteDocument(svg);
        return svg.ToString();
    }

    internal Chart Add(string name, SeriesKind kind, IEnumerable<(double X, double Y)> points, char? mark = null, string? style = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(points);
        char? printable = mark is { } given && !char.IsControl(given) ? given : null;
        _series.Add(new Series(Printable(name), kind, [.. points], printable) { Style = style });
        return this;
    }

    /// <summary>Control characters would end the drawing, or be obeyed by the terminal.</summary>
    private static string Printable(string text, [CallerArgumentExpression(nameof(text))] string? name = null) =>
        string.Concat((text ?? throw new ArgumentNullException(name)).Select(c => char.IsControl(c) ? ' ' : c));
}
