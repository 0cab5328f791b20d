using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint;

/// <summary>Derivatives in <see cref="Count"/> directions at once, in four vector registers.</summary>
internal readonly struct Tangents(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
{
    public const int Count = 16;

    private readonly Vector256<double> _a = a, _b = b, _c = c, _d = d;

    /// <summary>1 in one direction, 0 in the others.</summary>
    public static Tangents Unit(int direction)
    {
        Tangents tangents = default;
        Unsafe.Add(ref Unsafe.As<Tangents, double>(ref tangents), direction) = 1;
        return tangents;
    }

    public double this[int direction] => (direction switch { < 4 => _a, < 8 => _b, < 12 => _c, _ => _d }).GetElement(direction % 4);

    public bool IsZero => (_a | _b | _c | _d) == Vector256<double>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangents operator +(Tangents x, Tangents y) => new(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangents operator -(Tangents x, Tangents y) => new(x._a - y._a, x._b - y._b, x._c - y._c, x._d - y._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangents operator *(double k, Tangents x)
    {
        Vector256<double> factor = Vector256.Create(k);
        return new(factor * x._a, factor * x._b, factor * x._c, factor * x._d);
    }

    /// <summary>k·x + l·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangents Combine(double k, Tangents x, double l, Tangents y)
    {
        Vector256<double> f = Vector256.Create(k), g = Vector256.Create(l);
        return new(f * x._a + g * y._a, f * x._b + g * y._b, f * x._c + g * y._c, f * x._d + g * y._d);
    }

    public static Tangents operator -(Tangents x) => new(-x._a, -x._b, -x._c, -x._d);
}
