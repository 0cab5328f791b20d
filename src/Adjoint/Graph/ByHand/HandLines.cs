namespace Adjoint;

/// <summary>Lines of C# with their indentation: loops that hold one statement have no braces.</summary>
internal sealed class HandLines
{
    private const string Step = "    ";
    private List<string> _lines = [];

    /// <summary>The lines so far.</summary>
    internal IReadOnlyList<string> All => _lines;

    internal void Add(string line) => _lines.Add(line);

    /// <summary>A statement with a body: <c>for (…)</c>.</summary>
    internal void Block(string head, Action body)
    {
        List<string> inner = Inside(body);
        _lines.Add(head);
        bool isOne = IsOneStatement(inner);
        if (!isOne) _lines.Add("{");
        _lines.AddRange(inner.Select(line => Step + line));
        if (!isOne) _lines.Add("}");
    }

    /// <summary>What a body writes, in braces if it has variables, which are its own.</summary>
    internal void Scope(Action body)
    {
        List<string> inner = Inside(body);
        if (!inner.Exists(Declares))
        {
            _lines.AddRange(inner);
            return;
        }
        _lines.Add("{");
        _lines.AddRange(inner.Select(line => Step + line));
        _lines.Add("}");
    }

    /// <summary>What a body writes, by itself.</summary>
    internal List<string> Inside(Action body)
    {
        List<string> outer = _lines;
        _lines = [];
        try
        {
            body();
            return _lines;
        }
        finally
        {
            _lines = outer;
        }
    }

    private static bool Declares(string line)
    {
        int end = line.IndexOf(' ');
        if (line.StartsWith("(double ", StringComparison.Ordinal)) return true;
        return end > 0 && line[..end].TrimEnd('[', ']') is "float" or "double" or "int" or "long" or "byte" or "bool" or "var";
    }

    private static bool IsOneStatement(List<string> lines) =>
        (lines.Count == 1 && !Declares(lines[0])) || (lines.Count > 1 && lines[0].StartsWith("for (", StringComparison.Ordinal)
            && lines[1] != "{"
            && lines.Skip(1).All(line => line.StartsWith(Step, StringComparison.Ordinal)))
        || (lines.Count > 2 && lines[0].StartsWith("for (", StringComparison.Ordinal) && lines[1] == "{"
            && lines.FindIndex(line => line == "}") == lines.Count - 1);
}
