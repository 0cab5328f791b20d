using System.Globalization;
using System.Text;

namespace Adjoint.Cli.Reports;

/// <summary>One line of a chart. Points that are not finite leave a gap.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">The CSS class that colours it.</param>
/// <param name="Points">In order of x.</param>
/// <param name="Dots">Whether every point is marked; a long curve is not.</param>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points, bool Dots);

/// <summary>Lines over a common axis, as SVG with ticks, grid and legend.</summary>
internal sealed class LineChart
{
    private const double Width = 560, Height = 320, Left = 54, Right = 16, Top = 14, Bottom = 44;

    /// <summary>More points than this do not fit in the width; they are averaged.</summary>
    private const int MaxPoints = 240;

    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required IReadOnlyList<ChartLine> Lines { get; init; }

    /// <summary>Whether y is logarithmic; it is even all the same when a value is not positive.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>How the values in legend and tooltips are written.</summary>
    public string ValueFormat { get; init; } = "0.0000";

    public void Write(HtmlWriter html)
    {
        List<(double X, double Y)> all =
            [.. Lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        html.Write($"""<figure class="card chart"><figcaption><h2>{Title}</h2>""");
        WriteLegend(html);
        html.Write($"</figcaption>");
        if (all.Count == 0)
        {
            string why = Lines.Any(line => line.Points.Count > 0) ? "No value is finite." : "The run ended before the first value.";
            html.Write($"""<p class="empty">{why}</p></figure>""");
            return;
        }
        double low = all.Min(point => point.Y), high = all.Max(point => point.Y);
        var plot = new Plot(
            AxisScale.Linear(Math.Min(0, all.Min(point => point.X)), all.Max(point => point.X), ticks: 8, exact: true),
            Logarithmic && low > 0 ? AxisScale.Logarithmic(low, high) : AxisScale.Linear(low, high));
        html.Write($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Title}">""");
        WriteAxes(html, plot);
        foreach (ChartLine line in Lines) WriteLine(html, plot, line);
        html.Write($"</svg></figure>");
    }

    private void WriteLegend(HtmlWriter html)
    {
        html.Write($"""<p class="legend">""");
        foreach (ChartLine line in Lines)
        {
            string last = line.Points.Count == 0 || line.Points.Count > MaxPoints
                ? "" : line.Points[^1].Y.ToString(ValueFormat, CultureInfo.InvariantCulture);
            html.Write($"""<span class="{line.Style}"><i></i>{line.Name} <b>{last}</b></span>""");
        }
        html.Write($"</p>");
    }

    private void WriteAxes(HtmlWriter html, Plot plot)
    {
        foreach (double tick in plot.Y.Ticks)
            html.Write($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{plot.Top(tick)}" y2="{plot.Top(tick)}"/><text class="tick" x="{Left - 8}" y="{plot.Top(tick) + 4}" text-anchor="end">{tick.ToString(TickFormat, CultureInfo.InvariantCulture)}</text>""");
        foreach (double tick in plot.X.Ticks)
            html.Write($"""<line class="axis" x1="{plot.Left(tick)}" x2="{plot.Left(tick)}" y1="{Height - Bottom}" y2="{Height - Bottom + 5}"/><text class="tick" x="{plot.Left(tick)}" y="{Height - Bottom + 18}" text-anchor="middle">{AxisScale.Label(tick)}</text>""");
        html.Write($"""<line class="axis" x1="{Left}" x2="{Width - Right}" y1="{Height - Bottom}" y2="{Height - Bottom}"/>""");
        html.Write($"""<text class="label" x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">{XLabel}</text>""");
    }

    private string TickFormat => ValueFormat.Contains('%') ? "0.##%" : "0.######";

    private void WriteLine(HtmlWriter html, Plot plot, ChartLine line)
    {
        if (line.Points.Count > MaxPoints)
        {
            WriteLongLine(html, plot, line);
            return;
        }
        html.Write($"""<g class="{line.Style}"><path class="line" d="{PathOf(plot, line.Points)}"/>""");
        if (line.Dots)
            foreach ((double x, double y) in line.Points.Where(point => double.IsFinite(point.Y)))
                html.Write($"""<circle cx="{plot.Left(x)}" cy="{plot.Top(y)}" r="3.5"><title>{line.Name}, {XLabel} {AxisScale.Label(x)}: {y.ToString(ValueFormat, CultureInfo.InvariantCulture)}</title></circle>""");
        html.Write($"</g>");
    }

    /// <summary>A curve with too many points to see: the mean of neighbours, on a band from the least to the greatest of them.</summary>
    private static void WriteLongLine(HtmlWriter html, Plot plot, ChartLine line)
    {
        int size = (line.Points.Count + MaxPoints - 1) / MaxPoints;
        List<(double X, double Low, double Mean, double High)> chunks = [.. line.Points
            .Where(point => double.IsFinite(point.Y))
            .Chunk(size)
            .Select(chunk => (chunk.Average(p => p.X), chunk.Min(p => p.Y), chunk.Average(p => p.Y), chunk.Max(p => p.Y)))];
        IEnumerable<(double, double)> band = chunks.Select(c => (c.X, c.High))
            .Concat(chunks.AsEnumerable().Reverse().Select(c => (c.X, c.Low)));
        html.Write($"""<g class="{line.Style}"><path class="band" d="{PathOf(plot, band)}"/><path class="line" d="{PathOf(plot, chunks.Select(c => (c.X, c.Mean)))}"/></g>""");
    }

    private static string PathOf(Plot plot, IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        bool gap = true;
        foreach ((double x, double y) in points)
        {
            if (!double.IsFinite(y)) { gap = true; continue; }
            path.Append(CultureInfo.InvariantCulture, $"{(gap ? 'M' : 'L')}{plot.Left(x):0.##} {plot.Top(y):0.##}");
            gap = false;
        }
        return path.ToString();
    }

    /// <summary>From values to places on the paper.</summary>
    private sealed record Plot(AxisScale X, AxisScale Y)
    {
        public double Left(double x) => LineChart.Left + X.Position(x) * (Width - LineChart.Left - Right);

        public double Top(double y) => Height - Bottom - Y.Position(y) * (Height - LineChart.Top - Bottom);
    }
}
