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

    // A direction that a number does not depend on stays without a tangent beside an infinite slope: 0·∞ would spoil it. Finite
    // factors, which is nearly all, skip that; it stands in line all the same, as a call would keep tangents in memory in a loop.

    /// <summary>k·x, where <paramref name="along"/> has a bit for each direction that x depends on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangents Scale(double k, Tangents x, int along)
    {
        Vector256<double> f = Vector256.Create(k);
        return double.IsFinite(k)
            ? new(f * x._a, f * x._b, f * x._c, f * x._d)
            : new(Times(f, x._a, along), Times(f, x._b, along >> 4), Times(f, x._c, along >> 8), Times(f, x._d, along >> 12));
    }

    /// <summary>k·x + l·y, where the bits tell the directions that x and y depend on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Tangents Combine(double k, Tangents x, int alongX, double l, Tangents y, int alongY)
    {
        Vector256<double> f = Vector256.Create(k), g = Vector256.Create(l);
        return double.IsFinite(k + l)
            ? new(f * x._a + g * y._a, f * x._b + g * y._b, f * x._c + g * y._c, f * x._d + g * y._d)
            : new(Times(f, x._a, alongX) + Times(g, y._a, alongY), Times(f, x._b, alongX >> 4) + Times(g, y._b, alongY >> 4),
                Times(f, x._c, alongX >> 8) + Times(g, y._c, alongY >> 8), Times(f, x._d, alongX >> 12) + Times(g, y._d, alongY >> 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Times(Vector256<double> factor, Vector256<double> x, int along)
    {
        Vector256<long> lanes = Vector256.Create(1L, 2, 4, 8);
        return factor * x & Vector256.Equals(Vector256.Create((long)along) & lanes, lanes).AsDouble();
    }

    public static Tangents operator -(Tangents x) => new(-x._a, -x._b, -x._c, -x._d);
}
