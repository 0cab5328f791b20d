using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Adjoint.Formats;

/// <summary>Writes objects as a pickle of protocol 2, which every Python reads.</summary>
internal class PickleWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly HashSet<object> _around = new(ReferenceEqualityComparer.Instance);

    /// <summary>The pickle of an object.</summary>
    /// <exception cref="ArgumentException">It holds what no pickle of data does, or itself.</exception>
    internal byte[] Pickle(object? value)
    {
        Code('\x80', 2);
        Write(value);
        Code('.');
        return _bytes.ToArray();
    }

    /// <summary>Writes what is no object of the language's own; false where it is not known.</summary>
    protected virtual bool WriteOther(object value) => false;

    protected void Write(object? value)
    {
        switch (value)
        {
            case null: Code('N'); break;
            case bool truth: Code(truth ? '\x88' : '\x89'); break;
            case byte or sbyte or short or ushort or int or uint or long:
                Whole(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong or BigInteger: Large(value is ulong large ? large : (BigInteger)value); break;
            case float or double or Half: Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case string text: Text(text); break;
            case byte[] bytes: Call("_codecs", "encode", [Encoding.Latin1.GetString(bytes), "latin1"]); break;
            default:
                if (!WriteOther(value)) Around(value);
                break;
        }
    }

    /// <summary>Writes the name of something of Python.</summary>
    protected void Global(string module, string name)
    {
        Code('c');
        _bytes.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    /// <summary>Writes the call of something of Python.</summary>
    protected void Call(string module, string name, object?[] arguments)
    {
        Global(module, name);
        Tuple(arguments);
        Code('R');
    }

    protected void Tuple(IEnumerable items)
    {
        Code('(');
        foreach (object? item in items) Write(item);
        Code('t');
    }

    protected void Code(char code) => _bytes.WriteByte((byte)code);

    private void Code(char code, byte argument)
    {
        Code(code);
        _bytes.WriteByte(argument);
    }

    private void Around(object value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!_around.Add(value)) throw new ArgumentException("The object to be saved contains itself.", nameof(value));
        switch (value)
        {
            case IDictionary dictionary: Dictionary(dictionary); break;
            case ITuple tuple: Tuple(Enumerable.Range(0, tuple.Length).Select(i => tuple[i])); break;
            case object?[] items: Tuple(items); break;
            case IEnumerable items: List(items); break;
            default:
                throw new ArgumentException($"An object of type {value.GetType().Name} cannot be saved; numbers, texts, lists, tuples, "
                    + "dictionaries and tensors can.", nameof(value));
        }
        _around.Remove(value);
    }

    // What keeps its order here does so there, as a state_dict() does.
    private void Dictionary(IDictionary dictionary)
    {
        Type type = dictionary.GetType();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(OrderedDictionary<,>)) Call("collections", "OrderedDict", []);
        else Code('}');
        Code('(');
        foreach (DictionaryEntry entry in dictionary)
        {
            Write(entry.Key);
            Write(entry.Value);
        }
        Code('u');
    }

    private void List(IEnumerable items)
    {
        Code(']');
        Code('(');
        foreach (object? item in items) Write(item);
        Code('e');
    }

    private void Whole(long value)
    {
        if (value is >= byte.MinValue and <= byte.MaxValue)
        {
            Code('K', (byte)value);
        }
        else if (value is >= int.MinValue and <= int.MaxValue)
        {
            Code('J');
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
            _bytes.Write(bytes);
        }
        else
        {
            Large(value);
        }
    }

    private void Large(BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        if (bytes.Length > byte.MaxValue) throw new ArgumentException("A whole number of over 255 bytes cannot be saved.", nameof(value));
        Code('\x8a', (byte)bytes.Length);
        _bytes.Write(bytes);
    }

    private void Number(double value)
    {
        Code('G');
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        _bytes.Write(bytes);
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Code('X');
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        _bytes.Write(length);
        _bytes.Write(utf8);
    }
}
