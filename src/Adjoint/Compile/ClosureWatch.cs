using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Adjoint;

/// <summary>The variables that a function holds: those of its lambda, and the fields of the object it belongs to.</summary>
/// <remarks>
/// // Note [Variables are looked at]
/// A lambda has its variables in the fields of an object. So whether one of them is another number, tensor or model than when the
/// function was captured can be seen, before every run, which is what makes <c>x = batch.X; step.Call()</c> safe. Where it is another one
/// the function is captured again for it; and if that made no difference the variable does not matter, and is no longer looked at (it is
/// again whenever a capture is verified). Not looked at are static fields, fields of other objects, elements of lists, and structs that
/// are no numbers. Where code can be generated the looking is code, otherwise reflection.
/// </remarks>
internal sealed class ClosureWatch
{
    private const int Deepest = 4;

    private readonly List<(object Holder, FieldInfo Field)> _fields = [];

    internal ClosureWatch(Delegate f)
    {
        if (f.Target is { } target) Look(target, Deepest);
        Ignored = new bool[_fields.Count];
    }

    /// <summary>How many variables there are.</summary>
    internal int Count => _fields.Count;

    /// <summary>Those that were seen not to matter.</summary>
    internal bool[] Ignored { get; }

    /// <summary>The name of a variable.</summary>
    internal string NameOf(int number)
    {
        string name = _fields[number].Field.Name;
        return name is ['<', .. var inside] && inside.IndexOf('>') is var end and > 0 ? inside[..end] : name;
    }

    /// <summary>What the variables hold now.</summary>
    internal object?[] Now()
    {
        var values = new object?[_fields.Count];
        for (int i = 0; i < values.Length; i++) values[i] = Ignored[i] ? null : _fields[i].Field.GetValue(_fields[i].Holder);
        return values;
    }

    /// <summary>The first variable that holds something else than it did, or −1.</summary>
    internal int FirstChanged(object?[] before)
    {
        for (int i = 0; i < before.Length; i++)
        {
            if (Ignored[i]) continue;
            object? now = _fields[i].Field.GetValue(_fields[i].Holder);
            if (!IsSame(before[i], now)) return i;
        }
        return -1;
    }

    /// <summary>Looks faster, where code can be generated.</summary>
    internal ClosureCode? Code(object?[] before) => ClosureCode.Of(_fields, Ignored, before);

    private static bool IsSame(object? a, object? b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null) return false;
        return (a, b) switch
        {
            (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
            (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
            (string, string) or (ValueType, ValueType) => a.Equals(b),
            _ => false,
        };
    }

    // What a lambda holds are all its variables; of other objects what can be compared.
    private static bool IsWatched(Type type) =>
        !type.IsByRefLike && !type.IsPointer && (!type.IsValueType || type.IsPrimitive || type.IsEnum);

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What is trimmed away is not looked at: docs/compile.md.")]
    private void Look(object holder, int depth)
    {
        foreach (FieldInfo field in holder.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            bool isOuter = field.Name.StartsWith("CS$<>8__locals", StringComparison.Ordinal)
                || field.Name.EndsWith("__this", StringComparison.Ordinal);
            if (isOuter && depth > 0 && field.GetValue(holder) is { } outer)
            {
                if (!_fields.Exists(f => ReferenceEquals(f.Holder, outer))) Look(outer, depth - 1);
            }
            else if (IsWatched(field.FieldType))
            {
                _fields.Add((holder, field));
            }
        }
    }
}
