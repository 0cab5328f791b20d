using System.Globalization;
using System.Text;

namespace Adjoint.Symbolic;

/// <summary>What the variables of a formula are called in C#: as they are where C# allows it, and no two alike.</summary>
internal sealed class CSharpNames
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long",
        "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly",
        "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this",
        "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile",
        "while", "__arglist", "__makeref", "__reftype", "__refvalue",
    ];

    /// <summary>What the printed code itself calls by name; a variable of that name would hide it.</summary>
    private static readonly HashSet<string> Used = ["Math", "Real"];

    private const string Lowered = "₀₁₂₃₄₅₆₇₈₉";

    private readonly Dictionary<string, string> _names = [];

    public CSharpNames(IEnumerable<string> variables)
    {
        string[] all = [.. variables.Distinct()];
        // Names that C# allows are kept; what another one becomes must not be one of them.
        foreach (string name in all)
            if (IsIdentifier(name) && !Used.Contains(name)) _names[name] = Keywords.Contains(name) ? "@" + name : name;
        var taken = new HashSet<string>(_names.Values);
        foreach (string name in all)
        {
            if (_names.ContainsKey(name)) continue;
            string spelt = Spelt(name);
            while (Used.Contains(spelt) || Keywords.Contains(spelt) || !taken.Add(spelt)) spelt += "_";
            _names[name] = spelt;
        }
    }

    public string this[string variable] => _names[variable];

    /// <summary>Whether C# takes a text as a name (or keyword): a letter or underscore, then also digits and marks.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0 && IsStart(name[0]) && name.All(c => IsStart(c) || IsPart(c)) && name.IsNormalized(NormalizationForm.FormC);

    /// <summary>A method's name as C# writes it.</summary>
    public static string OfMethod(string name) => !IsIdentifier(name) || Used.Contains(name)
        ? throw new ArgumentException($"'{name}' cannot be the name of a C# method here; take another one.", nameof(name))
        : Keywords.Contains(name) ? "@" + name : name;

    /// <summary>The name with what C# does not allow replaced: θ₁ is θ1.</summary>
    private static string Spelt(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            char spelt = Lowered.Contains(c) ? (char)('0' + Lowered.IndexOf(c)) : IsStart(c) || IsPart(c) ? c : '_';
            if (text.Length == 0 && !IsStart(spelt)) text.Append('_');
            text.Append(spelt);
        }
        return text.Length == 0 ? "_" : text.ToString();
    }

    private static bool IsStart(char c) => c == '_' || char.IsLetter(c);

    private static bool IsPart(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
}
