using System.Buffers;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// Reverse sweeps for <see cref="Tangents.Count"/> results at once: every entry's adjoint is a vector with a lane for each of them, so
/// the tape is read once where it would be read 16 times.
/// </summary>
internal static class RowSweep
{
    // Note [Reached]: a bit for each lane whose result was computed from the entry. It takes the place of clearing the adjoints (those
    // of an entry that no result reached are never looked at, and most of a tape is not reached by any 16 of its results), and it
    // tells a lane that is 0 because its result does not depend on the entry from one that came out as 0: Note [Zero adjoints].

    /// <summary>From how many results on it pays: an entry takes several times as long with 16 lanes as with one.</summary>
    private const int FewestRows = 8;

    /// <summary>
    /// The longest tape: its adjoints take 128 bytes an entry, 32 MiB in all. A longer one is swept row by row, with 8 bytes.
    /// </summary>
    private const int Longest = 1 << 18;

    /// <summary>Writes ∂yᵢ/∂xⱼ to matrix[i, j].</summary>
    /// <param name="tape">What was recorded.</param>
    /// <param name="y">The results, recorded on it.</param>
    /// <param name="x">The variables: the first entries of the tape.</param>
    /// <param name="matrix">As many rows as results, as many columns as variables.</param>
    public static void Jacobian(
        Tape<Real<double>> tape, ReadOnlySpan<Var<Real<double>>> y, ReadOnlySpan<Var<Real<double>>> x, double[,] matrix)
    {
        if (y.Length < FewestRows || tape.Length > Longest) RowByRow(tape, y, x, matrix);
        else SixteenAtOnce(tape, y, x.Length, matrix);
    }

    private static void RowByRow(
        Tape<Real<double>> tape, ReadOnlySpan<Var<Real<double>>> y, ReadOnlySpan<Var<Real<double>>> x, double[,] matrix)
    {
        Real<double>[] row = new Real<double>[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            tape.Backward(y[i]);
            tape.Adjoints(x, row);
            for (int j = 0; j < row.Length; j++) matrix[i, j] = row[j].Value;
        }
    }

    private static void SixteenAtOnce(
        Tape<Real<double>> tape, ReadOnlySpan<Var<Real<double>>> y, int variables, double[,] matrix)
    {
        int last = variables;
        foreach (Var<Real<double>> result in y)
        {
            tape.Check(result);
            last = Math.Max(last, result.Index);
        }
        Tangents[] adjoints = ArrayPool<Tangents>.Shared.Rent(last + 1);
        int[] reached = ArrayPool<int>.Shared.Rent(last + 1);
        for (int first = 0; first < y.Length; first += Tangents.Count)
        {
            ReadOnlySpan<Var<Real<double>>> rows = y[first..Math.Min(first + Tangents.Count, y.Length)];
            reached.AsSpan(0, last + 1).Clear();
            int newest = 0;
            for (int k = 0; k < rows.Length; k++)
            {
                Add(adjoints, reached, rows[k].Index, Tangents.Unit(k), 1 << k);
                newest = Math.Max(newest, rows[k].Index);
            }
            Sweep(tape.Entries.AsSpan(0, newest + 1), adjoints, reached, variables);
            for (int k = 0; k < rows.Length; k++)
                for (int j = 0; j < variables; j++)
                    matrix[first + k, j] = (reached[j + 1] >> k & 1) != 0 ? adjoints[j + 1][k] : 0;
        }
        ArrayPool<Tangents>.Shared.Return(adjoints);
        ArrayPool<int>.Shared.Return(reached);
    }

    private static void Sweep(ReadOnlySpan<TapeEntry<Real<double>>> entries, Tangents[] adjoints, int[] reached, int variables)
    {
        for (int i = entries.Length - 1; i > variables; i--)
        {
            int lanes = reached[i];
            if (lanes == 0) continue;
            ref readonly TapeEntry<Real<double>> entry = ref entries[i];
            if (entry.X != 0) Add(adjoints, reached, entry.X, Tangents.Scale(entry.SlopeX.Value, adjoints[i], lanes), lanes);
            if (entry.Y != 0) Add(adjoints, reached, entry.Y, Tangents.Scale(entry.SlopeY.Value, adjoints[i], lanes), lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Tangents[] adjoints, int[] reached, int index, Tangents adjoint, int lanes)
    {
        ref Tangents known = ref adjoints[index];
        known = reached[index] == 0 ? adjoint : known + adjoint;
        reached[index] |= lanes;
    }
}
