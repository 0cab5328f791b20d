namespace Adjoint.Kernels;

/// <summary>A relation between two numbers; false where one is NaN, but for <see cref="NotEqual"/>.</summary>
internal interface IComparison
{
    /// <summary>Bit i is set where the relation holds in lane i; higher bits are undefined.</summary>
    static abstract ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged;

    /// <summary>The operator of C#; empty where there is none.</summary>
    static virtual string Sign => "";
}

/// <summary>x &lt; y.</summary>
internal readonly struct Less : IComparison
{
    public static string Sign => "<";

    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Less(x, y);
}

/// <summary>x ≤ y.</summary>
internal readonly struct LessOrEqual : IComparison
{
    public static string Sign => "<=";

    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Less(x, y) | R.Equal(x, y);
}

/// <summary>x &gt; y.</summary>
internal readonly struct Greater : IComparison
{
    public static string Sign => ">";

    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Less(y, x);
}

/// <summary>x ≥ y.</summary>
internal readonly struct GreaterOrEqual : IComparison
{
    public static string Sign => ">=";

    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Less(y, x) | R.Equal(x, y);
}

/// <summary>x = y.</summary>
internal readonly struct Equal : IComparison
{
    public static string Sign => "==";

    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Equal(x, y);
}

/// <summary>x ≠ y.</summary>
internal readonly struct NotEqual : IComparison
{
    public static string Sign => "!=";

    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => ~R.Equal(x, y);
}

/// <summary>|x| = y: with y = ∞, x is infinite.</summary>
internal readonly struct MagnitudeEqual : IComparison
{
    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Equal(R.Abs(x), y);
}

/// <summary>|x| &lt; y: with y = ∞, x is finite.</summary>
internal readonly struct MagnitudeLess : IComparison
{
    public static ulong Of<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.Less(R.Abs(x), y);
}
