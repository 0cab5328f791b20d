using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>What stands at each place of an array that is read, or that is about to be written.</summary>
internal interface IElements<T> where T : unmanaged
{
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
