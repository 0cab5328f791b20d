using System.IO.Compression;

namespace Adjoint.Formats;

/// <summary>
/// A file of PyTorch since 1.6: a zip archive with the object as a pickle, <c>NAME/data.pkl</c>, and each storage as <c>NAME/data/KEY</c>.
/// </summary>
internal sealed class TorchZip : ITorchMemory, IDisposable
{
    internal const string PickleName = "data.pkl";
    private const long MostPickle = 1L << 28;

    private readonly Archive _archive;
    private readonly string _file, _folder;
    private readonly bool _isBigEndian;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly Dictionary<(string Key, StoredType Type), Tensor> _known = [];

    internal TorchZip(Stream stream, string file)
    {
        _file = file;
        _archive = new Archive(stream, file);
        foreach (ZipArchiveEntry entry in _archive.Entries)
            if (!_entries.TryAdd(entry.FullName, entry)) throw Error($"the entry '{entry.FullName}' is there twice.");
        string? pickle = _entries.Keys.FirstOrDefault(
            name => name == PickleName || name.EndsWith($"/{PickleName}", StringComparison.Ordinal));
        _folder = pickle is null ? throw Error($"there is no '{PickleName}' in this zip archive; it is not a file of PyTorch.")
            : pickle[..^PickleName.Length];
        if (_entries.ContainsKey(_folder + "constants.pkl"))
            throw Error("this is a program of TorchScript, whose code is not read; save a state_dict() instead.");
        if (_entries.TryGetValue(_folder + "byteorder", out ZipArchiveEntry? order))
        {
            using Stream text = _archive.Open(order);
            _isBigEndian = text.ReadByte() == 'b';
        }
    }

    /// <summary>Reads the object of the file.</summary>
    internal object? Read()
    {
        ZipArchiveEntry entry = _entries[_folder + PickleName];
        if (Archive.MostBytes(entry) is > MostPickle and var length)
            throw Error($"'{entry.FullName}' claims {length} bytes; at most {MostPickle} are read.");
        using Stream packed = _archive.Open(entry);
        using var pickle = new MemoryStream();
        try
        {
            packed.CopyTo(pickle);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(_file, 0, $"'{entry.FullName}' is damaged.", e);
        }
        pickle.Position = 0;
        return PickleMachine.Read(pickle, $"{_file}/{entry.FullName}", new TorchWorld(this));
    }

    /// <inheritdoc/>
    public Tensor Of(TorchStorage storage, StoredType type, long count)
    {
        if (_known.TryGetValue((storage.Key, type), out Tensor? known))
            return known.NumEl == count ? known
                : throw Error($"storage '{storage.Key}' is said to have {known.NumEl} elements, and {count}.");
        string what = $"storage '{storage.Key}'";
        if (!_entries.TryGetValue($"{_folder}data/{storage.Key}", out ZipArchiveEntry? entry)) throw Error($"there is no {what}.");
        long bytes = ElementReader.CountBytes(type, [count]);
        if (bytes < 0) throw Error($"{what} of {count} elements is too large; at most 2 GiB can be loaded.");
        if (bytes > Archive.MostBytes(entry))
            throw Error($"{what} should have {bytes} bytes, but has {entry.Length}; the file was cut short.");
        using Stream data = _archive.Open(entry);
        Tensor whole = new ElementReader(data, $"{_file}/{entry.FullName}", _isBigEndian).Read(type, [count], what, 0);
        _known.Add((storage.Key, type), whole);
        return whole;
    }

    public void Dispose() => _archive.Dispose();

    private DataFormatException Error(string problem) => new(_file, 0, problem);
}
