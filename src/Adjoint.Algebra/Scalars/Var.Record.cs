using System.Runtime.CompilerServices;

namespace Adjoint;

public readonly partial struct Var<V>
{
    // Note [One cold exit]: everything that is not "both operands live on one tape that has room" leaves by one call that does
    // the whole operation again, slowly. A call for growing alone, in the middle of the fast path, would make the compiler keep
    // the value on the stack across it: a store and a load in the chain from each operation to the next, twice the time.

    /// <summary>Writes down z = f(x, y) with its two partial derivatives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Var<V> Record(V value, Var<V> x, V slopeX, Var<V> y, V slopeY)
    {
        Tape<V>? tape = x.Tape;
        if (tape is not null && tape == y.Tape && x.Session == tape.Session && y.Session == tape.Session)
        {
            TapeEntry<V>[] entries = tape.Entries;
            int index = tape.Count;
            if ((uint)index < (uint)entries.Length)
            {
                entries[index].Set(x.Index, slopeX, y.Index, slopeY);
                tape.Count = index + 1;
                return new(value, tape, index, x.Session);
            }
        }
        return RecordSlowly(value, x, slopeX, y, slopeY);
    }

    /// <summary>Writes down y = f(x) with its derivative; the unused second operand is the entry 0 that stands for all constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Var<V> Record(V value, Var<V> x, V slope)
    {
        Tape<V>? tape = x.Tape;
        if (tape is not null && x.Session == tape.Session)
        {
            TapeEntry<V>[] entries = tape.Entries;
            int index = tape.Count;
            if ((uint)index < (uint)entries.Length)
            {
                entries[index].Set(x.Index, slope, 0, default);
                tape.Count = index + 1;
                return new(value, tape, index, x.Session);
            }
        }
        return RecordSlowly(value, x, slope, default, default);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Var<V> RecordSlowly(V value, Var<V> x, V slopeX, Var<V> y, V slopeY)
    {
        Tape<V>? tape = x.Tape ?? y.Tape;
        if (tape is null) return new(value);
        tape.Check(x);
        tape.Check(y);
        return new(value, tape, tape.Append(x.Index, slopeX, y.Index, slopeY), tape.Session);
    }
}
