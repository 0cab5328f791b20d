using System.Numerics;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The greatest common divisor of two integers, element by element, with broadcasting; of 0 and x it is |x|.</summary>
    /// <param name="other">The others; integers.</param>
    /// <exception cref="DTypeException">One is not of integers.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Gcd(Tensor other) => WholeOperation.Of<GcdFunction>("Gcd", this, other.Given());

    /// <summary>x = the greatest common divisor of x and y, in place.</summary>
    /// <inheritdoc cref="Gcd"/>
    public Tensor GcdInPlace(Tensor other) => WholeOperation.InPlace<GcdFunction>("GcdInPlace", this, other.Given());

    /// <summary>The least common multiple of two integers, element by element, with broadcasting; of 0 and x it is 0.</summary>
    /// <param name="other">The others; integers.</param>
    /// <exception cref="DTypeException">One is not of integers.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Lcm(Tensor other) => WholeOperation.Of<LcmFunction>("Lcm", this, other.Given());

    /// <summary>x = the least common multiple of x and y, in place.</summary>
    /// <inheritdoc cref="Lcm"/>
    public Tensor LcmInPlace(Tensor other) => WholeOperation.InPlace<LcmFunction>("LcmInPlace", this, other.Given());
}

/// <summary>The greatest number that divides both.</summary>
internal readonly struct GcdFunction : IWholeFunction
{
    public static string Name => "gcd";

    public static string Code => "Gcd({0}, {1})";

    public static string Method => """
        // Euclid's algorithm. The smallest number has no opposite, so it cannot be divided by -1.
        static real Gcd(real x, real y)
        {
            while (y != 0) (x, y) = (y, (real)(y + 1 == 0 ? 0 : x % y));
            return x < 0 ? (real)-x : x;
        }
        """;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>
    {
        while (!T.IsZero(y)) (x, y) = (y, T.IsNegative(y) && T.IsZero(y + T.One) ? T.Zero : x % y);
        return T.IsNegative(x) ? -x : x;
    }
}

/// <summary>The least number, 0 apart, that both divide.</summary>
internal readonly struct LcmFunction : IWholeFunction
{
    public static string Name => "lcm";

    public static string Code => "Lcm({0}, {1})";

    public static string Method => """
        // x/gcd(x, y)*y, by Euclid's algorithm.
        static real Lcm(real x, real y)
        {
            (real a, real b) = (x, y);
            while (b != 0) (a, b) = (b, (real)(b + 1 == 0 ? 0 : a % b));
            if (a == 0) return 0;
            real multiple = (real)(x / a * y);
            return multiple < 0 ? (real)-multiple : multiple;
        }
        """;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>
    {
        T divisor = GcdFunction.Of(x, y);
        if (T.IsZero(divisor)) return divisor;
        // A divisor that has no opposite is negative, and may be -1 times the smallest number: then x is that or 0.
        T multiple = x / divisor * y;
        return T.IsNegative(multiple) ? -multiple : multiple;
    }
}

public static partial class OpTable
{
    private static Op Gcd => Op.Of(OpKind.Zero, "gcd", (x, y) => (x * 8).To(DType.Int64).Gcd((y * 8).To(DType.Int64)), Matrix, Row,
        new() { Formula = "the greatest common divisor of x and y", Torch = "torch.gcd((x * 8).long(), (y * 8).long())" });

    private static Op Lcm => Op.Of(OpKind.Zero, "lcm", (x, y) => (x * 8).To(DType.Int64).Lcm((y * 8).To(DType.Int64)), Matrix, Row,
        new() { Formula = "the least common multiple of x and y", Torch = "torch.lcm((x * 8).long(), (y * 8).long())" });
}
