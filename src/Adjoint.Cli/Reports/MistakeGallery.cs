using Adjoint.Cli.Training;
using Adjoint.Plots;
using Adjoint.Training;

namespace Adjoint.Cli.Reports;

/// <summary>The images that were not recognised, drawn, the most confident error first.</summary>
internal static class MistakeGallery
{
    /// <summary>More are not drawn: each is about half a kilobyte.</summary>
    public const int MaxShown = 60;

    public static void Write(HtmlWriter html, IReadOnlyList<Mistake> mistakes, int wrong, string what)
    {
        html.Write($"""<section class="card"><h2>Misclassified {(what == "digit" ? "digits" : "images")}</h2>""");
        if (mistakes.Count == 0)
        {
            html.Write($"""<p class="empty">None.</p></section>""");
            return;
        }
        int shown = Math.Min(MaxShown, mistakes.Count);
        html.Write($"""<p class="note">{shown:N0} of {Math.Max(wrong, mistakes.Count):N0}, the most confident errors first: the {what} → what it was taken for, and how sure the model was.</p><ol class="gallery">""");
        foreach (Mistake mistake in mistakes.Take(MaxShown))
        {
            html.Write($"""<li title="test image {mistake.Index}: {mistake.Actual} taken for {mistake.Predicted} with {mistake.Confidence:0.0%}">""");
            html.Write($"""<img src="{PngImage.DataUri(Paper(mistake.Pixels), mistake.Width, mistake.Height)}" width="{mistake.Width}" height="{mistake.Height}" alt="a {mistake.Actual} that looks like a {mistake.Predicted}">""");
            html.Write($"""<p><b>{mistake.Actual}</b> → <em>{mistake.Predicted}</em></p><p class="sure">{mistake.Confidence:0.0%}</p></li>""");
        }
        html.Write($"</ol></section>");
    }

    /// <summary>Ink on paper: in the data 255 is ink, on a page 0 is black.</summary>
    private static byte[] Paper(byte[] ink) => [.. ink.Select(value => (byte)(255 - value))];
}
