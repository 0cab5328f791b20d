namespace Adjoint;

/// <summary>Fields of a written program that are no memory of the graph: counts of steps, generators.</summary>
internal sealed class HandFields
{
    private readonly Dictionary<object, Dictionary<string, string>> _known = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _lines = [];

    internal IReadOnlyList<string> Lines => _lines;

    /// <summary>The field of something, declared when it is first met.</summary>
    /// <param name="of">What it is the field of.</param>
    /// <param name="kind">Which of its fields.</param>
    /// <param name="declare">Gives its name and its declaration.</param>
    internal string Of(object of, string kind, Func<(string Name, string Line)> declare)
    {
        if (!_known.TryGetValue(of, out Dictionary<string, string>? fields)) _known[of] = fields = [];
        if (fields.TryGetValue(kind, out string? name)) return name;
        (name, string line) = declare();
        _lines.Add(line);
        return fields[kind] = name;
    }
}
