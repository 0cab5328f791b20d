using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>sin x. At most 1 ulp in float and double, for arguments of any size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Sin<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R r = LessMultipleOfHalfPi<R, T>(x, out R q, out R low);
        R y = InQuadrant<R, T>(r, low, q);
        y = R.IfEqual(x, R.Constant(0), x, y);
        return HasLarge<R, T>(x) ? R.IfLess(Largest<R, T>(), R.Abs(x), R.Map<SinFunction>(x), y) : y;
    }

    /// <summary>cos x. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Cos<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R r = LessMultipleOfHalfPi<R, T>(x, out R q, out R low);
        R y = InQuadrant<R, T>(r, low, q + 1);
        return HasLarge<R, T>(x) ? R.IfLess(Largest<R, T>(), R.Abs(x), R.Map<CosFunction>(x), y) : y;
    }

    /// <summary>tan x. At most 4 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Tan<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R r = LessMultipleOfHalfPi<R, T>(x, out R q, out R low);
        R sin = SinOfSmall<R, T>(r, low), cos = CosOfSmall<R, T>(r, low), half = q * 0.5, zero = R.Constant(0);
        R odd = half - R.Floor(half);
        R y = R.IfEqual(odd, zero, sin, -cos) / R.IfEqual(odd, zero, cos, sin);
        y = R.IfEqual(x, zero, x, y);
        return HasLarge<R, T>(x) ? R.IfLess(Largest<R, T>(), R.Abs(x), R.Map<TanFunction>(x), y) : y;
    }

    /// <summary>
    /// x − q·π/2 with q the nearest whole number, π/2 in three parts, and what the result lacks. The first fused step is exact: the
    /// multiple and x cancel to a number below 1 whose last bit is not below that of π/2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LessMultipleOfHalfPi<R, T>(R x, out R q, out R low) where R : struct, IRegister<R, T> where T : unmanaged
    {
        q = R.Round(x * 0.6366197723675814);
        R first = Constant<R, T>(-1.5707963705062866, -1.5707963267948966);
        R second = Constant<R, T>(4.371138828673793e-08, -6.123233995736766e-17);
        R third = Constant<R, T>(1.7151245100058819e-15, 1.4973849048591698e-33);
        R near = R.MultiplyAdd(q, first, x), next = q * second, r = near + next;
        // What the sum lost, whichever term was larger, what the product lost, and the third part.
        R added = r - near, lost = near - (r - added) + (next - added);
        low = lost + R.MultiplyAdd(q, third, R.MultiplyAdd(q, second, -next));
        return r;
    }

    /// <summary>Up to here the number of quarter turns is known exactly; beyond, lanes go to the system's functions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Largest<R, T>() where R : struct, IRegister<R, T> where T : unmanaged => Constant<R, T>(1e5, 1e8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasLarge<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Less(Largest<R, T>(), R.Abs(x)) != 0;

    /// <summary>sin(r + q·π/2): ± sin r or ± cos r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R InQuadrant<R, T>(R r, R low, R q) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R turns = q * 0.25, quadrant = (turns - R.Floor(turns)) * 4;
        R y = R.IfEqual(R.Abs(quadrant - 2), R.Constant(1), CosOfSmall<R, T>(r, low), SinOfSmall<R, T>(r, low));
        return y * R.IfLess(R.Constant(1.5), quadrant, R.Constant(-1), R.Constant(1));
    }

    /// <summary>sin(r + low) for |r| ≤ π/4: r + r³·p(r²). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R SinOfSmall<R, T>(R r, R low) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = r * r;
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(2.7231313338415453e-06);
            p = Next<R, T>(p, z, -0.00019839938821894978);
            p = Next<R, T>(p, z, 0.00833333159248636);
            p = Next<R, T>(p, z, -0.16666666663107013);
        }
        else
        {
            p = R.Constant(-7.583029655697296e-13);
            p = Next<R, T>(p, z, 1.6058467509489382e-10);
            p = Next<R, T>(p, z, -2.5052105815543318e-08);
            p = Next<R, T>(p, z, 2.7557319218101716e-06);
            p = Next<R, T>(p, z, -0.00019841269841263425);
            p = Next<R, T>(p, z, 0.008333333333333331);
            p = Next<R, T>(p, z, -0.16666666666666666);
        }
        return r + R.MultiplyAdd(r * z, p, R.MultiplyAdd(low * z, R.Constant(-0.5), low));
    }

    /// <summary>cos(r + low) for |r| ≤ π/4: 1 − r²/2 + r⁴·p(r²). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R CosOfSmall<R, T>(R r, R low) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R z = r * r;
        R p;
        if (typeof(T) == typeof(float))
        {
            p = R.Constant(2.4532581085623465e-05);
            p = Next<R, T>(p, z, -0.0013888229776967004);
            p = Next<R, T>(p, z, 0.04166666427102957);
        }
        else
        {
            p = R.Constant(-1.137728782340167e-11);
            p = Next<R, T>(p, z, 2.0876069826994487e-09);
            p = Next<R, T>(p, z, -2.7557316893681153e-07);
            p = Next<R, T>(p, z, 2.4801587298014246e-05);
            p = Next<R, T>(p, z, -0.0013888888888886886);
            p = Next<R, T>(p, z, 0.041666666666666664);
        }
        R half = z * 0.5, rest = 1 - half;
        return rest + (1 - rest - half + R.MultiplyAdd(z * z, p, -(r * low)));
    }

    private readonly struct SinFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Sin(x);

        static string IScalarFunction.Code => "Math.Sin({0})";
    }

    private readonly struct CosFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Cos(x);

        static string IScalarFunction.Code => "Math.Cos({0})";
    }

    private readonly struct TanFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Tan(x);

        static string IScalarFunction.Code => "Math.Tan({0})";
    }
}
