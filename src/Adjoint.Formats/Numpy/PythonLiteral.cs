using System.Globalization;
using System.Text;

namespace Adjoint.Formats;

/// <summary>
/// Reads the one Python expression that heads a file of NumPy: a dictionary of strings, truth values, numbers and tuples.
/// </summary>
internal ref struct PythonLiteral(ReadOnlySpan<char> text)
{
    // Deeper ones are no headers.
    private const int MostDeep = 16;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at, _depth;

    /// <summary>Reads all of the text.</summary>
    /// <returns>A dictionary of strings, a string, a bool, a long, or a list of these for a tuple or list.</returns>
    /// <exception cref="FormatException">It is something else.</exception>
    internal object Read()
    {
        object value = Value();
        Skip();
        return _at == _text.Length ? value : throw Wrong("the end");
    }

    private object Value()
    {
        if (++_depth > MostDeep) throw Wrong("fewer brackets");
        Skip();
        char first = _at < _text.Length ? _text[_at] : '\0';
        object value = first switch
        {
            '{' => Dictionary(),
            '(' => Sequence(')'),
            '[' => Sequence(']'),
            '\'' or '"' => String(first),
            'T' when Word("True") => true,
            'F' when Word("False") => false,
            _ => Number(),
        };
        _depth--;
        return value;
    }

    private Dictionary<string, object> Dictionary()
    {
        var members = new Dictionary<string, object>();
        _at++;
        while (!Ends('}'))
        {
            Skip();
            char quote = _at < _text.Length ? _text[_at] : '\0';
            if (quote is not ('\'' or '"')) throw Wrong("a name in quotes");
            string name = String(quote);
            Expect(':');
            if (!members.TryAdd(name, Value())) throw Wrong($"no second '{name}'");
            if (!Comma('}')) break;
        }
        Expect('}');
        return members;
    }

    private List<object> Sequence(char end)
    {
        var values = new List<object>();
        _at++;
        while (!Ends(end))
        {
            values.Add(Value());
            if (!Comma(end)) break;
        }
        Expect(end);
        return values;
    }

    private string String(char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != quote; _at++)
        {
            // Names of fields and types need none.
            if (_text[_at] == '\\') throw Wrong("no escape");
            text.Append(_text[_at]);
        }
        if (_at == _text.Length) throw Wrong("a closing quote");
        _at++;
        return text.ToString();
    }

    private long Number()
    {
        int start = _at;
        if (_at < _text.Length && _text[_at] == '-') _at++;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (!long.TryParse(_text[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            _at = start;
            throw Wrong("a string, True, False, a whole number, or a tuple of them");
        }
        // Python 2 wrote numbers of 64 bits so.
        if (_at < _text.Length && _text[_at] == 'L') _at++;
        return value;
    }

    private bool Word(string word)
    {
        if (!_text[_at..].StartsWith(word)) return false;
        _at += word.Length;
        return true;
    }

    private bool Ends(char end)
    {
        Skip();
        return _at < _text.Length && _text[_at] == end;
    }

    // Whether another value may follow.
    private bool Comma(char end)
    {
        Skip();
        if (_at == _text.Length || _text[_at] != ',') return false;
        _at++;
        return !Ends(end);
    }

    private void Expect(char c)
    {
        Skip();
        if (_at == _text.Length || _text[_at] != c) throw Wrong($"'{c}'");
        _at++;
    }

    private void Skip()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\t' or '\r') _at++;
    }

    private readonly FormatException Wrong(string wanted) =>
        new($"{wanted} was expected at character {_at}, {(_at < _text.Length ? $"but there is '{_text[_at]}'" : "where it ends")}");
}
