using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What stands at each place of an array that is read, or that is about to be written.</summary>
internal interface IElements<T> where T : unmanaged
{
    /// <summary>Whether they take many instructions, so that a loop should contain those once. See Note [One place].</summary>
    static virtual bool AreCostly => false;

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
