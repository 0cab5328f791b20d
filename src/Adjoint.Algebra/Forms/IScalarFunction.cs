namespace Adjoint;

/// <summary>A function of one number, for primitives that are evaluated lane by lane.</summary>
public interface IScalarFunction
{
    /// <summary>f(x).</summary>
    static abstract double Invoke(double x);

    /// <summary>The call in C#, with <c>{0}</c> for x; empty where it is none.</summary>
    internal static virtual string Code => "";
}

/// <summary>A function of two numbers, for primitives that are evaluated lane by lane.</summary>
public interface IScalarFunction2
{
    /// <summary>f(x, y).</summary>
    static abstract double Invoke(double x, double y);

    /// <summary>f(x, y) of integers: their lowest bits where it has more than 64.</summary>
    static virtual long Invoke(long x, long y) => throw new NotSupportedException("The function has no values among the integers.");

    /// <summary>The call in C# for real numbers, with <c>{0}</c> and <c>{1}</c> for x and y; empty where it is none.</summary>
    internal static virtual string Code => "";

    /// <summary>The method in C# that it calls, and what that calls; empty where it is one of .NET.</summary>
    internal static virtual string Method => "";

    /// <summary>The same for whole numbers: a call of <see cref="WholeMethod"/>.</summary>
    internal static virtual string WholeCode => "";

    /// <summary>The method in C# that does it for whole numbers.</summary>
    internal static virtual string WholeMethod => "";
}
