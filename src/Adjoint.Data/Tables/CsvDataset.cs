using nietras.SeparatedValues;

namespace Adjoint.Data;

/// <summary>
/// A table of a file of comma-separated values: example i is the numbers of a row, Float32 [columns], and its target, if there is one.
/// <c>CsvDataset.Load("iris.csv", target: "species")</c>.
/// </summary>
public sealed class CsvDataset : Dataset
{
    private readonly TensorDataset _rows;

    private CsvDataset(Tensor features, Tensor? target, IReadOnlyList<string> columns, IReadOnlyList<string> classes)
    {
        _rows = target is null ? new TensorDataset(features) : new TensorDataset(features, target);
        (Features, Target, Columns, Classes) = (features, target, columns, classes);
    }

    /// <summary>The numbers of all rows, Float32 [rows, columns].</summary>
    public Tensor Features { get; }

    /// <summary>What is to be predicted: numbers of classes, Int64 [rows], or numbers, Float32 [rows]; null if nothing is.</summary>
    public Tensor? Target { get; }

    /// <summary>The names of the columns of <see cref="Features"/>; of a category, <c>color=red</c>.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The classes of the target in the order of their numbers; none if it is a number.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override int Count => _rows.Count;

    /// <summary>True: the table is only read.</summary>
    public override bool IsThreadSafe => true;

    /// <inheritdoc/>
    public override Tensor[] this[int index] => (uint)index < (uint)Count ? _rows[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"CsvDataset: there is no row {index}; the table has {Count}.");

    /// <inheritdoc/>
    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        foreach (int index in indices)
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(
                    nameof(indices), index, $"CsvDataset: there is no row {index}; the table has {Count}.");
        return _rows.GetBatch(indices);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A file in UTF-8 whose first line names the columns. Fields may be quoted.</param>
    /// <param name="target">The column that is to be predicted; null if none is.</param>
    /// <param name="categories">Columns of text that become columns of zeros and ones, one for each text that comes.</param>
    /// <param name="leaveOut">Columns that are not read.</param>
    /// <param name="missing">The number where there is none; null: a missing number is an error.</param>
    /// <param name="classes">Whether the target is a class. Null: it is where a value is no number.</param>
    /// <param name="separator">What stands between fields; null: what the first line has of <c>; , |</c> and the tab.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such table; the message names line and column.</exception>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public static CsvDataset Load(string path, string? target = null, IReadOnlyList<string>? categories = null,
        IReadOnlyList<string>? leaveOut = null, float? missing = null, bool? classes = null, char? separator = null)
    {
        categories = categories?.AllGiven();
        leaveOut = leaveOut?.AllGiven();
        using FileStream stream = Formats.InputFile.Open(path.Given());
        Sep? given = separator is { } s ? Separator(s) : null;
        try
        {
            using SepReader reader = Begun(stream, given);
            List<CsvColumn> columns = Read(reader, path, target, categories, leaveOut);
            foreach (SepReader.Row row in reader)
                foreach (CsvColumn column in columns) column.Add(row[column.Place].Span, row.LineNumberFrom);
            if (columns.Count == 0 || columns[0].Count == 0) throw new InvalidDataException($"{path}: the table has no rows.");
            return Made(columns, path, missing, classes);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or KeyNotFoundException
            && !e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The names of the columns in the first line of a text.</summary>
    internal static IReadOnlyList<string> ColumnsIn(TextReader text, string path)
    {
        string first = text.ReadLine() ?? throw new InvalidDataException($"{path}: the first line names no columns.");
        using SepReader reader = new SepReaderOptions { Unescape = true }.FromText(first);
        return [.. reader.Header.ColNames];
    }

    private static SepReader Begun(Stream stream, Sep? separator)
    {
        try
        {
            return new SepReaderOptions(separator) { Unescape = true }.From(stream);
        }
        catch (ArgumentException e)
        {
            // It means the names of the columns.
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static Sep Separator(char separator)
    {
        if (separator is '"' or '\r' or '\n' or '#' || separator > 127 || char.IsLetterOrDigit(separator))
            throw new ArgumentException(
                $"CsvDataset.Load: a separator is a character such as ',' or ';', not '{separator}'.", nameof(separator));
        try
        {
            return new Sep(separator);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"CsvDataset.Load: '{separator}' cannot be a separator: {e.Message}", nameof(separator), e);
        }
    }

    private static List<CsvColumn> Read(SepReader reader, string path, string? target, IReadOnlyList<string>? categories,
        IReadOnlyList<string>? leaveOut)
    {
        string[] names = [.. reader.Header.ColNames];
        if (names.Length == 0) throw new InvalidDataException($"{path}: the first line names no columns.");
        Find(names, target is null ? [] : [target], path, nameof(target));
        Find(names, categories ?? [], path, nameof(categories));
        Find(names, leaveOut ?? [], path, nameof(leaveOut));
        return [.. names.Select((name, place) => (name, place)).Where(c => leaveOut?.Contains(c.name) != true || c.name == target)
            .Select(c => new CsvColumn(path, c.name, c.place, c.name == target, categories?.Contains(c.name) == true))];
    }

    private static void Find(string[] names, IReadOnlyList<string> asked, string path, string parameter)
    {
        foreach (string name in asked)
            if (!names.Contains(name))
                throw new ArgumentException(
                    $"CsvDataset.Load: {path} has no column '{name}'; it has {string.Join(", ", names.Take(20))}.", parameter);
    }

    private static CsvDataset Made(List<CsvColumn> columns, string path, float? missing, bool? classes)
    {
        CsvColumn? target = columns.Find(column => column.IsTarget);
        var features = new List<(string Name, float[] Values)>();
        foreach (CsvColumn column in columns.Where(column => column != target))
            features.AddRange(column.IsCategory ? column.Indicators() : [(column.Name, column.Numbers(missing))]);
        if (features.Count == 0) throw new InvalidDataException($"{path}: besides the target there is no column.");
        int rows = columns[0].Count;
        float[] values = new float[checked(rows * features.Count)];
        for (int j = 0; j < features.Count; j++)
            for (int i = 0; i < rows; i++) values[i * features.Count + j] = features[j].Values[i];
        Tensor? predicted = null;
        IReadOnlyList<string> names = [];
        if (target is not null) (predicted, names) = target.AsTarget(missing, classes);
        return new CsvDataset(
            Tensor.From(values).Reshape(rows, features.Count), predicted, [.. features.Select(feature => feature.Name)], names);
    }
}
