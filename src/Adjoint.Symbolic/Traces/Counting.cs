namespace Adjoint.Symbolic;

/// <summary>
/// A number that counts the operations done with it, on the current thread. Read over it, a program tells what it costs; so does
/// forward mode over it (<c>Dual&lt;Counting&gt;</c>) and reverse mode.
/// </summary>
/// <param name="value">The number.</param>
public readonly struct Counting(double value) : IAlgebra<Counting>
{
    [ThreadStatic]
    private static long _operations;

    /// <summary>The number.</summary>
    public readonly double Value = value;

    /// <summary>How many operations (+ − × ÷, negation, functions, choices) <paramref name="program"/> does.</summary>
    public static long Operations(Action program)
    {
        program.Given();
        UserCode.CheckStack();
        long before = _operations;
        program();
        return _operations - before;
    }

    private static Counting Counted(double value)
    {
        _operations++;
        return new(value);
    }

    /// <inheritdoc/>
    public static Counting Constant(double value) => new(value);

    /// <inheritdoc/>
    public static Counting operator +(Counting x, Counting y) => Counted(x.Value + y.Value);

    /// <inheritdoc/>
    public static Counting operator -(Counting x, Counting y) => Counted(x.Value - y.Value);

    /// <inheritdoc/>
    public static Counting operator *(Counting x, Counting y) => Counted(x.Value * y.Value);

    /// <inheritdoc/>
    public static Counting operator /(Counting x, Counting y) => Counted(x.Value / y.Value);

    /// <inheritdoc/>
    public static Counting operator -(Counting x) => Counted(-x.Value);

    /// <inheritdoc/>
    public static Counting Apply<TOp>(Counting x) where TOp : struct, IPrimitive => Counted(Real<double>.Apply<TOp>(new(x.Value)).Value);

    /// <inheritdoc/>
    public static Counting Apply<TOp>(Counting x, Counting y) where TOp : struct, IBinaryPrimitive =>
        Counted(Real<double>.Apply<TOp>(new(x.Value), new(y.Value)).Value);

    /// <inheritdoc/>
    public static Counting IfLess(Counting x, Counting y, Counting then, Counting otherwise) =>
        Counted(x.Value < y.Value ? then.Value : otherwise.Value);

    /// <inheritdoc/>
    public static Counting IfEqual(Counting x, Counting y, Counting then, Counting otherwise) =>
        Counted(x.Value == y.Value ? then.Value : otherwise.Value);
}
