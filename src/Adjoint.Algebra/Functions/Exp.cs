using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>eˣ: e^r·2ⁿ with n the whole number nearest to x/ln 2, |r| ≤ ln 2/2. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Exp<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        // Beyond these bounds the result is 0 or ∞ anyway.
        x = typeof(T) == typeof(float) ? Between<R, T>(x, -104, 89) : Between<R, T>(x, -745.2, 709.8);
        R n = R.Round(x * 1.4426950408889634);
        if (typeof(T) == typeof(float)) return TimesPow2<R, T>(ExpM1OfSmall<R, T>(LessMultipleOfLn2<R, T>(x, n)) + 1, n);
        R r = LessMultipleOfLn2<R, T>(x, n, out R low);
        return TimesPow2<R, T>(R.MultiplyAdd(r * r, ExpM1Tail<R, T>(r), low) + r + 1, n);
    }

    /// <summary>2ˣ: 2ⁿ·e^((x − n)·ln 2) with n the whole number nearest to x. At most 1 ulp in float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Exp2<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        x = typeof(T) == typeof(float) ? Between<R, T>(x, -151, 129) : Between<R, T>(x, -1076, 1025);
        R n = R.Round(x);
        R ln2 = Constant<R, T>(0.6931471824645996, 0.6931471805599453), part = x - n, r = part * ln2;
        R low = R.MultiplyAdd(part, ln2, -r);
        return TimesPow2<R, T>(R.MultiplyAdd(r * r, ExpM1Tail<R, T>(r), low) + r + 1, n);
    }

    /// <summary>x − n·ln 2, with ln 2 in two parts of which the first times n is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LessMultipleOfLn2<R, T>(R x, R n) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R high = Constant<R, T>(-0.693145751953125, -0.6931471805598903);
        R low = Constant<R, T>(-1.4286068203094173e-06, -5.497923018708371e-14);
        return R.MultiplyAdd(n, low, R.MultiplyAdd(n, high, x));
    }

    /// <summary>The same with what the result lacks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R LessMultipleOfLn2<R, T>(R x, R n, out R low) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R high = Constant<R, T>(-0.693145751953125, -0.6931471805598903);
        R rest = Constant<R, T>(-1.4286068203094173e-06, -5.497923018708371e-14);
        R first = R.MultiplyAdd(n, high, x), r = R.MultiplyAdd(n, rest, first);
        low = R.MultiplyAdd(n, rest, first - r);
        return r;
    }

    /// <summary>e^r − 1 for |r| ≤ ln 2/2: r + r²·q(r). See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ExpM1OfSmall<R, T>(R r) where R : struct, IRegister<R, T> where T : unmanaged =>
        R.MultiplyAdd(r * r, ExpM1Tail<R, T>(r), r);

    /// <summary>(e^r − 1 − r)/r² for |r| ≤ ln 2/2. See Note [Polynomials].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R ExpM1Tail<R, T>(R r) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R q;
        if (typeof(T) == typeof(float))
        {
            q = R.Constant(0.00019891180158282143);
            q = Next<R, T>(q, r, 0.001393382048977602);
            q = Next<R, T>(q, r, 0.008333310754576892);
            q = Next<R, T>(q, r, 0.041666463386339524);
            q = Next<R, T>(q, r, 0.16666666681794626);
            q = Next<R, T>(q, r, 0.5000000013620138);
        }
        else
        {
            q = R.Constant(2.5100569275813683e-08);
            q = Next<R, T>(q, r, 2.762032742826824e-07);
            q = Next<R, T>(q, r, 2.75572680728901e-06);
            q = Next<R, T>(q, r, 2.4801520792572694e-05);
            q = Next<R, T>(q, r, 0.00019841269863303223);
            q = Next<R, T>(q, r, 0.0013888888917538296);
            q = Next<R, T>(q, r, 0.008333333333330011);
            q = Next<R, T>(q, r, 0.04166666666662348);
            q = Next<R, T>(q, r, 0.16666666666666669);
            q = Next<R, T>(q, r, 0.5000000000000001);
        }
        return q;
    }

    /// <summary>x·2ⁿ, in two steps so that subnormal results are rounded and large ones overflow as they should.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R TimesPow2<R, T>(R x, R n) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R half = R.Round(n * 0.5);
        return x * R.Pow2(half) * R.Pow2(n - half);
    }
}
