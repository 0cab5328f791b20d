using System.Globalization;

namespace Adjoint.Data;

/// <summary>A column while a table is read: its numbers, or its texts where there was one that is no number.</summary>
internal sealed class CsvColumn(string path, string name, int place, bool isTarget, bool isCategory)
{
    private const int MostCategories = 1000;

    private readonly List<float> _numbers = [];
    private readonly List<string> _texts = [];
    private readonly List<int> _missing = [];
    private readonly Dictionary<string, string> _known = [];
    private readonly bool _asText = isCategory || isTarget;
    private int _firstMissing = -1;
    private bool _allNumbers = true;

    public string Name => name;

    /// <summary>Which field of a row it is.</summary>
    public int Place => place;

    public bool IsTarget => isTarget;

    public bool IsCategory => isCategory;

    public int Count => _asText ? _texts.Count : _numbers.Count;

    /// <summary>The next field.</summary>
    /// <exception cref="InvalidDataException">It is no number, where one is needed.</exception>
    public void Add(ReadOnlySpan<char> field, int line)
    {
        field = field.Trim();
        if (_asText)
        {
            string text = field.ToString();
            if (!_known.TryGetValue(text, out string? same)) _known[text] = same = text;
            _texts.Add(same);
            _allNumbers = _allNumbers && (text.Length == 0 || Parse(field) is not null);
            return;
        }
        if (field.IsEmpty && _firstMissing < 0) _firstMissing = line;
        _numbers.Add(field.IsEmpty ? float.NaN : Parse(field)
            ?? throw new InvalidDataException(
                $"{path}, line {line}, column '{name}': '{Short(field)}' is no number; name the column in categories if it is text, or in "
                + "leaveOut."));
        if (field.IsEmpty) _missing.Add(_numbers.Count - 1);
    }

    /// <summary>The numbers.</summary>
    /// <exception cref="InvalidDataException">One is missing, and nothing is put there.</exception>
    public float[] Numbers(float? missing)
    {
        float[] numbers = [.. _numbers];
        if (_missing.Count > 0 && missing is null)
            throw new InvalidDataException(
                $"{path}, line {_firstMissing}, column '{name}': the number is missing; say by missing: what to put there.");
        foreach (int i in _missing) numbers[i] = missing!.Value;
        return numbers;
    }

    /// <summary>A column of zeros and ones for each text, in alphabetical order.</summary>
    /// <exception cref="InvalidDataException">There are too many.</exception>
    public IEnumerable<(string Name, float[] Values)> Indicators()
    {
        if (_known.Count > MostCategories)
            throw new InvalidDataException(
                $"{path}, column '{name}': {_known.Count} different texts are more than the {MostCategories} that categories may have.");
        return _known.Keys.Order(StringComparer.Ordinal)
            .Select(text => ($"{name}={text}", _texts.Select(t => t == text ? 1f : 0f).ToArray()));
    }

    /// <summary>What is to be predicted: Int64 numbers of classes and their names, or Float32 numbers.</summary>
    /// <exception cref="InvalidDataException">A value is missing or no number.</exception>
    public (Tensor Target, IReadOnlyList<string> Classes) AsTarget(float? missing, bool? classes)
    {
        int none = _texts.FindIndex(text => text.Length == 0);
        if (none >= 0 && (classes ?? !_allNumbers || missing is null))
            throw new InvalidDataException($"{path}, row {none + 1}, column '{name}': what is to be predicted is missing.");
        if (classes ?? !_allNumbers)
        {
            // Numbers in their order: 2 is before 10.
            string[] names = _allNumbers ? [.. _known.Keys.OrderBy(text => Parse(text))] : [.. _known.Keys.Order(StringComparer.Ordinal)];
            Dictionary<string, long> numbers = names.Select((text, i) => (text, i)).ToDictionary(c => c.text, c => (long)c.i);
            return (Tensor.From([.. _texts.Select(text => numbers[text])]), names);
        }
        if (!_allNumbers)
            throw new InvalidDataException(
                $"{path}, column '{name}': '{Short(_texts.Find(text => text.Length > 0 && Parse(text) is null))}' is no number; leave out "
                + "classes: false.");
        return (Tensor.From([.. _texts.Select(text => text.Length == 0 ? missing!.Value : Parse(text)!.Value)]), []);
    }

    private static float? Parse(ReadOnlySpan<char> field) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : null;

    private static string Short(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";
}
