using System.Globalization;
using System.Net;
using System.Text;

namespace Adjoint;

/// <summary>Curves on two logarithmic axes, drawn as SVG or with the characters of a terminal.</summary>
/// <param name="title">What is shown.</param>
/// <param name="xLabel">The name of the horizontal axis.</param>
/// <param name="yLabel">The name of the vertical axis.</param>
public sealed class LogLogPlot(string title, string xLabel, string yLabel)
{
    private static readonly string[] s_colours = ["#b0b0b0", "#d9a441", "#1f5fa8", "#a83232", "#2e8b57"];

    private readonly List<(string Name, char Mark, (double X, double Y)[] Points)> _curves = [];

    /// <summary>Adds a curve. Points that have no logarithm are left out.</summary>
    /// <param name="name">The name in the legend.</param>
    /// <param name="mark">The character that draws it in a terminal.</param>
    /// <param name="points">The points, from left to right or from right to left.</param>
    public LogLogPlot Add(string name, char mark, IEnumerable<(double X, double Y)> points)
    {
        _curves.Add((name, mark, [.. points
            .Where(point => point.X > 0 && point.Y > 0 && double.IsFinite(point.X) && double.IsFinite(point.Y))
            .Select(point => (Math.Log10(point.X), Math.Log10(point.Y)))]));
        return this;
    }

    /// <summary>The picture as characters, a later curve above the earlier ones.</summary>
    public string ToText(int columns = 64, int rows = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 4);
        (int left, int right, int bottom, int top) = Decades();
        char[][] canvas = [.. Enumerable.Range(0, rows).Select(_ => new string(' ', columns).ToCharArray())];
        foreach ((string _, char mark, (double X, double Y)[] points) in _curves)
        {
            foreach ((double x, double y) in points)
            {
                int row = (int)Math.Round((top - y) / (top - bottom) * (rows - 1));
                canvas[row][(int)Math.Round((x - left) / (right - left) * (columns - 1))] = mark;
            }
        }

        StringBuilder text = new();
        text.AppendLine(title);
        for (int row = 0; row < rows; row++)
        {
            string tick = row == 0 ? $"1e{top}" : row == rows - 1 ? $"1e{bottom}" : "";
            text.Append($"{tick,6} |").AppendLine(new string(canvas[row]).TrimEnd());
        }
        text.Append("       +").AppendLine(new string('-', columns));
        text.Append($"        1e{left}").AppendLine($"{xLabel} = 1e{right}".PadLeft(columns - $"1e{left}".Length));
        return text.Append("        ").AppendJoin("   ", _curves.Select(curve => $"{curve.Mark} {curve.Name}")).AppendLine().ToString();
    }

    /// <summary>The picture as an SVG document.</summary>
    public string ToSvg(int width = 720, int height = 480)
    {
        const int margin = 56;
        (int left, int right, int bottom, int top) = Decades();
        StringBuilder svg = new();
        svg.AppendLine(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine($"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>");
        svg.AppendLine($"<text x=\"{width / 2}\" y=\"24\" text-anchor=\"middle\" font-size=\"15\">{Escape(title)}</text>");
        for (int decade = left; decade <= right; decade += Every(right - left))
        {
            svg.AppendLine($"<path d=\"M{X(decade)} {Y(bottom)}V{Y(top)}\" stroke=\"#eee\"/>");
            svg.AppendLine($"<text x=\"{X(decade)}\" y=\"{height - margin + 18}\" text-anchor=\"middle\">1e{decade}</text>");
        }
        for (int decade = bottom; decade <= top; decade += Every(top - bottom))
        {
            svg.AppendLine($"<path d=\"M{X(left)} {Y(decade)}H{X(right)}\" stroke=\"#eee\"/>");
            svg.AppendLine(
                $"<text x=\"{margin - 6}\" y=\"{Y(decade)}\" text-anchor=\"end\" dominant-baseline=\"middle\">1e{decade}</text>");
        }
        svg.AppendLine($"<text x=\"{width / 2}\" y=\"{height - 12}\" text-anchor=\"middle\">{Escape(xLabel)}</text>");
        svg.AppendLine(
            $"<text x=\"14\" y=\"{height / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {height / 2})\">{Escape(yLabel)}</text>");
        for (int c = 0; c < _curves.Count; c++)
        {
            string colour = s_colours[c % s_colours.Length];
            string points = string.Join(' ', _curves[c].Points.Select(point => $"{X(point.X)},{Y(point.Y)}"));
            svg.AppendLine($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            svg.AppendLine(
                $"<text x=\"{width - margin - 4}\" y=\"{margin + 16 * (c + 1)}\" text-anchor=\"end\" "
                    + $"fill=\"{colour}\">{Escape(_curves[c].Name)}</text>");
        }
        return svg.AppendLine("</svg>").ToString();

        string X(double x) => Number(margin + (x - left) / (right - left) * (width - 2 * margin));
        string Y(double y) => Number(height - margin - (y - bottom) / (top - bottom) * (height - 2 * margin));
        static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
        static string Escape(string text) => WebUtility.HtmlEncode(text);
        static int Every(int decades) => Math.Max(1, decades / 8);
    }

    /// <summary>The powers of ten that enclose all points.</summary>
    private (int Left, int Right, int Bottom, int Top) Decades()
    {
        (double X, double Y)[] all = [.. _curves.SelectMany(curve => curve.Points)];
        if (all.Length == 0) return (0, 1, 0, 1);
        int left = (int)Math.Floor(all.Min(point => point.X)), right = (int)Math.Ceiling(all.Max(point => point.X));
        int bottom = (int)Math.Floor(all.Min(point => point.Y)), top = (int)Math.Ceiling(all.Max(point => point.Y));
        return (left, Math.Max(right, left + 1), bottom, Math.Max(top, bottom + 1));
    }
}
