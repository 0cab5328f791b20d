using System.Globalization;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>
/// Rows under headings: a table where it fits into the terminal, otherwise one row after the other, a line for each cell.
/// </summary>
internal sealed class Sheet(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public string? Title { get; init; }

    public bool RightAligned { get; init; }

    /// <summary>Adds a row of plain text, as many cells as there are headings.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>
    /// The columns that the table takes: every one has a border on its left and a space on both sides of its widest cell.
    /// </summary>
    public int Width => 1 + Enumerable.Range(0, headings.Length).Sum(j => _rows.Append(headings).Max(r => WidthOf(r[j])) + 3);

    public void Write(IAnsiConsole console)
    {
        if (Width <= console.Profile.Width) console.Write(ToTable());
        else WriteRows(console);
    }

    private Table ToTable()
    {
        var table = new Table().RoundedBorder();
        if (Title is not null) table.Title(Markup.Escape(Title));
        foreach (string heading in headings)
        {
            var column = new TableColumn(new Markup($"[bold]{Markup.Escape(heading)}[/]")).NoWrap();
            table.AddColumn(RightAligned ? column.RightAligned() : column);
        }
        foreach (string[] row in _rows) table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    /// <summary>The first cell names the row; the others stand below it, each behind its heading.</summary>
    private void WriteRows(IAnsiConsole console)
    {
        if (Title is not null) console.MarkupLineInterpolated($"[italic]{Title}[/]");
        foreach (string[] row in _rows)
        {
            if (row[0].Length > 0) console.MarkupLineInterpolated($"[bold]{(headings[0].Length == 0 ? "" : headings[0] + " ")}{row[0]}[/]");
            for (int j = 1; j < headings.Length; j++)
            {
                if (row[j].Length == 0) continue;
                string before = headings[j].Length == 0 ? "  " : $"  {headings[j]}: ";
                // A cell that does not fit behind its heading begins a line of its own.
                bool below = WidthOf(before) + WidthOf(row[j]) > console.Profile.Width && headings[j].Length > 0;
                console.MarkupLineInterpolated($"[grey]{(below ? before.TrimEnd() : before)}[/]{(below ? "" : row[j])}");
                if (below) console.MarkupLineInterpolated($"{row[j]}");
            }
        }
    }

    /// <summary>Columns a text takes: a dot or bar above a letter takes none.</summary>
    private static int WidthOf(string text) => text.Count(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
}
