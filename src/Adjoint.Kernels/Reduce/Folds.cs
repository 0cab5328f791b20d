using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>An associative operation that many elements are combined by.</summary>
internal interface IFold
{
    /// <summary>What changes nothing when combined, and the result of no elements.</summary>
    static abstract double Identity { get; }

    /// <summary>Two registers into one.</summary>
    static abstract R Combine<R>(R x, R y) where R : struct, IAlgebra<R>;
}

/// <summary>x + y.</summary>
internal readonly struct SumFold : IFold
{
    public static double Identity => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Combine<R>(R x, R y) where R : struct, IAlgebra<R> => x + y;
}

/// <summary>x·y.</summary>
internal readonly struct ProductFold : IFold
{
    public static double Identity => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Combine<R>(R x, R y) where R : struct, IAlgebra<R> => x * y;
}

/// <summary>The larger of x and y; NaN if either is NaN.</summary>
internal readonly struct MaxFold : IFold
{
    public static double Identity => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Combine<R>(R x, R y) where R : struct, IAlgebra<R> => R.IfLess(x, y, y, R.IfEqual(y, y, x, y));
}

/// <summary>The smaller of x and y; NaN if either is NaN.</summary>
internal readonly struct MinFold : IFold
{
    public static double Identity => double.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Combine<R>(R x, R y) where R : struct, IAlgebra<R> => R.IfLess(y, x, y, R.IfEqual(y, y, x, y));
}
