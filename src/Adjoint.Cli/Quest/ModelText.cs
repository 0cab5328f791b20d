using System.Globalization;

namespace Adjoint.Cli.Quest;

/// <summary>What a model's description says of a part: a call such as <c>Linear(4, 8)</c>, a number, a word, a list.</summary>
internal abstract record ModelPart
{
    /// <summary>A name with arguments, which may have names themselves; the label of a printed module, <c>(0):</c>, is left out.</summary>
    internal sealed record Call(string Name, IReadOnlyList<(string? Name, ModelPart Value)> Arguments) : ModelPart;

    /// <summary>A number as it stands there.</summary>
    internal sealed record Number(string Text) : ModelPart
    {
        internal double Value => double.Parse(Text, CultureInfo.InvariantCulture);
    }

    /// <summary>True, None, mean, 'mean'.</summary>
    internal sealed record Word(string Text) : ModelPart;

    /// <summary>[6, 4] or (0.9, 0.999).</summary>
    internal sealed record Items(IReadOnlyList<ModelPart> All) : ModelPart;
}

/// <summary>
/// Reads descriptions of models: as modules are printed, by this library and by PyTorch, and as one types them, in Python or in C#.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="source">Where it is from, for messages.</param>
internal sealed class ModelText(string text, string source)
{
    // Deeper than any network is written.
    private const int Deepest = 100;

    private int _at, _depth;

    /// <summary>The entries, <c>name = value</c>; a value goes on to the next line while a bracket is open. # begins a comment.</summary>
    internal List<(string Name, ModelPart Value)> Entries()
    {
        var entries = new List<(string, ModelPart)>();
        for (Skip(); _at < text.Length; Skip())
        {
            string name = Name();
            Skip();
            // As one declares it in C#.
            if (name == "var")
            {
                name = Name();
                Skip();
            }
            if (!Take('=')) throw Error($"expected = after \"{name}\"");
            entries.Add((name, Value()));
            Skip();
            while (Take(';')) Skip();
        }
        return entries;
    }

    private ModelPart Value()
    {
        Skip();
        if (++_depth > Deepest) throw Error("brackets lie too deep");
        try
        {
            if (_at >= text.Length) throw Error("something is missing at the end");
            char c = text[_at];
            if (c is '[' or '(') return new ModelPart.Items([.. Arguments(c == '[' ? ']' : ')').Select(a => a.Value)]);
            if (char.IsDigit(c) || c is '-' or '+' or '.') return Number();
            if (c is '\'' or '"') return new ModelPart.Word(Quoted(c));
            string name = Name();
            Skip();
            // new Linear(4, 8)
            if (name == "new" && _at < text.Length && char.IsLetter(text[_at])) return Value();
            return _at < text.Length && text[_at] == '(' ? new ModelPart.Call(name, Arguments(')')) : new ModelPart.Word(name);
        }
        finally
        {
            _depth--;
        }
    }

    // Commas between them may be left out, as between printed modules.
    private List<(string? Name, ModelPart Value)> Arguments(char end)
    {
        _at++;
        var all = new List<(string?, ModelPart)>();
        for (Skip(); !Take(end); Skip())
        {
            if (_at >= text.Length) throw Error($"a {end} is missing");
            int before = _at;
            if (Take('(') && Label()) Skip();
            else _at = before;
            string? name = null;
            if (_at < text.Length && (char.IsLetter(text[_at]) || text[_at] == '_'))
            {
                before = _at;
                string word = Name();
                Skip();
                if (Take('=') || Take(':')) name = word;
                else _at = before;
            }
            all.Add((name, Value()));
            Skip();
            Take(',');
        }
        return all;
    }

    // (0): or (name):
    private bool Label()
    {
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.')) _at++;
        return Take(')') && Take(':');
    }

    private ModelPart.Number Number()
    {
        int start = _at++;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '.'
            || (text[_at] is '-' or '+' && text[_at - 1] is 'e' or 'E'))) _at++;
        string number = text[start.._at];
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? new(number)
            : throw Error($"\"{number}\" is no number");
    }

    private string Quoted(char quote)
    {
        int end = text.IndexOf(quote, _at + 1);
        if (end < 0) throw Error($"a {quote} is missing");
        string inside = text[(_at + 1)..end];
        _at = end + 1;
        return inside;
    }

    private string Name()
    {
        int start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.')) _at++;
        return _at > start ? text[start.._at]
            : throw Error(_at < text.Length ? $"\"{text[_at]}\" is not expected" : "something is missing at the end");
    }

    private bool Take(char c)
    {
        if (_at >= text.Length || text[_at] != c) return false;
        _at++;
        return true;
    }

    private void Skip()
    {
        while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || text[_at] == '#'))
        {
            if (text[_at] == '#') while (_at < text.Length && text[_at] != '\n') _at++;
            else _at++;
        }
    }

    private ArgumentException Error(string what) =>
        new($"{source}, line {text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1}: {what}.");
}
