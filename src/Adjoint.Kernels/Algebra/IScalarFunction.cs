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
}
