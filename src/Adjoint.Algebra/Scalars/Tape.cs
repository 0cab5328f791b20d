using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// What a program over <see cref="Var{V}"/> did, written down in one flat array: for every operation where its operands
/// stand and the partial derivatives by them. One sweep from the last entry to the first gives the derivatives of one
/// result by everything. <see cref="Reset"/> empties the tape and keeps its memory, so that a program recorded again and
/// again allocates nothing. A tape serves one thread at a time; each thread may have its own.
/// </summary>
/// <example><code>
/// var tape = new Tape&lt;Real&lt;double&gt;&gt;();
/// var x = tape.Variable(2);
/// var y = x * x + 3 * x;
/// tape.Backward(y);
/// tape.Adjoint(x)          // 7
/// </code></example>
/// <typeparam name="V">The algebra of values and derivatives; see <see cref="Var{V}"/>.</typeparam>
public sealed class Tape<V> where V : struct, IAlgebra<V>
{
    /// <summary>Entry 0 stands for every constant: what flows there is never read.</summary>
    internal TapeEntry<V>[] Entries;

    /// <summary>The place of the next entry.</summary>
    internal int Count = 1;

    /// <summary>Grows with every <see cref="Reset"/>, so that a Var from before it is recognised.</summary>
    internal int Session = 1;

    /// <summary>Whether somebody has it from the <see cref="TapePool{V}"/>.</summary>
    internal bool Rented;

    private Var<V>[] _variables = [];
    private V[] _adjoints = [];
    private int _swept = -1;

    /// <summary>
    /// How many variables stand at the beginning, before any operation: the sweep ends there, and their entries are not written.
    /// </summary>
    private int _leading;

    /// <summary>An empty tape.</summary>
    /// <param name="capacity">How many entries fit before the tape grows by doubling.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public Tape(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(capacity, Array.MaxLength);
        Entries = new TapeEntry<V>[capacity + 1];
    }

    /// <summary>How many variables and operations are recorded.</summary>
    public int Length => Count - 1;

    /// <summary>Forgets what was recorded and keeps the memory. Variables must be made anew.</summary>
    public void Reset()
    {
        Count = 1;
        Session++;
        _leading = 0;
        _swept = -1;
    }

    /// <summary>A number to differentiate by.</summary>
    public Var<V> Variable(V value)
    {
        int index = Append(0, default, 0, default);
        if (index == _leading + 1) _leading = index;
        return new(value, this, index, Session);
    }

    /// <summary>A number to differentiate by.</summary>
    public Var<V> Variable(double value) => Variable(V.Constant(value));

    /// <summary>Numbers to differentiate by. The span is valid until the next call or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<Var<V>> Variables(ReadOnlySpan<V> values)
    {
        int first = Count, count = values.Length;
        if (_variables.Length < count || Entries.Length - first < count) MakeRoom(count);
        Span<Var<V>> variables = _variables.AsSpan(0, count);
        if (first == _leading + 1) _leading += count;
        else Entries.AsSpan(first, count).Clear();
        for (int i = 0; i < variables.Length; i++) variables[i] = new(values[i], this, first + i, Session);
        Count = first + count;
        return variables;
    }

    private void MakeRoom(int variables)
    {
        if (_variables.Length < variables) _variables = new Var<V>[Math.Max(variables, 2 * _variables.Length)];
        while (Entries.Length - Count < variables) Array.Resize(ref Entries, 2 * Entries.Length);
    }

    /// <summary>Computes ∂y/∂v for every v that y was computed from; read them with <see cref="Adjoint(Var{V})"/>.</summary>
    /// <exception cref="InvalidOperationException">y was recorded on another tape, or before <see cref="Reset"/>.</exception>
    public void Backward(Var<V> y)
    {
        Check(y);
        Span<V> adjoints = Cleared(y.Index);
        adjoints[y.Index] = V.Constant(1);
        Sweep(Entries.AsSpan(0, adjoints.Length), adjoints, _leading);
    }

    /// <summary>Computes Σ seedₖ·∂yₖ/∂v for every v that the y were computed from (a vector-Jacobian product).</summary>
    /// <exception cref="ArgumentException">There is not one seed for each y.</exception>
    /// <exception cref="InvalidOperationException">A y was recorded on another tape, or before <see cref="Reset"/>.</exception>
    public void Backward(ReadOnlySpan<Var<V>> y, ReadOnlySpan<V> seeds)
    {
        if (y.Length != seeds.Length)
            throw new ArgumentException(
                $"Backward: {y.Length} results need {y.Length} seeds, one for each, but there are {seeds.Length}.", nameof(seeds));
        int last = 0;
        foreach (Var<V> result in y)
        {
            Check(result);
            last = Math.Max(last, result.Index);
        }

        Span<V> adjoints = Cleared(last);
        for (int k = 0; k < y.Length; k++) adjoints[y[k].Index] += seeds[k];
        Sweep(Entries.AsSpan(0, adjoints.Length), adjoints, _leading);
    }

    /// <summary>What the last <see cref="Backward(Var{V})"/> found for x: zero if the result does not depend on it.</summary>
    /// <exception cref="InvalidOperationException">
    /// No <see cref="Backward(Var{V})"/> since the last <see cref="Reset"/>, or x was recorded on another tape or before it.
    /// </exception>
    public V Adjoint(Var<V> x)
    {
        if (_swept < 0) throw new InvalidOperationException("Tape.Adjoint: nothing was differentiated yet; call Backward(y) first.");
        Check(x);
        return x.IsConstant || x.Index > _swept ? default : _adjoints[x.Index];
    }

    /// <summary>The adjoints of variables made in one go.</summary>
    internal void Adjoints(ReadOnlySpan<Var<V>> variables, Span<V> adjoints)
    {
        if (variables.IsEmpty) return;
        int first = variables[0].Index;
        // One by one: Note [Short tapes].
        for (int i = 0; i < adjoints.Length; i++) adjoints[i] = first + i <= _swept ? _adjoints[first + i] : default;
    }

    /// <summary>Zero adjoints for the entries up to the last that is to be swept.</summary>
    private Span<V> Cleared(int last)
    {
        if (_adjoints.Length <= last) _adjoints = new V[Entries.Length];
        Span<V> adjoints = _adjoints.AsSpan(0, last + 1);
        if (adjoints.Length > Short)
            adjoints.Clear();
        else
            for (int i = 0; i < adjoints.Length; i++) adjoints[i] = default;
        _swept = last;
        return adjoints;
    }

    // Note [Short tapes]: the sweep over a few entries reads its zeros while they are still on their way to memory. A number is handed
    // over from the store that wrote it, but not out of a wide store that crosses a cache line, as Clear makes them: that costs half the
    // time of a short program, or nothing, by where the array happens to lie. So a few are written, and copied, one by one.
    private const int Short = 64;

    // Note [Carried adjoint]: an operation very often uses the result of the one just before it, whose adjoint is the next to be
    // read. Through memory that is a store and a load in the chain from step to step; so it travels in a register instead.

    /// <summary>From the newest entry to the oldest: what reaches an entry goes on to its operands, multiplied by the slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(Span<TapeEntry<V>> entries, Span<V> adjoints, int leading)
    {
        int i = entries.Length - 1;
        V adjoint = adjoints[i];
        for (; i > leading; i--)
        {
            int below = i - 1;
            V next = adjoints[below];
            adjoints[i] = adjoint;
            ref TapeEntry<V> entry = ref entries[i];
            if (!V.IsZero(adjoint))
            {
                if (entry.X == below) next += adjoint * entry.SlopeX;
                else adjoints[entry.X] += adjoint * entry.SlopeX;
                if (entry.Y == below) next += adjoint * entry.SlopeY;
                else if (entry.Y != 0) adjoints[entry.Y] += adjoint * entry.SlopeY;
            }
            else if (!V.IsZero(adjoint * entry.SlopeX) || !V.IsZero(adjoint * entry.SlopeY))
            {
                SweepCarefully(entries, adjoints, leading, i);
                return;
            }
            adjoint = next;
        }
        adjoints[i] = adjoint;
    }

    // Note [Zero adjoints]: an adjoint is zero where the result does not depend on the entry (a branch not taken, another result),
    // and there an infinite slope must do no harm. It is also zero where the entry was multiplied by 0, and there 0·∞ is not a
    // number, in reverse as it is forward: x·ln x at 0. What the entries say of who used whom tells one from the other.

    /// <summary>The rest of a sweep, from entry <paramref name="i"/> on, in which zero meets a slope that is not finite.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SweepCarefully(Span<TapeEntry<V>> entries, Span<V> adjoints, int leading, int i)
    {
        bool[] reached = new bool[entries.Length];
        for (int k = entries.Length - 1; k > leading; k--)
        {
            reached[k] |= !V.IsZero(adjoints[k]);
            if (reached[k]) reached[entries[k].X] = reached[entries[k].Y] = true;
        }
        for (; i > leading; i--)
        {
            if (!reached[i]) continue;
            ref TapeEntry<V> entry = ref entries[i];
            V adjoint = adjoints[i];
            adjoints[entry.X] += adjoint * entry.SlopeX;
            adjoints[entry.Y] += adjoint * entry.SlopeY;
        }
    }

    internal int Append(int x, V slopeX, int y, V slopeY)
    {
        if (Count == Entries.Length) Array.Resize(ref Entries, 2 * Entries.Length);
        Entries[Count].Set(x, slopeX, y, slopeY);
        return Count++;
    }

    /// <summary>A constant belongs to every tape; anything else must have been recorded here, since the last reset.</summary>
    internal void Check(Var<V> x)
    {
        if (x.IsConstant) return;
        if (x.Tape != this)
            throw new InvalidOperationException(
                "Numbers recorded on two different tapes meet in one operation. "
                + "Make all variables of a program with Variable of one tape.");
        if (x.Session != Session)
            throw new InvalidOperationException(
                "A number recorded before Tape.Reset() is used after it, when what made it is forgotten. "
                + "Make the variables anew with Tape.Variable.");
    }
}
