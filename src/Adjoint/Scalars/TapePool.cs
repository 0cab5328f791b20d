namespace Adjoint;

/// <summary>
/// One spare tape for each thread. While it is rented it is not in the pool, so a nested call makes its own; a tape that an
/// exception kept from coming back is replaced. (A <c>finally</c> around the user's function would cost twice its time: what
/// is inlined into a protected region keeps its numbers in memory.)
/// </summary>
internal static class TapePool<V> where V : struct, IAlgebra<V>
{
    [ThreadStatic] private static Tape<V>? t_spare;

    public static Tape<V> Rent()
    {
        Tape<V> tape = t_spare ?? new();
        t_spare = null;
        tape.Reset();
        return tape;
    }

    public static void Return(Tape<V> tape) => t_spare = tape;
}
