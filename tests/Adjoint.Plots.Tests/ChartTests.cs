using System.Xml.Linq;
using Adjoint.Plots;

namespace Adjoint.Tests.Plots;

public class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_line_goes_from_corner_to_corner()
    {
        string[] lines = new Chart("t") { XLabel = "a", YLabel = "b" }.Line("up", [(0, 0), (10, 1)]).ToText(21, 5).Split('\n');
        lines[0].ShouldBe("t   (b over a)");
        lines[1].ShouldEndWith(new string(' ', 18) + "***");
        lines[5][8..].ShouldStartWith("***");
        lines[^2].TrimStart().ShouldBe("* up");
    }

    [Fact]
    public void An_SVG_is_a_document_by_itself_with_every_series()
    {
        XDocument svg = XDocument.Parse(new Chart("<b> & \"c\"").Line("line", [1.0, 2, 3]).Scatter("points", [(1, 1), (2, 2)])
            .Contour("levels", (x, y) => x * x + y * y, (0, 4), (0, 4)).ToSvg());
        svg.Descendants(Svg + "path").Count(p => (string?)p.Attribute("class") == "line").ShouldBe(1);
        svg.Descendants(Svg + "circle").Count().ShouldBe(2);
        svg.Descendants(Svg + "path").Count(p => (string?)p.Attribute("class") == "contour").ShouldBe(10);
        svg.ToString().ShouldContain("&lt;b&gt; &amp;");
    }

    /// <summary>The lines of x² + y² = r² are circles: all their points have the distance r.</summary>
    [Fact]
    public void Contours_lie_where_the_function_has_the_value()
    {
        var contours = Contours.Of((x, y) => x * x + y * y, (-2, 2), (-2, 2), [1, 2.25]);
        foreach (double level in contours.Levels)
        {
            List<((double X, double Y) From, (double, double))> segments = [.. contours.Segments(level)];
            segments.Count.ShouldBeGreaterThan(50);
            foreach (((double x, double y), _) in segments) Math.Sqrt(x * x + y * y).ShouldBe(Math.Sqrt(level), 1e-3);
        }
        contours.Above(0, 0).ShouldBe(0);
        contours.Above(1.2, 0).ShouldBe(1);
        contours.Above(2, 2).ShouldBe(2);
        contours.Above(3, 0).ShouldBeNull();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    [InlineData(-double.MaxValue)]
    [InlineData(0)]
    [InlineData(-1e-300)]
    [InlineData(1 + 2e-16)]
    [InlineData(1e20)]
    public void No_value_spoils_a_picture(double odd)
    {
        foreach (bool logarithmic in (bool[])[false, true])
        {
            Chart chart = new Chart("odd") { LogX = logarithmic, LogY = logarithmic }
                .Line("a", [(1, 1), (2, odd), (odd, 1)]).Scatter("b", [(odd, odd)])
                    .Contour("c", (x, y) => x == 0 ? odd : y, (1, 2), (1, 2));
            chart.ToText().ShouldContain("odd");
            string svg = chart.ToSvg();
            XDocument.Parse(svg);
            svg.ShouldNotContain("NaN");
            svg.ShouldNotContain("∞");
        }
    }

    [Fact]
    public void A_long_legend_takes_several_lines()
    {
        Chart chart = Enumerable.Range(0, 8).Aggregate(new Chart("t"), (c, i) => c.Line($"a rather long name {i}", [1.0, i]));
        string[] lines = chart.ToText(columns: 60).Split('\n');
        lines.Max(line => line.Length).ShouldBeLessThanOrEqualTo(70);
        lines.Count(line => line.Contains("long name")).ShouldBe(4);
    }

    [Fact]
    public void An_empty_chart_is_drawn_too()
    {
        new Chart("nothing").ToText().ShouldStartWith("nothing");
        XDocument.Parse(new Chart("nothing").Line("a", Array.Empty<double>()).ToSvg());
    }

    [Fact]
    public void Control_characters_reach_neither_the_terminal_nor_the_file()
    {
        Chart chart = new Chart("a\u001b[31m").Line("b\n\0", [1.0, 2], '\u0007');
        chart.ToText().ShouldNotContain('\u001b');
        chart.ToText().ShouldNotContain('\u0007');
        XDocument.Parse(chart.ToSvg());
    }

    [Fact]
    public void Sizes_and_ranges_that_make_no_sense_are_refused()
    {
        var chart = new Chart("t");
        Should.Throw<ArgumentOutOfRangeException>(() => chart.ToText(columns: 3));
        Should.Throw<ArgumentOutOfRangeException>(() => chart.ToText(rows: int.MaxValue));
        Should.Throw<ArgumentOutOfRangeException>(() => chart.ToSvg(width: 0));
        Should.Throw<ArgumentException>(() => chart.Contour("c", (x, _) => x, (1, 1), (0, 1)));
        Should.Throw<ArgumentException>(() => chart.Contour("c", (x, _) => x, (0, double.PositiveInfinity), (0, 1)));
    }

    [Fact]
    public void Axes_over_many_decades_have_few_ticks() => AxisScale.Logarithmic(1e-16, 10).Ticks.Count.ShouldBeInRange(5, 10);

    [Fact]
    public void As_many_series_as_runs_can_be_compared_are_told_apart()
    {
        var chart = new Chart("many");
        for (int k = 0; k < 64; k++) chart.Add($"run {k}", SeriesKind.LineWithDots, [(0, k), (1, k + 1.0)]);
        chart.Series.Select((series, place) => series.MarkAt(place)).Distinct().Count().ShouldBe(64);
        chart.Series.Take(24).Select(SvgChart.StyleOf).Distinct().Count().ShouldBe(24);
        string svg = chart.ToSvg();
        foreach (string dashes in (string[])[".r1 .line", ".r2 .line", ".r3 .line", "class=\"s1 r3\""]) svg.ShouldContain(dashes);
    }
}
