using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What stands at each place of an array that is read, or that is about to be written.</summary>
internal interface IElements<T> where T : unmanaged
{
    /// <summary>Whether they take many instructions, so that a loop should contain those once. See Note [One place].</summary>
    static virtual bool AreCostly => false;

    /// <summary>
    /// Whether neighbouring elements are not always side by side, so that they are brought together before they are read in registers.
    /// </summary>
    static virtual bool AreApart => false;

    /// <summary>Brings the elements from <paramref name="start"/> to <paramref name="end"/> together, where they are apart.</summary>
    unsafe void Gather(nuint start, nuint end, T* target) => throw new NotSupportedException("These elements are read in registers.");

    /// <summary>The elements from <paramref name="index"/> on, as many as a register has lanes.</summary>
    R At<R>(nuint index) where R : struct, IRegister<R, T>;
}

/// <summary>Elements side by side in memory.</summary>
internal readonly unsafe struct Dense<T>(T* start) : IElements<T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T> => R.Load(in *start, index);
}

/// <summary>One element everywhere.</summary>
internal readonly unsafe struct Repeated<T>(T* element) : IElements<T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T> => R.Broadcast(*element);
}

/// <summary>The elements of an array, and 0 where one is NaN.</summary>
internal readonly unsafe struct NumbersOnly<T>(T* x) : IElements<T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T>
    {
        R here = R.Load(in *x, index);
        return R.IfEqual(here, here, here, R.Constant(0));
    }
}

/// <summary>Two arrays added up.</summary>
internal readonly unsafe struct Added<T>(T* x, T* y) : IElements<T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T> => R.Load(in *x, index) + R.Load(in *y, index);
}

/// <summary>The elements of a matrix whose rows are <paramref name="stride"/> elements apart, row after row.</summary>
internal readonly unsafe struct RowsApart<T>(T* start, long columns, long stride) : IElements<T> where T : unmanaged
{
    public static bool AreApart => true;

    public void Gather(nuint first, nuint end, T* target)
    {
        (long row, long column) = Math.DivRem((long)first, columns);
        for (long left = (long)(end - first); left > 0; row++, column = 0)
        {
            long count = Math.Min(left, columns - column);
            Copying.Run(start + row * stride + column, target, count);
            target += count;
            left -= count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T> => throw new NotSupportedException("These elements are apart.");
}
