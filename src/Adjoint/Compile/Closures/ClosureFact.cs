using System.Reflection;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>Something that a function's variables held when it was captured.</summary>
internal abstract class ClosureFact
{
    /// <summary>What the user calls it.</summary>
    internal abstract string Name { get; }

    /// <summary>Whether it still is so.</summary>
    internal abstract bool IsSame();

    /// <summary>Makes it so again, if that can be done.</summary>
    internal virtual void BringBack()
    {
    }

    /// <summary>Whether two values are the same: references by identity, numbers by their bits.</summary>
    private protected static bool AreSame(object? a, object? b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null) return false;
        return (a, b) switch
        {
            (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
            (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
            (Half x, Half y) => BitConverter.HalfToInt16Bits(x) == BitConverter.HalfToInt16Bits(y),
            (ValueType, ValueType) => a.Equals(b),
            _ => false,
        };
    }
}

/// <summary>What a field held: a reference, or a number, also one inside a struct.</summary>
/// <param name="holder">The object; null for a static field.</param>
/// <param name="path">The field of the object, then those of structs.</param>
/// <param name="value">What it held.</param>
internal sealed class FieldFact(object? holder, FieldInfo[] path, object? value) : ClosureFact
{
    internal object? Holder => holder;

    internal FieldInfo[] Path => path;

    internal object? Value => value;

    internal Type Type => path[^1].FieldType;

    internal override string Name => string.Join('.', path.Select(NameOf));

    internal override bool IsSame() => AreSame(value, Read(holder, path));

    internal override void BringBack()
    {
        if (path[0].IsInitOnly || IsSame()) return;
        if (path.Length == 1)
        {
            path[0].SetValue(holder, value);
            return;
        }
        // Structs are copied out and in again.
        var at = new object?[path.Length];
        at[0] = holder;
        for (int i = 1; i < path.Length; i++) at[i] = path[i - 1].GetValue(at[i - 1]);
        object? inner = value;
        for (int i = path.Length - 1; i >= 0; i--)
        {
            path[i].SetValue(at[i], inner);
            inner = at[i];
        }
    }

    internal static object? Read(object? holder, FieldInfo[] path)
    {
        foreach (FieldInfo field in path) holder = field.GetValue(holder);
        return holder;
    }

    private static string NameOf(FieldInfo field)
    {
        string name = field.Name;
        return name is ['<', .. var inside] && inside.IndexOf('>') is var end and > 0 ? inside[..end] : name;
    }
}

/// <summary>The elements of an array of numbers.</summary>
internal sealed class NumbersFact(string name, Array array, byte[] before) : ClosureFact
{
    internal override string Name => name;

    internal override bool IsSame() => Bytes(array, before.Length).SequenceEqual(before);

    internal override void BringBack() => before.CopyTo(Bytes(array, before.Length));

    internal static Span<byte> Bytes(Array array, int length) => length == 0 ? []
        : MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), length);
}

/// <summary>The elements of an array of references.</summary>
internal sealed class ElementsFact(string name, object?[] array, object?[] before) : ClosureFact
{
    internal override string Name => name;

    internal override bool IsSame()
    {
        object?[] now = array;
        for (int i = 0; i < before.Length; i++)
            if (!ReferenceEquals(now[i], before[i])) return false;
        return true;
    }

    internal override void BringBack() => before.CopyTo(array, 0);
}

/// <summary>The elements of an array of structs, each by all of its fields.</summary>
internal sealed class StructsFact(string name, Array array, FieldInfo[][] paths, object?[] before) : ClosureFact
{
    private readonly Array _copy = (Array)array.Clone();

    internal Array Array => array;

    internal FieldInfo[][] Paths => paths;

    /// <summary>What the fields of the elements held, element by element.</summary>
    internal object?[] Before => before;

    internal override string Name => name;

    internal override void BringBack() => Array.Copy(_copy, array, array.Length);

    internal override bool IsSame()
    {
        int next = 0;
        foreach (object? element in array)
            foreach (FieldInfo[] path in paths)
                if (!AreSame(before[next++], FieldFact.Read(element, path))) return false;
        return true;
    }
}

/// <summary>What a tensor is besides its elements.</summary>
internal sealed class TensorFact : ClosureFact
{
    private readonly Tensor _tensor;
    private readonly object _memory;
    private readonly DType _dtype;
    private readonly bool _requiresGrad, _isLeaf, _isInference;

    internal TensorFact(Tensor x)
    {
        (_tensor, _memory, _dtype) = (x, x.SharedMemory(), x.DType);
        (_requiresGrad, _isLeaf, _isInference) = (x.RequiresGrad, x.IsLeaf, x.IsInference);
    }

    internal Tensor Tensor => _tensor;

    internal object Memory => _memory;

    internal override string Name => $"a {_dtype} tensor of shape {_tensor.Shape}";

    internal override bool IsSame() => ReferenceEquals(_tensor.MemoryOwner, _memory) && _tensor.RequiresGrad == _requiresGrad
        && _tensor.IsLeaf == _isLeaf && _tensor.DType == _dtype && _tensor.IsInference == _isInference && !_tensor.HasHooks;
}
