using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Elements computed from the elements of a row and one or two numbers that belong to the row.</summary>
internal interface IRowElement
{
    /// <summary>As <see cref="IElements{T}.AreCostly"/>.</summary>
    static virtual bool IsCostly => false;

    /// <summary>The elements of one register.</summary>
    static abstract R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged;
}

/// <summary>f(xᵢ, yᵢ, a) at every place i of a row.</summary>
internal readonly unsafe struct RowElements<TElement, T>(T* x, T* y, T a) : IElements<T> where TElement : struct, IRowElement
    where T : unmanaged
{
    public static bool AreCostly => TElement.IsCostly;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index)
        where R : struct, IRegister<R, T> =>
        TElement.Of<R, T>(R.Load(in *x, index), R.Load(in *y, index), R.Broadcast(a));
}

/// <summary>f(xᵢ, yᵢ, aᵢ) at every place i of a row of columns, of which each has a number of its own.</summary>
internal readonly unsafe struct ColumnElements<TElement, T>(T* x, T* y, T* a) : IElements<T>
    where TElement : struct, IRowElement where T : unmanaged
{
    public static bool AreCostly => TElement.IsCostly;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T> =>
        TElement.Of<R, T>(R.Load(in *x, index), R.Load(in *y, index), R.Load(in *a, index));
}

/// <summary>x.</summary>
internal readonly struct Itself : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => x;
}

/// <summary>x where it is finite or NaN, else 0: what can be subtracted from an infinite x.</summary>
internal readonly struct FiniteOrZero : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged =>
        R.IfEqual(R.Abs(x), R.Constant(double.PositiveInfinity), R.Constant(0), x);
}

/// <summary>ln x.</summary>
internal readonly struct Logarithm : IRowElement
{
    public static bool IsCostly => true;

    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Log<R, T>(x);
}

/// <summary>x + y.</summary>
internal readonly struct Together : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => x + y;
}

/// <summary>e^(x − a).</summary>
internal readonly struct ShiftedExp : IRowElement
{
    public static bool IsCostly => true;

    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Exp<R, T>(x - a);
}

/// <summary>x − a.</summary>
internal readonly struct Shifted : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => x - a;
}

/// <summary>x / a.</summary>
internal readonly struct Divided : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => x / a;
}

/// <summary>x·y.</summary>
internal readonly struct Product : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => x * y;
}

/// <summary>(x − a)².</summary>
internal readonly struct SquaredDeviation : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => (x - a) * (x - a);
}

/// <summary>x·a.</summary>
internal readonly struct Scaled : IRowElement
{
    public static R Of<R, T>(R x, R y, R a) where R : struct, IRegister<R, T> where T : unmanaged => x * a;
}
