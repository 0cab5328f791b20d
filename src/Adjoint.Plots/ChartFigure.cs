using System.Globalization;

namespace Adjoint.Plots;

/// <summary>A chart as a figure of a report: heading, legend with the last values, drawing. The page's style has the colours.</summary>
internal static class ChartFigure
{
    private const double Width = 560, Height = 320;

    public static void Write(HtmlWriter html, Chart chart)
    {
        html.Write($"""<figure class="card chart"><figcaption><h2>{chart.Title}</h2>""");
        WriteLegend(html, chart);
        html.Write($"</figcaption>");
        if (SvgChart.IsEmpty(chart))
        {
            string why = chart.Series.Any(series => series.Points.Count > 0)
                ? "No value is finite." : "The run ended before the first value.";
            html.Write($"""<p class="empty">{why}</p></figure>""");
            return;
        }
        html.Write($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{chart.Title}">""");
        new SvgChart(chart, Width, Height).WriteContent(html);
        html.Write($"</svg></figure>");
    }

    private static void WriteLegend(HtmlWriter html, Chart chart)
    {
        html.Write($"""<p class="legend">""");
        foreach (var (place, series) in chart.Series.Index())
        {
            string last = series.Points.Count is 0 or > SvgChart.MaxPoints
                ? "" : series.Points[^1].Y.ToString(chart.ValueFormat, CultureInfo.InvariantCulture);
            html.Write($"""<span class="{SvgChart.StyleOf(series, place)}"><i></i>{series.Name} <b>{last}</b></span>""");
        }
        html.Write($"</p>");
    }
}
