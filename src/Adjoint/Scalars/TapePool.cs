namespace Adjoint;

/// <summary>One spare tape for each thread. While it is rented it is not in the pool, so a nested call makes its own.</summary>
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
