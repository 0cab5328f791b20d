using System.Globalization;
using System.IO.Compression;

namespace Adjoint.Formats;

/// <summary>Writes a file of PyTorch, as its versions since 1.6 do.</summary>
internal sealed class TorchWriter : PickleWriter
{
    private const string Folder = "archive";

    private readonly Dictionary<object, int> _keys = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> _storages = [];

    /// <summary>Writes the pickle and the storages that it names.</summary>
    internal void Write(Stream stream, byte[] pickle)
    {
        ElementReader.CheckOrder();
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Entry(zip, "data.pkl", pickle);
        Entry(zip, "byteorder", "little"u8);
        for (int i = 0; i < _storages.Count; i++)
        {
            using var memory = new Loan();
            Entry(zip, $"data/{i.ToString(CultureInfo.InvariantCulture)}", memory.Bytes(_storages[i]));
        }
        Entry(zip, "version", "3\n"u8);
    }

    /// <inheritdoc/>
    protected override bool WriteOther(object value)
    {
        if (value is DType dtype) Global("torch", dtype.TorchName);
        else if (value is Tensor x) Rebuilt(x);
        else return false;
        return true;
    }

    // Its arguments hold a reference to memory outside of the pickle, which no tuple of C# is.
    private void Rebuilt(Tensor tensor)
    {
        Tensor x = tensor.Detach();
        object memory = x.MemoryOwner;
        if (!_keys.TryGetValue(memory, out int key))
        {
            key = _storages.Count;
            _keys.Add(memory, key);
            _storages.Add(x.WholeMemory());
        }
        Global("torch._utils", "_rebuild_tensor_v2");
        Code('(');
        Code('(');
        Write("storage");
        Global("torch", StoredTypes.Of(x.DType).Torch!);
        Write(key.ToString(CultureInfo.InvariantCulture));
        Write("cpu");
        Write(x.MemoryLength);
        Code('t');
        Code('Q');
        Write(x.Offset);
        Tuple(x.Shape.ToArray());
        Tuple(x.Strides.ToArray());
        Write(tensor.RequiresGrad);
        Call("collections", "OrderedDict", []);
        Code('t');
        Code('R');
    }

    private static void Entry(ZipArchive zip, string name, ReadOnlySpan<byte> bytes)
    {
        using Stream entry = Archive.Create(zip, $"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.Write(bytes);
    }
}
