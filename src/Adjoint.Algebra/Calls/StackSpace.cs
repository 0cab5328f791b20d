using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Whether the stack of the thread has room for further calls.</summary>
/// <remarks>
/// Note [Room on the stack]: what calls itself, or code of the user's that may call it again, asks here first: a stack that ends takes
/// the process with it and cannot be caught. The runtime's own question costs some 6 ns, too much before a function of a few numbers.
/// It promises 128 KB below the place where it is asked, so its answer is good for the next 32 KB, which one comparison tells.
/// </remarks>
internal static unsafe class StackSpace
{
    private const nuint Stretch = 32 << 10;

    // The complement of the lowest address for which the answer is known, so that a new thread, which has 0, knows none.
    [ThreadStatic]
    private static nuint t_known;

    /// <summary>Whether there is room.</summary>
    internal static bool IsLeft
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            byte here;
            return (nuint)(&here) > ~t_known || Ask((nuint)(&here));
        }
    }

    /// <summary>
    /// Code of the user's may call the library, which calls code of the user's, and so on: too deep, that ends in an exception.
    /// </summary>
    /// <exception cref="AutogradException">The stack of the thread is about to end.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check()
    {
        if (!IsLeft) throw TooDeep();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AutogradException TooDeep() => new(
        "Modules, datasets, functions, hooks or backward passes are nested so deeply within each other, or within themselves, that the "
        + "stack of this thread ends. Nest them less, or run them in a new Thread(…, maxStackSize) with a larger one.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Ask(nuint here)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        t_known = ~(here - Stretch);
        return true;
    }
}
