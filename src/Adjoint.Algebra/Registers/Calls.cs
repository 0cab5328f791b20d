using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Primitive functions of registers as calls, to code that is optimised from the start.</summary>
/// <remarks>
/// Note [Inlining budget]: the compiler puts functions in place of calls within a budget that is proportional to the size of
/// the method it is compiling, and what then stays a call goes to code that is not yet optimised, thirty times slower. The
/// methods that registers flow through are small and their formulas are not. So each has a branch that is never taken and
/// never compiled, and only makes the method larger.
/// </remarks>
internal static class Calls
{
    /// <summary>The function of one register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static R Apply<TOp, R, T>(R x) where TOp : struct, IPrimitive where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "have", "no", "registers", "and", "no",
                "functions",
                "this", "sentence", "is", "never", "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler",
                "to", "put", "all",
                "functions", "that", "follow", "in", "place", "of", "their", "calls"));
        }
        return TOp.Evaluate<R, T>(x);
    }

    /// <summary>The formula of one register.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static R Apply<TOp, R, T>(TOp op, R x) where TOp : struct, IUnaryOp where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "have", "no", "registers", "and", "no",
                "functions",
                "this", "sentence", "is", "never", "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler",
                "to", "put", "all",
                "functions", "that", "follow", "in", "place", "of", "their", "calls"));
        }
        return op.Value(x);
    }

    /// <summary>The function of two registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static R Apply<TOp, R, T>(R x, R y) where TOp : struct, IBinaryPrimitive where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "have", "no", "registers", "and", "no",
                "functions",
                "this", "sentence", "is", "never", "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler",
                "to", "put", "all",
                "functions", "that", "follow", "in", "place", "of", "their", "calls"));
        }
        return TOp.Evaluate<R, T>(x, y);
    }
}
