using System.Text;

namespace Adjoint.Plots;

/// <summary>A chart in the characters of a terminal.</summary>
internal sealed class TerminalChart
{
    private readonly Chart _chart;
    private readonly char[][] _canvas;
    private readonly int _columns, _rows;
    private readonly AxisScale _x, _y;

    public TerminalChart(Chart chart, int columns, int rows)
    {
        (_chart, _columns, _rows) = (chart, columns, rows);
        (_x, _y) = AxisScale.Of(chart, xTicks: 4, yTicks: 4);
        _canvas = [.. Enumerable.Range(0, rows).Select(_ => new string(' ', columns).ToCharArray())];
        for (int place = 0; place < chart.Series.Count; place++) Draw(chart.Series[place], chart.Series[place].MarkAt(place));
    }

    public override string ToString()
    {
        Dictionary<int, string> labels = _y.Ticks.GroupBy(Row).ToDictionary(rows => rows.Key, rows => AxisScale.Label(rows.First()));
        int width = Math.Max(6, labels.Values.Max(label => label.Length));
        var text = new StringBuilder(_chart.Title).Append($"   ({_chart.YLabel} over {_chart.XLabel})\n");
        for (int row = 0; row < _rows; row++)
        {
            string label = labels.GetValueOrDefault(row, "");
            text.Append(label.PadLeft(width)).Append(label.Length > 0 ? " ┤" : " │");
            text.Append(new string(_canvas[row]).TrimEnd()).Append('\n');
        }
        text.Append(new string(' ', width + 1)).Append('└').Append('─', _columns).Append('\n');
        text.Append(new string(' ', width + 2)).Append(XLabels()).Append('\n');
        int used = 0;
        foreach (string entry in _chart.Series.Select(Legend))
        {
            // As many side by side as the drawing is wide.
            bool fits = used > 0 && used + 3 + entry.Length <= _columns;
            text.Append(fits ? "   " : (used > 0 ? "\n" : "") + new string(' ', width + 2)).Append(entry);
            used = (fits ? used + 3 : 0) + entry.Length;
        }
        return text.Append('\n').ToString();
    }

    private static string Legend(Series series, int place) => series.Kind == SeriesKind.Contour
        ? $"0…9 {series.Name}"
        : $"{series.MarkAt(place)} {series.Name}";

    /// <summary>The ticks below the axis, each beginning where it is, as far as there is room.</summary>
    private string XLabels()
    {
        var line = new StringBuilder();
        foreach (double tick in _x.Ticks)
        {
            string label = AxisScale.Label(tick);
            int start = Math.Min(Column(tick), _columns - label.Length);
            if (start < line.Length + (line.Length > 0 ? 1 : 0)) continue;
            line.Append(' ', start - line.Length).Append(label);
        }
        return line.ToString();
    }

    private void Draw(Series series, char mark)
    {
        if (series.Contours is { } contours)
        {
            DrawContours(contours);
            return;
        }
        (int Column, int Row)? before = null;
        foreach ((double X, double Y) point in series.Points)
        {
            if (!Series.Shows(_chart, point))
            {
                before = null;
                continue;
            }
            (int column, int row) = (Column(point.X), Row(point.Y));
            if (series.Kind != SeriesKind.Points && before is { } from) Join(from.Column, from.Row, column, row, mark);
            _canvas[row][column] = mark;
            before = (column, row);
        }
    }

    /// <summary>Marks the cells on the way, one for each column or row, whichever are more.</summary>
    private void Join(int column, int row, int toColumn, int toRow, char mark)
    {
        int steps = Math.Max(Math.Abs(toColumn - column), Math.Abs(toRow - row));
        for (int k = 1; k < steps; k++)
        {
            double part = (double)k / steps;
            _canvas[(int)Math.Round(row + part * (toRow - row))][(int)Math.Round(column + part * (toColumn - column))] = mark;
        }
    }

    /// <summary>
    /// A digit where the neighbour to the right or below lies between other levels: the number of the line, from 0 at the lowest.
    /// </summary>
    private void DrawContours(Contours contours)
    {
        int?[,] above = new int?[_rows, _columns];
        for (int row = 0; row < _rows; row++)
            for (int column = 0; column < _columns; column++)
                above[row, column] = contours.Above(
                    _x.Value((double)column / (_columns - 1)), _y.Value(1 - (double)row / (_rows - 1)));
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
            {
                if (above[row, column] is not { } here) continue;
                int other = Math.Max(
                    column + 1 < _columns ? above[row, column + 1] ?? here : here, row + 1 < _rows ? above[row + 1, column] ?? here : here);
                int least = Math.Min(
                    column + 1 < _columns ? above[row, column + 1] ?? here : here, row + 1 < _rows ? above[row + 1, column] ?? here : here);
                if (other > here) _canvas[row][column] = (char)('0' + here % 10);
                else if (least < here) _canvas[row][column] = (char)('0' + least % 10);
            }
        }
    }

    private int Column(double x) => (int)Math.Round(_x.Position(x) * (_columns - 1));

    private int Row(double y) => (int)Math.Round((1 - _y.Position(y)) * (_rows - 1));
}
