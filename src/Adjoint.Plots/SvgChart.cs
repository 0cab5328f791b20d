using System.Globalization;
using System.Text;

namespace Adjoint.Plots;

/// <summary>Draws a chart as SVG: grid, ticks, labels, series.</summary>
/// <param name="chart">What to draw.</param>
/// <param name="width">The width of the drawing.</param>
/// <param name="height">Its height.</param>
internal sealed class SvgChart(Chart chart, double width, double height)
{
    private const double Left = 54, Right = 16, Bottom = 44;

    /// <summary>More points than this do not fit in the width; they are averaged.</summary>
    public const int MaxPoints = 240;

    private const int Colours = 6, DashStyles = 4;

    private const string Style = """
        text { font: 12px sans-serif; fill: #555; } .title { font-size: 15px; fill: #111; } .grid { stroke: #e8e8e8; } .axis { stroke: #999; }
        .line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; } .band { fill: currentColor; fill-opacity: .2; }
        .contour { fill: none; stroke: currentColor; stroke-width: 1.2; } circle { fill: currentColor; } .name { fill: currentColor; }
        .s0 { color: #1f5fa8; } .s1 { color: #d9601a; } .s2 { color: #2e8b57; } .s3 { color: #8a4fbf; } .s4 { color: #a83232; } .s5 { color: #777; }
        .r1 .line { stroke-dasharray: 7 5; } .r2 .line { stroke-dasharray: 2 4; } .r3 .line { stroke-dasharray: 10 4 2 4; }
        .r1 .name { text-decoration: underline dashed; } .r2 .name { text-decoration: underline dotted; } .r3 .name { text-decoration: underline; }
        """;

    private readonly AxisScale _x = AxisScale.Of(chart).X, _y = AxisScale.Of(chart).Y;

    private double Top { get; init; } = 14;

    /// <summary>Whether there is anything to see.</summary>
    public static bool IsEmpty(Chart chart) =>
        !chart.Series.Any(series => series.Contours is not null || series.Points.Any(point => Series.Shows(chart, point)));

    /// <summary>The names of the series' colour and, where the colours come round again, of its dashes.</summary>
    public static string StyleOf(Series series, int place) =>
        series.Style ?? (place < Colours ? $"s{place}" : $"s{place % Colours} r{place / Colours % DashStyles}");

    /// <summary>A document by itself, with title, colours and legend.</summary>
    public void WriteDocument(HtmlWriter svg)
    {
        double top = 44 + 16 * ((chart.Series.Count + 2) / 3);
        svg.Write($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">""");
        svg.Write($"<style>");
        svg.WriteVerbatim(Style);
        svg.Write($"""</style><rect width="{width}" height="{height}" fill="#fff"/><text class="title" x="{width / 2}" y="24" text-anchor="middle">{chart.Title}</text>""");
        for (int place = 0; place < chart.Series.Count; place++)
            svg.Write($"""<g class="{StyleOf(chart.Series[place], place)}"><text class="name" x="{Left + place % 3 * (width - Left) / 3}" y="{44 + 16 * (place / 3)}">{chart.Series[place].Name}</text></g>""");
        new SvgChart(chart, width, height) { Top = top }.WriteContent(svg);
        svg.Write($"</svg>");
    }

    /// <summary>Axes and series, without the element around them.</summary>
    public void WriteContent(HtmlWriter svg)
    {
        WriteAxes(svg);
        for (int place = 0; place < chart.Series.Count; place++)
        {
            Series series = chart.Series[place];
            svg.Write($"""<g class="{StyleOf(series, place)}">""");
            if (series.Contours is { } contours) WriteContours(svg, contours);
            else if (series.Kind != SeriesKind.Points) WriteLine(svg, series);
            if (series.Kind is SeriesKind.Points or SeriesKind.LineWithDots) WriteDots(svg, series);
            svg.Write($"</g>");
        }
    }

    private void WriteAxes(HtmlWriter svg)
    {
        foreach (double tick in _y.Ticks)
            svg.Write($"""<line class="grid" x1="{Left}" x2="{width - Right}" y1="{Y(tick)}" y2="{Y(tick)}"/><text class="tick" x="{Left - 8}" y="{Y(tick) + 4}" text-anchor="end">{YTick(tick)}</text>""");
        foreach (double tick in _x.Ticks)
            svg.Write($"""<line class="axis" x1="{X(tick)}" x2="{X(tick)}" y1="{height - Bottom}" y2="{height - Bottom + 5}"/><text class="tick" x="{X(tick)}" y="{height - Bottom + 18}" text-anchor="middle">{AxisScale.Label(tick)}</text>""");
        svg.Write($"""<line class="axis" x1="{Left}" x2="{width - Right}" y1="{height - Bottom}" y2="{height - Bottom}"/>""");
        svg.Write($"""<text class="label" x="{(Left + width - Right) / 2}" y="{height - 6}" text-anchor="middle">{chart.XLabel}</text>""");
    }

    private string YTick(double tick) =>
        chart.ValueFormat.Contains('%') ? tick.ToString("0.##%", CultureInfo.InvariantCulture) : AxisScale.Label(tick);

    private void WriteLine(HtmlWriter svg, Series series)
    {
        if (series.Points.Count <= MaxPoints)
        {
            svg.Write($"""<path class="line" d="{PathOf(series.Points)}"/>""");
            return;
        }
        // Too many points to see: the mean of neighbours, on a band from the least to the greatest of them.
        int size = (series.Points.Count + MaxPoints - 1) / MaxPoints;
        List<(double X, double Low, double Mean, double High)> chunks = [.. series.Points
            .Where(point => Series.Shows(chart, point))
            .Chunk(size)
            .Select(chunk => (chunk.Average(p => p.X), chunk.Min(p => p.Y), chunk.Average(p => p.Y), chunk.Max(p => p.Y)))];
        IEnumerable<(double, double)> band = chunks.Select(c => (c.X, c.High))
            .Concat(chunks.AsEnumerable().Reverse().Select(c => (c.X, c.Low)));
        svg.Write($"""<path class="band" d="{PathOf(band)}"/><path class="line" d="{PathOf(chunks.Select(c => (c.X, c.Mean)))}"/>""");
    }

    private void WriteDots(HtmlWriter svg, Series series)
    {
        foreach ((double X, double Y) point in series.Points.Where(point => Series.Shows(chart, point)))
            svg.Write($"""<circle cx="{X(point.X)}" cy="{Y(point.Y)}" r="3.5"><title>{series.Name}, {chart.XLabel} {AxisScale.Label(point.X)}: {point.Y.ToString(chart.ValueFormat, CultureInfo.InvariantCulture)}</title></circle>""");
    }

    private void WriteContours(HtmlWriter svg, Contours contours)
    {
        foreach (double level in contours.Levels)
        {
            var path = new StringBuilder();
            foreach (((double X, double Y) from, (double X, double Y) to) in contours.Segments(level))
                if (Series.Shows(chart, from) && Series.Shows(chart, to))
                    Append(path, 'M', from).Append(Append(new StringBuilder(), 'L', to));
            svg.Write($"""<path class="contour" d="{path.ToString()}"><title>{AxisScale.Label(level)}</title></path>""");
        }
    }

    private string PathOf(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        bool gap = true;
        foreach ((double X, double Y) point in points)
        {
            if (!Series.Shows(chart, point)) { gap = true; continue; }
            Append(path, gap ? 'M' : 'L', point);
            gap = false;
        }
        return path.ToString();
    }

    private StringBuilder Append(StringBuilder path, char command, (double X, double Y) point) =>
        path.Append(CultureInfo.InvariantCulture, $"{command}{X(point.X):0.##} {Y(point.Y):0.##}");

    private double X(double x) => Left + _x.Position(x) * (width - Left - Right);

    private double Y(double y) => height - Bottom - _y.Position(y) * (height - Top - Bottom);
}
