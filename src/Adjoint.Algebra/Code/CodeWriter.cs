using System.Globalization;

namespace Adjoint;

/// <summary>
/// Prints formulas as C#: what is used twice becomes a variable, and so does what would make a line too long to read.
/// </summary>
/// <param name="word">The type of the numbers: <c>float</c>.</param>
/// <param name="methods">Takes the methods that are called.</param>
/// <param name="prefix">What its variables are called, before their number.</param>
/// <param name="names">What a variable for a part is called; null, or nothing for a part, for the prefix and a number.</param>
internal sealed class CodeWriter(string word, CodeMethods methods, string prefix = "t", Func<CodeNode, string?>? names = null)
{
    private const int Longest = 96;
    private const int OfChoice = 1, OfSum = 4, OfProduct = 5, OfSign = 6, OfName = 7;

    private readonly Dictionary<CodeNode, int> _uses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CodeNode, string> _variables = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private List<string> _lines = [];
    private int _variableCount;

    /// <summary>The variables, to stand before the formula.</summary>
    internal IReadOnlyList<string> Lines => _lines;

    /// <summary>The variables since the last call, to stand before the formula.</summary>
    internal List<string> Take()
    {
        List<string> lines = _lines;
        _lines = [];
        return lines;
    }

    /// <summary>What formulas share becomes variables: to be told before they are written one after the other.</summary>
    internal void Expect(IEnumerable<CodeNode> nodes)
    {
        foreach (CodeNode node in nodes) Count(node);
    }

    /// <summary>The next of the expected formulas; it is no variable itself, since it is stored.</summary>
    internal string Next(CodeNode node) => _variables.TryGetValue(node, out string? known) ? known : Form(node).Text;

    /// <summary>From here on a part is read where it was stored.</summary>
    internal void IsAt(CodeNode node, string place) => _variables[node] = place;

    /// <summary>Whether what is still to be written of a formula reads a place.</summary>
    internal bool Reads(CodeNode node, string place) =>
        node.All(_variables.ContainsKey).Any(part => part is CodeNode.Name name && IsIn(name.Text, place));

    // As a whole word: a[i] is not in a[i + 1], and b not in b_grad.
    private static bool IsIn(string text, string place)
    {
        static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '[' or '.';
        for (int at = text.IndexOf(place, StringComparison.Ordinal); at >= 0; at = text.IndexOf(place, at + 1, StringComparison.Ordinal))
        {
            int end = at + place.Length;
            if ((at == 0 || !IsOfName(text[at - 1])) && (end == text.Length || !IsOfName(text[end]))) return true;
        }
        return false;
    }

    /// <summary>A formula on one line.</summary>
    internal string Text(CodeNode node) => Texts(node)[0];

    /// <summary>Several formulas, which may share variables.</summary>
    internal string[] Texts(params CodeNode[] nodes)
    {
        Expect(nodes);
        return [.. nodes.Select(node => Write(node).Text)];
    }

    /// <summary>A number as C# writes it.</summary>
    internal static string Number(double value, string word, bool isTyped = false)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        if (word is not ("float" or "double")) return value.ToString("F0", plain) + (isTyped && word == "long" ? "L" : "");
        if (double.IsNaN(value)) return word + ".NaN";
        if (double.IsInfinity(value)) return word + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        // −0 is no whole number in C#.
        bool isShort = value == Math.Truncate(value) && Math.Abs(value) < 1e6 && !(value == 0 && double.IsNegative(value));
        if (isShort && !isTyped) return value.ToString(plain);
        string digits = word == "float" ? ((float)value).ToString("R", plain) : value.ToString("R", plain);
        return word == "float" ? digits + "f" : digits.AsSpan().ContainsAny(".E") ? digits : digits + ".0";
    }

    /// <summary>A value as a variable, if it is none yet.</summary>
    internal string Held(string value)
    {
        if (_variables.ContainsValue(value)) return value;
        string name = $"{prefix}{++_variableCount}";
        _lines.Add($"{word} {name} = {value};");
        return name;
    }

    private bool IsReal => word is "float" or "double";

    private void Count(CodeNode root)
    {
        // Without recursion: a formula may be deep.
        var waiting = new Stack<CodeNode>([root]);
        while (waiting.TryPop(out CodeNode? node))
        {
            int uses = _uses[node] = _uses.GetValueOrDefault(node) + 1;
            if (uses > 1) continue;
            foreach (CodeNode part in node.Parts) waiting.Push(part);
        }
    }

    private (string Text, int Binding) Write(CodeNode node)
    {
        if (_variables.TryGetValue(node, out string? known)) return (known, OfName);
        (string text, int binding) = Form(node);
        if (_uses[node] < 2 || node is CodeNode.Name or CodeNode.Constant) return (text, binding);
        return (Variable(node, text), OfName);
    }

    private string Variable(CodeNode node, string text)
    {
        string name = names?.Invoke(node) is { Length: > 0 } own ? Once(own) : $"{prefix}{++_variableCount}";
        _variables[node] = name;
        // C# computes with bytes as ints.
        bool isInt = word == "byte" && node is (CodeNode.Choice or CodeNode.Binary or CodeNode.Minus);
        _lines.Add($"{word} {name} = {(isInt ? $"(byte)({text})" : text)};");
        return name;
    }

    private string Once(string own)
    {
        string name = own;
        for (int again = 2; !_named.Add(name); again++) name = $"{own}{again}";
        return name;
    }

    private (string Text, int Binding) Form(CodeNode node) => node switch
    {
        CodeNode.Name name => (name.Text, OfName),
        CodeNode.Constant number => (Number(number.Value, word), double.IsNegative(number.Value) ? OfSign : OfName),
        CodeNode.Minus => ("-" + Part(node.Parts[0], OfName), OfSign),
        CodeNode.Binary binary => Binary(binary),
        CodeNode.Call call => Call(call),
        CodeNode.Choice choice => (Choice(choice), OfChoice),
        _ => throw new NotSupportedException(),
    };

    // A sum on the right of a sum is another sum: (a + b) + c rounds otherwise.
    private (string, int) Binary(CodeNode.Binary node)
    {
        int binding = node.Sign is '+' or '-' ? OfSum : OfProduct;
        string x = Part(node.Parts[0], binding);
        // x + −c is x − c.
        return binding == OfSum && IsReal && node.Parts[1] is CodeNode.Constant { Value: < 0 } c && double.IsFinite(c.Value)
            ? ($"{x} {(node.Sign == '+' ? '-' : '+')} {Number(-c.Value, word)}", binding)
            : ($"{x} {node.Sign} {Part(node.Parts[1], binding + 1)}", binding);
    }

    private (string, int) Call(CodeNode.Call call)
    {
        if (call.Method is { } method) methods.Add(method);
        var parts = new object[call.Parts.Count];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = Part(call.Parts[i], IsArgument(call.Form, $"{{{i}}}") ? OfChoice : OfName, isNested: parts.Length > 1);
        return (string.Format(CultureInfo.InvariantCulture, call.Form, parts), OfName);
    }

    // What stands between brackets and commas needs no brackets of its own.
    private static bool IsArgument(string form, string place)
    {
        int start = form.IndexOf(place, StringComparison.Ordinal), end = start + place.Length;
        return start > 0 && end < form.Length && form[end] is ')' or ',' && (form[start - 1] == '(' || form[start - 2] == ',');
    }

    private string Choice(CodeNode.Choice node)
    {
        bool typed = node.Parts[2] is CodeNode.Constant && node.Parts[3] is CodeNode.Constant;
        string then = typed ? Number(((CodeNode.Constant)node.Parts[2]).Value, word, true) : Part(node.Parts[2], OfChoice + 1);
        string otherwise = typed ? Number(((CodeNode.Constant)node.Parts[3]).Value, word, true) : Part(node.Parts[3], OfChoice + 1);
        // What does not equal itself is NaN.
        if (node.Relation == "==" && ReferenceEquals(node.Parts[0], node.Parts[1]))
            return $"{word}.IsNaN({Part(node.Parts[0], 0)}) ? {otherwise} : {then}";
        return $"{Part(node.Parts[0], OfSum)} {node.Relation} {Part(node.Parts[1], OfSum)} ? {then} : {otherwise}";
    }

    private string Part(CodeNode node, int least, bool isNested = false)
    {
        (string text, int binding) = Write(node);
        bool isLong = text.Length > Longest || (isNested && node is CodeNode.Call { Parts.Count: > 1 });
        if (isLong && node is not (CodeNode.Name or CodeNode.Constant) && !_variables.ContainsKey(node)) return Variable(node, text);
        return binding < least ? $"({text})" : text;
    }
}
