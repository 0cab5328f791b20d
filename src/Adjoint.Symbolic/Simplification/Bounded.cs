namespace Adjoint.Symbolic;

/// <summary>
/// A double with a bound on its rounding error, both carried through every operation (running error analysis): the reading that
/// tells whether two values that should be equal differ by more than rounding explains.
/// </summary>
internal readonly record struct Bounded(double Value, double Error) : IAlgebra<Bounded>
{
    /// <summary>What one operation, a function included, may add to the relative error.</summary>
    private const double Unit = 4 * 2.220446049250313e-16;

    public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Error);

    private static Bounded Rounded(double value, double error) => new(value, error + Unit * Math.Abs(value));

    /// <summary>A whole number is exact: it decides comparisons, and no function jumps beside it.</summary>
    public static Bounded Constant(double value) =>
        new(value, value == Math.Floor(value) && Math.Abs(value) < 1L << 52 ? 0 : Math.Abs(value) * Unit);

    public static Bounded operator +(Bounded x, Bounded y) => Rounded(x.Value + y.Value, x.Error + y.Error);

    public static Bounded operator -(Bounded x, Bounded y) => Rounded(x.Value - y.Value, x.Error + y.Error);

    public static Bounded operator -(Bounded x) => new(-x.Value, x.Error);

    public static Bounded operator *(Bounded x, Bounded y) =>
        Rounded(x.Value * y.Value, Math.Abs(x.Value) * y.Error + Math.Abs(y.Value) * x.Error + x.Error * y.Error);

    public static Bounded operator /(Bounded x, Bounded y)
    {
        double safe = Math.Abs(y.Value) - y.Error;     // a divisor that may be zero leaves nothing to say
        return Rounded(x.Value / y.Value, safe <= 0 ? double.PositiveInfinity : (x.Error + Math.Abs(x.Value / y.Value) * y.Error) / safe);
    }

    public static Bounded Apply<TOp>(Bounded x) where TOp : struct, IPrimitive
    {
        var argument = new Real<double>(x.Value);
        var y = Real<double>.Apply<TOp>(argument);
        double slope = default(TOp).Slope(argument, y).Value, error = Math.Abs(slope) * 2 * x.Error;
        // A function that jumps has a slope of 0, and another value if the argument is a little off.
        return slope == 0 && x.Error > 0 ? Rounded(y.Value, Math.Max(Apart(-x.Error), Apart(x.Error))) : Rounded(y.Value, error);

        double Apart(double off) => Math.Abs(Real<double>.Apply<TOp>(new Real<double>(x.Value + off)).Value - y.Value);
    }

    public static Bounded Apply<TOp>(Bounded x, Bounded y) where TOp : struct, IBinaryPrimitive
    {
        Real<double> a = new(x.Value), b = new(y.Value);
        var z = Real<double>.Apply<TOp>(a, b);
        TOp op = default;
        double inX = Times(op.SlopeX(a, b, z).Value, x.Error), inY = Times(op.SlopeY(a, b, z).Value, y.Error);
        double error = 2 * (inX + inY);
        // A slope of 0 is that of the point alone: hypot(x, y) near (0, 0) changes with y at once.
        bool isFlat = (inX == 0 && x.Error > 0) || (inY == 0 && y.Error > 0);
        if (isFlat || typeof(TOp) == typeof(RemainderOp) || typeof(TOp) == typeof(FmodOp))
            foreach (double off in (ReadOnlySpan<double>)[-1, 1])
                error = Math.Max(error, Math.Max(Apart(off * x.Error, y.Error), Apart(off * x.Error, -y.Error)));
        return Rounded(z.Value, error);

        // A remainder jumps where the quotient is whole. What is undefined beside the point says nothing of the value there.
        double Apart(double offX, double offY)
        {
            double apart =
                Math.Abs(Real<double>.Apply<TOp>(new Real<double>(x.Value + offX), new Real<double>(y.Value + offY)).Value - z.Value);
            return double.IsNaN(apart) ? 0 : apart;
        }
    }

    /// <summary>A whole exponent or a zero is exact, and its slope may be undefined: that is no error.</summary>
    private static double Times(double slope, double error) => double.IsNaN(slope) ? 0 : Math.Abs(slope) * error;

    public static Bounded IfLess(Bounded x, Bounded y, Bounded then, Bounded otherwise) =>
        Undecided(x, y) ? new(double.NaN, double.NaN) : x.Value < y.Value ? then : otherwise;

    public static Bounded IfEqual(Bounded x, Bounded y, Bounded then, Bounded otherwise) =>
        x.Value == y.Value ? then : Undecided(x, y) ? new(double.NaN, double.NaN) : otherwise;

    private static bool Undecided(Bounded x, Bounded y) => x.Value != y.Value && Math.Abs(x.Value - y.Value) <= x.Error + y.Error;
}
