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

/// <summary>Elements that take many instructions, computed in a function that is called: for loops that contain several times what they compute. See Note [Inlining budget].</summary>
internal readonly struct Called<TElements, T>(TElements elements) : IElements<T> where TElements : struct, IElements<T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T> => Call<R>(elements, index);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R Call<R>(TElements elements, nuint index) where R : struct, IRegister<R, T>
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "have", "no", "registers", "and", "no", "functions",
                "this", "sentence", "is", "never", "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all",
                "functions", "that", "follow", "in", "place", "of", "their", "calls"));
        }
        return elements.At<R>(index);
    }
}
