using System.Buffers.Binary;

namespace Adjoint.Formats;

/// <summary>
/// A file of PyTorch before 1.6: five pickles one after the other (a magic number, a version, facts about the machine, the object, the
/// names of its storages), and then each storage, its length in eight bytes before it.
/// </summary>
internal sealed class TorchLegacy(Stream stream, string file) : ITorchMemory
{
    private readonly Dictionary<string, (StoredType Type, Tensor Whole)> _known = [];
    private long _claimed;

    // 0x1950a86a20f9469cfc6c as a pickle of protocol 2.
    private static ReadOnlySpan<byte> Magic => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Whether a file begins so.</summary>
    internal static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads the object of the file.</summary>
    internal object? Read()
    {
        var world = new TorchWorld(this);
        stream.Position += Magic.Length;
        if (PickleMachine.Read(stream, file, world) is not 1001L)
            throw Error("the file is of another version of PyTorch's format than 1001.");
        if (PickleMachine.Read(stream, file, world) is OrderedDictionary<object, object?> machine
            && machine.TryGetValue("little_endian", out object? isLittle) && isLittle is false)
            throw Error("the file was written on a big-endian machine.");
        object? value = PickleMachine.Read(stream, file, world);
        if (PickleMachine.Read(stream, file, world) is not List<object?> keys) throw Error("the names of storages should follow.");
        var left = new HashSet<string>(_known.Keys);
        Span<byte> length = stackalloc byte[8];
        foreach (object? key in keys)
        {
            // One that no tensor lies in cannot be passed over: its type is not said.
            if (key is not string name || !left.Remove(name)) throw Error($"storage '{key}' belongs to no tensor, or is there twice.");
            (StoredType type, Tensor whole) = _known[name];
            if (stream.ReadAtLeast(length, 8, throwOnEndOfStream: false) < 8) throw Error("the file ends before its storages.");
            if (BinaryPrimitives.ReadInt64LittleEndian(length) is var count && count != whole.NumEl)
                throw Error($"storage '{name}' has {count} elements, but should have {whole.NumEl}.");
            new ElementReader(stream, file).ReadInto(whole, type, $"storage '{name}'", stream.Position);
        }
        return left.Count == 0 ? value : throw Error($"the file has no storage '{left.First()}'.");
    }

    /// <inheritdoc/>
    public Tensor Of(TorchStorage storage, StoredType type, long count)
    {
        if (storage.Type is null) throw Error("a file of this age has no memory without a type.");
        if (_known.TryGetValue(storage.Key, out (StoredType Type, Tensor Whole) known))
            return known.Type == type && known.Whole.NumEl == count ? known.Whole
                : throw Error($"storage '{storage.Key}' is said to be two different things.");
        long bytes = ElementReader.CountBytes(type, [count]);
        // The elements come later: before memory is taken for them, they must have room in the file.
        if (bytes < 0 || (_claimed += bytes) > stream.Length)
            throw Error($"storage '{storage.Key}' of {count} elements is larger than the file; it was cut short.");
        Tensor whole = Tensor.Empty([(int)count], type.DType);
        _known.Add(storage.Key, (type, whole));
        return whole;
    }

    private DataFormatException Error(string problem) => new(file, stream.Position, problem);
}
