using System.Text;

namespace Adjoint;

/// <summary>The names of a program's variables: those of the graph, as C# allows them, each once.</summary>
internal sealed class HandNames
{
    // What is written of operations calls its variables so.
    private static readonly HashSet<string> s_own = new(StringComparer.Ordinal)
    {
        "sum", "total", "max", "log", "shift", "mean", "squares", "products",
        "place",
        "value", "share", "ofG", "ofGX", "stepSize", "root", "shrink", "count", "slope", "best", "running", "moments",
        "label", "deviation", "ofRow", "squaresOfRow", "order", "at",
        "scale", "rate", "chosen", "found", "grad", "square", "next", "update", "alpha", "isTrusted", "taken", "rest", "limited", "pass",
        "inputGate", "forgetGate", "outputGate", "resetGate", "updateGate", "candidate", "squashed", "ofOutput", "ofCell", "ofCandidate",
        "ofReset", "ofUpdate",
    };

    // The language, and what methods and classes are called.
    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "MersenneTwister", "Run", "Main", "args", "from", "row", "Rng", "Math", "MathF",
        "System", "Console", "BitConverter", "Array", "Convert", "Floats", "Doubles", "Longs",
        "bool", "byte", "break", "case", "checked", "class", "const", "default", "do", "double", "else", "enum", "event", "false", "fixed",
        "float", "for", "goto", "if", "in", "int", "is", "lock", "long", "new", "null", "object", "out", "params", "ref", "return", "short",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "uint", "using", "virtual", "void", "while", "base", "as",
        "abstract", "char", "catch", "continue", "decimal", "delegate", "explicit", "extern", "finally", "foreach", "implicit", "interface",
        "internal", "namespace", "operator", "override", "private", "protected", "public", "readonly", "sbyte", "sealed", "sizeof",
        "stackalloc", "struct", "throw", "typeof", "ulong", "unchecked", "unsafe", "ushort", "volatile",
    };

    private readonly HashSet<string> _used = new(s_own.Concat(s_words), StringComparer.Ordinal);
    private readonly Dictionary<GraphMemory, string> _names = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether a class cannot have a name, since the language or what is written in it has it.</summary>
    internal static bool IsOfTheLanguage(string name) =>
        s_own.Contains(name) || s_words.Contains(name)
            || name is "file" or "record" or "required" or "scoped" or "partial" or "var" or "dynamic"
            or "field" or "await" or "nint" or "nuint" or "notnull" or "unmanaged" or "managed" or "allows" or "extension";

    /// <summary>What a memory is called.</summary>
    internal string Of(GraphMemory memory) =>
        _names.TryGetValue(memory, out string? name) ? name : _names[memory] = Free(Identifier(memory.Name));

    /// <summary>A memory is called as another.</summary>
    internal void Alias(GraphMemory memory, GraphMemory other) => _names[memory] = Of(other);

    /// <summary>What a variable beside those of memory is called: as it is wished, if the program has nothing else of that name.</summary>
    internal string Local(string wished) =>
        s_words.Contains(wished) || (_used.Contains(wished) && !s_own.Contains(wished)) || IsOfFormulas(wished)
            ? wished + "OfStep" : wished;

    /// <summary>Whether something has a name.</summary>
    internal bool Has(string name) => _used.Contains(name);

    /// <summary>A name that nothing has.</summary>
    internal string Free(string stem)
    {
        string name = stem;
        for (int again = 2; IsOfFormulas(name) || !_used.Add(name); again++) name = $"{stem}_{again}";
        return name;
    }

    // t1, t2, …: variables of formulas, and u1, u2, … of numbers of a step.
    private static bool IsOfFormulas(string name) => name.Length > 1 && name[0] is ('t' or 'u')
        && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>A name as C# allows it: <c>net.0.weight</c> is <c>net_layer0_weight</c>.</summary>
    internal static string Identifier(string name)
    {
        var text = new StringBuilder();
        foreach (string part in name.Split('.'))
        {
            string word = string.Concat(part.Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '_'));
            string start = word.StartsWith("d_", StringComparison.Ordinal) ? "d_" : "";
            string rest = word[start.Length..];
            if (text.Length > 0) text.Append('_');
            text.Append(start);
            if (rest.Length > 0 && char.IsDigit(rest[0])) text.Append("layer");
            text.Append(rest);
        }
        if (text.Length == 0) return "x";
        // Methods begin with a capital.
        if (text.Length > 1 && char.IsUpper(text[0])) text[0] = char.ToLowerInvariant(text[0]);
        return text.ToString();
    }
}
