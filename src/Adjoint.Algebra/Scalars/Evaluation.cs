using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Calls the user's function.</summary>
internal static class Evaluation
{
    // Note [A budget of its own]: the operations of a function must be inlined into it, and how much is inlined into a method
    // grows with that method's own size. Were the function itself inlined into a small caller, the caller's budget would be
    // spent half way and every later operation would be a call. Hence a caller that is not optimised and inlines nothing.

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static V Of<F, V>(F f, V x) where F : IUnaryFunction where V : IAlgebra<V>
    {
        StackSpace.Check();
        return f.Invoke(x);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static V Of<F, V>(F f, ReadOnlySpan<V> x) where F : IFunction where V : IAlgebra<V>
    {
        StackSpace.Check();
        return f.Invoke(x);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static void Of<F, V>(F f, ReadOnlySpan<V> x, Span<V> y) where F : IVectorFunction where V : IAlgebra<V>
    {
        StackSpace.Check();
        f.Invoke(x, y);
    }
}
