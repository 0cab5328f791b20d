using System.Globalization;
using System.Numerics;
using System.Text;

namespace Adjoint.Formats;

/// <summary>Reads a pickle, Python's format of objects, as data.</summary>
/// <remarks>
/// // Note [A pickle runs nothing]
/// A pickle is a program for a small machine with a stack: its instructions make numbers, strings, tuples, lists and dictionaries, and may
/// call any function of Python by its name. Here there are no functions: a name that is not known is refused, and a known one is a
/// case in an <see cref="IPickleWorld"/> that makes data of data. Each instruction takes at least a byte and makes at most one small
/// object, their number is bounded, and lengths are compared with what is there before memory is taken. What is made may contain itself, as
/// in Python; who walks through it has to mind that.
/// Source: Python's <c>pickletools</c>, protocols 0 to 5.
/// </remarks>
internal sealed class PickleMachine
{
    // Some 400 MB at most; a state dictionary of a thousand layers takes a hundred thousand.
    private const int MostInstructions = 1 << 22;

    private readonly FileBytes _bytes;
    private readonly IPickleWorld _world;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];

    private PickleMachine(FileBytes bytes, IPickleWorld world) => (_bytes, _world) = (bytes, world);

    /// <summary>Reads the pickle that begins where the stream is, and leaves the stream behind it.</summary>
    /// <param name="stream">It must be able to seek.</param>
    /// <param name="file">Its name in errors.</param>
    /// <param name="world">What it may name.</param>
    /// <returns>null, bool, long, BigInteger, double, string, byte[], object?[] for a tuple, List, HashSet, OrderedDictionary, or what the
    /// world makes.</returns>
    /// <exception cref="DataFormatException">It is none, is damaged, or names what the world does not know.</exception>
    internal static object? Read(Stream stream, string file, IPickleWorld world)
    {
        var bytes = new FileBytes(stream, file);
        try
        {
            return new PickleMachine(bytes, world).Run();
        }
        catch (FormatException e)
        {
            throw bytes.Error(e.Message, e);
        }
    }

    private object? Run()
    {
        for (int count = 0; count < MostInstructions; count++)
        {
            byte code = _bytes.Byte();
            if (code == '.') return Pop();
            Do((char)code);
        }
        throw _bytes.Error($"the pickle has over {MostInstructions} instructions; no file of tensors has.");
    }

    private void Do(char code)
    {
        switch (code)
        {
            case '\x80': CheckProtocol(_bytes.Byte()); break;
            case '\x95': _bytes.UInt64(); break;                                    // a frame's length
            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'K': Push((long)_bytes.Byte()); break;
            case 'M': Push((long)_bytes.UInt16()); break;
            case 'J': Push((long)_bytes.Int32()); break;
            case 'I': Push(_bytes.Line() is var line && line is "00" or "01" ? line == "01" : _bytes.Number(line)); break;
            case 'L': Push(_bytes.Number(_bytes.Line())); break;
            case '\x8a': Push(Long(_bytes.Byte())); break;
            case '\x8b': Push(Long(_bytes.Int32())); break;
            case 'G': Push(_bytes.DoubleBigEndian()); break;
            case 'F': Push(double.TryParse(_bytes.Line(), CultureInfo.InvariantCulture, out double x) ? x : throw Wrong("a number")); break;
            case '\x8c': Push(_bytes.Text(_bytes.Byte())); break;
            case 'X': Push(_bytes.Text(_bytes.UInt32())); break;
            case '\x8d': Push(_bytes.Text(_bytes.UInt64())); break;
            case 'U': Push(Encoding.Latin1.GetString(_bytes.Bytes(_bytes.Byte()))); break;
            case 'T': Push(Encoding.Latin1.GetString(_bytes.Bytes(_bytes.UInt32()))); break;
            case 'V': Push(_bytes.Line()); break;
            case 'S': Push(_bytes.Line().Trim('\'', '"')); break;
            case 'C': Push(_bytes.Bytes(_bytes.Byte())); break;
            case 'B': Push(_bytes.Bytes(_bytes.UInt32())); break;
            case '\x8e' or '\x96': Push(_bytes.Bytes(_bytes.UInt64())); break;
            case '(': Push(PickleMark.One); break;
            case ')': Push(Array.Empty<object?>()); break;
            case 't': Push(PopMarked()); break;
            case '\x85': Push(PopMany(1)); break;
            case '\x86': Push(PopMany(2)); break;
            case '\x87': Push(PopMany(3)); break;
            case ']': Push(new List<object?>()); break;
            case 'l': Push(new List<object?>(PopMarked())); break;
            case '}': Push(new OrderedDictionary<object, object?>()); break;
            case 'd': Push(Filled(new OrderedDictionary<object, object?>(), PopMarked())); break;
            case '\x8f': Push(new HashSet<object?>()); break;
            case '\x91': Push(new HashSet<object?>(PopMarked())); break;
            case 'a': Append(PopMany(1)); break;
            case 'e': Append(PopMarked()); break;
            case 's': SetItems(PopMany(2)); break;
            case 'u': SetItems(PopMarked()); break;
            case '\x90': AddItems(PopMarked()); break;
            case '0': Pop(); break;
            case '1': PopMarked(); break;
            case '2': Push(Top()); break;
            case 'p': _memo[_bytes.Number(_bytes.Line())] = Top(); break;
            case 'q': _memo[_bytes.Byte()] = Top(); break;
            case 'r': _memo[_bytes.UInt32()] = Top(); break;
            case '\x94': _memo[_memo.Count] = Top(); break;
            case 'g': Push(Remembered(_bytes.Number(_bytes.Line()))); break;
            case 'h': Push(Remembered(_bytes.Byte())); break;
            case 'j': Push(Remembered(_bytes.UInt32())); break;
            case 'c': Push(Known(_bytes.Line(), _bytes.Line())); break;
            case '\x93':
                object?[] names = PopMany(2);
                Push(Known(names[0] as string, names[1] as string));
                break;
            case 'Q': Push(_world.Persistent(Pop())); break;
            case 'R' or '\x81':
                object?[] call = PopMany(2);
                Push(_world.Call(call[0] as PickleGlobal ?? throw Wrong("a name"), call[1] as object?[] ?? throw Wrong("a tuple")));
                break;
            case 'b': Build(PopMany(1)[0]); break;
            default: throw _bytes.Error($"the instruction {(int)code:x2} is none that files of tensors have.");
        }
    }

    private void CheckProtocol(byte version)
    {
        if (version > 5) throw _bytes.Error($"the pickle has protocol {version}; 0 to 5 are read.");
    }

    // Whole numbers of Python have any length; those of files are seeds at most.
    private object Long(int count)
    {
        if (count is < 0 or > 256) throw _bytes.Error($"a whole number of {count} bytes is too long.");
        var value = new BigInteger(_bytes.Bytes((ulong)count));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private object Known(string? module, string? name)
    {
        if (module is null || name is null) throw Wrong("the name of a module and of what is in it");
        var global = new PickleGlobal(module, name);
        return _world.Named(global)
            ?? throw _bytes.Error($"the file names '{global}', an object of Python that only its own code can make; numbers, texts, lists, "
                + "dictionaries and tensors are read. Save a state_dict() instead of a whole module.");
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw Wrong("a list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not OrderedDictionary<object, object?> dictionary) throw Wrong("a dictionary");
        Filled(dictionary, items);
    }

    private OrderedDictionary<object, object?> Filled(OrderedDictionary<object, object?> dictionary, object?[] items)
    {
        if (items.Length % 2 != 0) throw Wrong("a value for each key");
        for (int i = 0; i < items.Length; i += 2) dictionary[items[i] ?? throw Wrong("a key that is not None")] = items[i + 1];
        return dictionary;
    }

    private void AddItems(object?[] items)
    {
        if (Top() is not HashSet<object?> set) throw Wrong("a set");
        set.UnionWith(items);
    }

    // Attributes: of an ordered dictionary, the versions of modules; of a type of NumPy, the order of its bytes.
    private void Build(object? state)
    {
        if (Top() is not (OrderedDictionary<object, object?> or StoredType))
            throw _bytes.Error("the file sets attributes of an object that has none.");
        if (Top() is StoredType && state is object?[] and [_, ">", ..])
            throw _bytes.Error("a number of NumPy begins with its highest byte.");
    }

    private object? Remembered(long place) =>
        _memo.TryGetValue(place, out object? value) ? value
        : throw _bytes.Error($"the pickle refers to its object {place}, which is not there yet.");

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > 0 ? _stack[^1] : throw Wrong("an object");

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        if (_stack.Count < count) throw Wrong($"{count} objects");
        object?[] items = [.. _stack[^count..]];
        if (Array.Exists(items, item => item is PickleMark)) throw Wrong("an object, not a mark,");
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopMarked()
    {
        int mark = _stack.LastIndexOf(PickleMark.One);
        if (mark < 0) throw Wrong("a mark");
        object?[] items = [.. _stack[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private DataFormatException Wrong(string wanted) => _bytes.Error($"the pickle is damaged: {wanted} should be on its stack.");
}
