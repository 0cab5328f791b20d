using System.Text.RegularExpressions;
using System.Xml.Linq;
using Adjoint.Cli.Reports;
using Adjoint.Cli.Training;
using Adjoint.Training;

namespace Adjoint.Tests.Cli.Reports;

public class HtmlReportTests
{
    [Fact]
    public void The_page_needs_nothing_else()
    {
        string page = HtmlReport.Render(SampleReport.Make());
        page.ShouldStartWith("<!DOCTYPE html>");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("http");
        page.ShouldNotContain("@import");
        Regex.Matches(page, "(?:src|href)=\"(?!data:image/png;base64,)").ShouldBeEmpty();
    }

    [Fact]
    public void Shows_the_figures()
    {
        string page = HtmlReport.Render(SampleReport.Make());
        foreach (string shown in new[] { "99.26%", "7 of 952", "12,730", "4.5 s", "500", "7 × 4 taken for 9", "2026-02-03", "98.7%",
            "93.00%" }) page.ShouldContain(shown);
    }

    [Fact]
    public void Every_drawing_is_well_formed()
    {
        string page = HtmlReport.Render(SampleReport.Make());
        MatchCollection drawings = Regex.Matches(page, "<svg.*?</svg>", RegexOptions.Singleline);
        drawings.Count.ShouldBe(3);
        foreach (Match drawing in drawings)
        {
            XElement svg = XElement.Parse(drawing.Value);
            svg.DescendantsAndSelf().Attributes()
                .ShouldAllBe(attribute => !attribute.Value.Contains("NaN") && !attribute.Value.Contains('∞'));
        }
        XElement.Parse(drawings[2].Value).Descendants("rect").Count().ShouldBe(100);
    }

    [Fact]
    public void Text_from_outside_is_escaped()
    {
        TrainingReport report = SampleReport.Make() with
        {
            Title = "<img src=x onerror=alert(1)>",
            Machine = "\"a\" & <b>",
            Interrupted = "<i>stopped</i>",
            Options = new Dictionary<string, string> { ["<x>"] = "</dd><script>" },
        };
        string page = HtmlReport.Render(report);
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt;");
        page.ShouldContain("&quot;a&quot; &amp; &lt;b&gt;");
        page.ShouldContain("&lt;i&gt;stopped&lt;/i&gt;");
        page.ShouldContain("<dt>&lt;x&gt;</dt><dd>&lt;/dd&gt;&lt;script&gt;</dd>");
    }

    /// <summary>A run stopped in its first epoch, or one that diverged, has a page too.</summary>
    [Fact]
    public void Draws_what_there_is()
    {
        TrainingReport empty = SampleReport.Make() with { Epochs = [], LossCurve = [], Mistakes = [], Confusion = new ConfusionMatrix(10) };
        HtmlReport.Render(empty).ShouldContain("The run ended before the first value.");
        HtmlReport.Render(empty).ShouldNotContain("Images a second");
        TrainingReport nothingFinite = empty with { LossCurve = [new LossPoint(1, double.NaN)] };
        HtmlReport.Render(nothingFinite).ShouldContain("No value is finite.");
        TrainingReport diverged = SampleReport.Make() with
        {
            Epochs = [new(1, double.NaN, 0.1, double.PositiveInfinity, 0.1, 1, 1)],
            LossCurve = [.. Enumerable.Range(1, 900).Select(i => new LossPoint(i / 900.0, i > 5 ? double.NaN : i))],
        };
        string page = HtmlReport.Render(diverged);
        Regex.Matches(page, "(?:d|cx|cy|x|y)=\"[^\"]*NaN").ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_country()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        string page = HtmlReport.Render(SampleReport.Make());
        try
        {
            System.Globalization.CultureInfo.CurrentCulture =
                new System.Globalization.CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            HtmlReport.Render(SampleReport.Make()).ShouldBe(page);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }
}
