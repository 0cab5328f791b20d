using System.Globalization;
using System.Text;

namespace Adjoint.Symbolic;

/// <summary>Columns of text, aligned.</summary>
internal static class TraceTable
{
    public static string Of(params (string Before, IEnumerable<string> Cells)[] columns)
    {
        var cells = columns.Select(c => (c.Before, Cells: c.Cells.ToList())).ToList();
        var widths = cells.Select(c => c.Cells.Max(Width)).ToList();
        var table = new StringBuilder();
        for (int row = 0; row < cells[0].Cells.Count; row++)
        {
            var line = new StringBuilder();
            for (int i = 0; i < cells.Count; i++)
            {
                string cell = cells[i].Cells[row];
                // What is left out on a line leaves its place empty.
                string before = cell.Length == 0 ? new string(' ', cells[i].Before.Length) : cells[i].Before;
                line.Append(i == 0 ? "" : "  ").Append(before).Append(cell).Append(' ', widths[i] - Width(cell));
            }
            table.AppendLine(line.ToString().TrimEnd());
        }
        return table.ToString();
    }

    /// <summary>Three decimals, as in a lecture; very large and very small numbers in scientific notation.</summary>
    public static string Round(double value)
    {
        double size = Math.Abs(value);
        string format = size != 0 && (size < 1e-3 || size >= 1e7) ? "0.###e+0" : "0.###";
        return value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>Columns a text takes: a combining dot or bar takes none.</summary>
    private static int Width(string text) => text.Count(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
}
