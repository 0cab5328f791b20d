namespace Adjoint;

/// <summary>
/// One tape for each thread. While it is rented a nested call makes another, which stays here in its place; so is a tape replaced
/// that an exception kept from coming back. (A <c>finally</c> around the user's function would cost twice its time: what
/// is inlined into a protected region keeps its numbers in memory.)
/// </summary>
internal static class TapePool<V> where V : struct, IAlgebra<V>
{
    [ThreadStatic] private static Tape<V>? t_tape;

    public static Tape<V> Rent()
    {
        Tape<V>? tape = t_tape;
        if (tape is null || tape.Rented) t_tape = tape = new();
        tape.Rented = true;
        tape.Reset();
        return tape;
    }

    public static void Return(Tape<V> tape) => tape.Rented = false;
}
