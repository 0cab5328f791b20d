namespace Adjoint;

/// <summary>A method that written C# calls, and that therefore stands at its end.</summary>
/// <param name="Key">What tells it from others: its name and the types of its parameters.</param>
/// <param name="Lines">Writes its lines, comments first; may ask for further methods.</param>
internal sealed record CodeMethod(string Key, Func<CodeMethods, IEnumerable<string>> Lines)
{
    /// <summary>A method whose text is the same for every type but for the name of the type.</summary>
    /// <param name="text">The text, with <c>real</c> for the type and <c>MathR</c> for the class of its functions.</param>
    /// <param name="word">The type: <c>float</c>.</param>
    internal static CodeMethod Of(string text, string word) =>
        new($"{text}\n{word}", _ => text.Replace("MathR", word == "float" ? "MathF" : "Math", StringComparison.Ordinal)
            .Replace("real", word, StringComparison.Ordinal).ReplaceLineEndings("\n").Split('\n'));
}

/// <summary>The methods that a program needs, each once, in the order in which they are met.</summary>
internal sealed class CodeMethods
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<CodeMethod> _waiting = new();

    /// <summary>A method is called.</summary>
    internal void Add(CodeMethod method)
    {
        if (_known.Add(method.Key)) _waiting.Enqueue(method);
    }

    /// <summary>The texts of all methods, with those that they call themselves.</summary>
    internal IEnumerable<IEnumerable<string>> Texts()
    {
        while (_waiting.TryDequeue(out CodeMethod? method)) yield return [.. method.Lines(this)];
    }
}
