namespace Adjoint.Symbolic;

/// <summary>A text that is not a formula. The message ends with the text and a caret under the character.</summary>
public sealed class ParseException : FormatException
{
    private const int Window = 72;

    internal ParseException(string reason, string text, int position)
        : base($"{reason} (character {position + 1})\n{Pointer(text, position)}") => (Reason, Text, Position) = (reason, text, position);

    /// <summary>What is wrong, in one line without the caret.</summary>
    public string Reason { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The index of the character at which the text stops being a formula; its length when it ends too soon.</summary>
    public int Position { get; }

    /// <summary>The same mistake in a longer text, of which the formula was a part.</summary>
    /// <param name="text">The longer text.</param>
    /// <param name="start">Where in it the formula begins.</param>
    public ParseException Within(string text, int start) => new(Reason, text.Given(), start + Position);

    /// <summary>The line of the text around the position and a caret below it.</summary>
    private static string Pointer(string text, int position)
    {
        int start = Math.Max(0, Math.Min(position - Window / 2, text.Length - Window));
        string line = text.Substring(start, Math.Min(Window, text.Length - start));
        line = string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c));
        return $"    {line}\n    {new string(' ', position - start)}^";
    }
}
