namespace Adjoint;

/// <summary>
/// A truncated power series x₀ + x₁t + x₂t² + … + xₙtⁿ: read over it, a function gives its first n derivatives in one direction
/// in O(n²) per product, where n nested dual numbers would cost 2ⁿ. Series of different lengths meet in the shorter one.
/// </summary>
public sealed class Taylor : IAlgebra<Taylor>
{
    /// <summary>The largest order of a series.</summary>
    public const int MostOrder = 1 << 16;

    private readonly double[] _coefficients;
    private readonly bool _isConstant;

    /// <summary>
    /// Beyond this power all coefficients are known to be zero, not just found to be: Note [Constants] in <see cref="Dual{V}"/>.
    /// </summary>
    private readonly int _degree;

    private Taylor(double[] coefficients, bool isConstant = false, int degree = int.MaxValue)
    {
        _coefficients = coefficients;
        _isConstant = isConstant;
        _degree = isConstant ? 0 : degree;
    }

    /// <summary>The variable: <paramref name="value"/> + t, kept to the power <paramref name="order"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public static Taylor Variable(double value, int order)
    {
        CheckOrder(order);
        double[] coefficients = new double[order + 1];
        coefficients[0] = value;
        if (order > 0) coefficients[1] = 1;
        return new(coefficients, degree: 1);
    }

    /// <inheritdoc/>
    public static Taylor Constant(double value) => new([value], isConstant: true);

    /// <summary>xₖ: the k-th derivative over k!; 0 beyond the end of a constant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is negative, or beyond the order of a series that is not constant.</exception>
    public double this[int k]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(k);
            if (k < _coefficients.Length) return _coefficients[k];
            if (_isConstant) return 0;
            throw new ArgumentOutOfRangeException(
                nameof(k), k, $"The series is known to the power {_coefficients.Length - 1} only.");
        }
    }

    /// <inheritdoc/>
    public static Taylor operator +(Taylor x, Taylor y) => Make(x.Given(), y.Given(), Math.Max(x._degree, y._degree), k => x[k] + y[k]);

    /// <inheritdoc/>
    public static Taylor operator -(Taylor x, Taylor y) => Make(x.Given(), y.Given(), Math.Max(x._degree, y._degree), k => x[k] - y[k]);

    /// <inheritdoc/>
    public static Taylor operator -(Taylor x) => Make(x.Given(), x, x._degree, k => -x[k]);

    /// <inheritdoc/>
    public static Taylor operator *(Taylor x, Taylor y) =>
        Make(x.Given(), y.Given(), (int)Math.Min((long)x._degree + y._degree, int.MaxValue), k =>
    {
        double sum = 0;
        for (int j = Math.Max(0, k - Math.Min(k, y._degree)); j <= Math.Min(k, x._degree); j++) sum += x[j] * y[k - j];
        return sum;
    });

    /// <summary>z = x/y, from z·y = x: zₖ = (xₖ − Σ zⱼ·yₖ₋ⱼ)/y₀.</summary>
    public static Taylor operator /(Taylor x, Taylor y)
    {
        double[] z = new double[Length(x.Given(), y.Given())];
        for (int k = 0; k < z.Length; k++)
        {
            double rest = x[k];
            for (int j = Math.Max(0, k - Math.Min(k, y._degree)); j < k; j++) rest -= z[j] * y[k - j];
            z[k] = rest / y[0];
        }
        return new(z, x._isConstant && y._isConstant);
    }

    // Note [Slopes of series]: y = f(x) along t has ẏ = f′(x)·ẋ, so that y to the power n follows from f′(x) to the power n − 1.
    // The slope is the operation's own formula read over the shorter series; it may ask for y, likewise only to the power n − 1.

    /// <summary>The primitive function of a series, from its slope alone.</summary>
    public static Taylor Apply<TOp>(Taylor x) where TOp : struct, IPrimitive
    {
        double value = Real<double>.Apply<TOp>(new(x.Given()[0])).Value;
        if (x._coefficients.Length == 1) return new([value], x._isConstant);
        Taylor before = x.Truncated();
        Taylor y = (TOp.Saves & Saves.Output) != 0 ? Apply<TOp>(before) : before;
        return Integral(value, default(TOp).Slope(before, y) * x.Derivative());
    }

    /// <summary>Another operation, from the slope it declares rather than by way of its formula.</summary>
    public static Taylor Apply<TOp>(TOp op, Taylor x) where TOp : struct, IUnaryOp
    {
        double value = op.Value(new Real<double>(x.Given()[0])).Value;
        if (x._coefficients.Length == 1) return new([value], x._isConstant);
        Taylor before = x.Truncated();
        Taylor y = (TOp.Saves & Saves.Output) != 0 ? Apply(op, before) : before;
        return Integral(value, op.Slope(before, y) * x.Derivative());
    }

    /// <summary>The primitive function of two series, from its slopes alone.</summary>
    public static Taylor Apply<TOp>(Taylor x, Taylor y) where TOp : struct, IBinaryPrimitive
    {
        double value = Real<double>.Apply<TOp>(new(x.Given()[0]), new(y.Given()[0])).Value;
        if (Length(x, y) == 1) return new([value], x._isConstant && y._isConstant);
        Taylor left = x.Truncated(), right = y.Truncated();
        Taylor z = (TOp.Saves & Saves.Output) != 0 ? Apply<TOp>(left, right) : left;
        TOp op = default;
        if (y._isConstant) return Integral(value, op.SlopeX(left, right, z) * x.Derivative());
        if (x._isConstant) return Integral(value, op.SlopeY(left, right, z) * y.Derivative());
        return Integral(value, op.SlopeX(left, right, z) * x.Derivative() + op.SlopeY(left, right, z) * y.Derivative());
    }

    /// <inheritdoc/>
    public static bool IsZero(Taylor x) => Array.TrueForAll(x.Given()._coefficients, coefficient => coefficient == 0);

    /// <summary>Compares the leading coefficients.</summary>
    public static Taylor IfLess(Taylor x, Taylor y, Taylor then, Taylor otherwise) =>
        Chosen(x.Given()[0] < y.Given()[0], then.Given(), otherwise.Given());

    /// <summary>Compares the leading coefficients.</summary>
    public static Taylor IfEqual(Taylor x, Taylor y, Taylor then, Taylor otherwise) =>
        Chosen(x.Given()[0] == y.Given()[0], then.Given(), otherwise.Given());

    /// <summary>The coefficients.</summary>
    public override string ToString() => $"[{string.Join(", ", _coefficients)}]";

    /// <summary>An order has as many coefficients; beyond 170 the factorial of a derivative is no double.</summary>
    internal static void CheckOrder(int order)
    {
        if (order is < 0 or > MostOrder)
            throw new ArgumentOutOfRangeException(nameof(order), order, $"The order must be between 0 and {MostOrder}, but is {order}.");
    }

    private static Taylor Chosen(bool condition, Taylor then, Taylor otherwise) => condition ? then : otherwise;

    private static Taylor Make(Taylor x, Taylor y, int degree, Func<int, double> coefficient)
    {
        double[] coefficients = new double[Length(x, y)];
        for (int k = 0; k < coefficients.Length; k++) coefficients[k] = coefficient(k);
        return new(coefficients, x._isConstant && y._isConstant, degree);
    }

    /// <summary>How many coefficients are known of a combination: all of a constant are.</summary>
    private static int Length(Taylor x, Taylor y) =>
        x._isConstant ? y._coefficients.Length
        : y._isConstant ? x._coefficients.Length
        : Math.Min(x._coefficients.Length, y._coefficients.Length);

    private Taylor Truncated() => _isConstant ? this : new(_coefficients[..^1], degree: _degree);

    private Taylor Derivative()
    {
        int degree = _degree == int.MaxValue ? _degree : _degree - 1;
        return new([.. _coefficients.Skip(1).Select((coefficient, k) => coefficient * (k + 1))], degree: degree);
    }

    private static Taylor Integral(double value, Taylor slope) =>
        new([value, .. slope._coefficients.Select((coefficient, k) => coefficient / (k + 1))]);
}
