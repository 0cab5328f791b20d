using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>
/// Boxes and arrows, to be written in the language of Graphviz or of Mermaid: the one writer of both, whatever kind of graph is drawn.
/// </summary>
/// <param name="filled">Whether boxes have a colour, white if they name none.</param>
internal sealed class Diagram(bool filled = false)
{
    private readonly List<(string Frame, List<Box> Boxes)> _frames = [];
    private readonly List<(string From, string To, string? Label)> _arrows = [];

    private readonly record struct Box(string Name, string Label, bool Round, string? Color);

    /// <summary>Begins a frame around the boxes that follow; an empty label is none.</summary>
    internal void Frame(string label) => _frames.Add((label, []));

    internal void Add(string name, string label, bool round = false, string? color = null)
    {
        if (_frames.Count == 0) Frame("");
        _frames[^1].Boxes.Add(new(name, label, round, color));
    }

    internal void Connect(string from, string to, string? label = null) => _arrows.Add((from, to, label));

    /// <summary>For <c>dot -Tsvg</c>.</summary>
    internal string ToDot()
    {
        var text = new StringBuilder("digraph {\n")
            .Append(filled ? "  node [shape=box, style=filled, fillcolor=white]\n" : "  node [shape=box]\n");
        int frames = 0;
        foreach ((string frame, List<Box> boxes) in _frames)
        {
            if (frame.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $"  subgraph cluster{frames++} {{\n    label=\"{Escaped(frame)}\"\n");
            foreach (Box box in boxes)
            {
                string color = box.Color is null ? "" : $", fillcolor={box.Color}";
                text.Append($"  {box.Name} [{(box.Round ? "shape=ellipse, " : "")}label=\"{Escaped(box.Label)}\"{color}]\n");
            }
            if (frame.Length > 0) text.Append("  }\n");
        }
        foreach ((string from, string to, string? label) in _arrows)
            text.Append($"  {from} -> {to}{(label is null ? "" : $" [label=\"{Escaped(label)}\"]")}\n");
        return text.Append("}\n").ToString();
    }

    /// <summary>For Markdown pages. Frames and colours are left out.</summary>
    internal string ToMermaid()
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (Box box in _frames.SelectMany(frame => frame.Boxes))
            text.Append($"  {box.Name}{(box.Round ? "([" : "[")}\"{Quoted(box.Label)}\"{(box.Round ? "])" : "]")}\n");
        foreach ((string from, string to, string? label) in _arrows)
            text.Append($"  {from} {(label is null ? "-->" : $"-- \"{Quoted(label)}\" -->")} {to}\n");
        return text.ToString();
    }

    private static string Escaped(string label) =>
        label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    private static string Quoted(string label) => label.Replace("\"", "#quot;", StringComparison.Ordinal).ReplaceLineEndings("<br/>");
}
