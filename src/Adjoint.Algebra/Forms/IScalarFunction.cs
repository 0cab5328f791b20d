namespace Adjoint;

/// <summary>A function of one number, for primitives that are evaluated lane by lane.</summary>
public interface IScalarFunction
{
    /// <summary>f(x).</summary>
    static abstract double Invoke(double x);
}

/// <summary>A function of two numbers, for primitives that are evaluated lane by lane.</summary>
public interface IScalarFunction2
{
    /// <summary>f(x, y).</summary>
    static abstract double Invoke(double x, double y);

    /// <summary>f(x, y) of integers: their lowest bits where it has more than 64.</summary>
    static virtual long Invoke(long x, long y) => throw new NotSupportedException("The function has no values among the integers.");
}
