using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    /// <summary>
    /// The x whose Φ(x) is p: Wichura's rational functions (algorithm AS 241, Applied Statistics 37, 1988) of p − ½, and of √(−ln p) in the
    /// tails. At most 8 ulp in float and double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Ndtri<R, T>(R p) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R half = R.Constant(0.5), one = R.Constant(1), q = p - half;
        R tail = R.CopySign(NormalTail<R, T>(R.IfLess(p, half, p, one - p)), q);
        R y = R.IfLess(R.Constant(0.425), R.Abs(q), tail, NormalMiddle<R, T>(q));
        // Outside of [0, 1] there is none.
        return R.IfLess(p, R.Constant(0), R.Constant(double.NaN), R.IfLess(one, p, R.Constant(double.NaN), y));
    }

    /// <summary>The x whose erf x is y: the same functions, of y/2 and of (1 − |y|)/2, which are exact. At most 8 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Erfinv<R, T>(R y) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(y), q = y * 0.5, one = R.Constant(1);
        R tail = R.CopySign(NormalTail<R, T>(R.MultiplyAdd(size, R.Constant(-0.5), R.Constant(0.5))), y);
        R x = R.IfLess(R.Constant(0.85), size, tail, NormalMiddle<R, T>(q)) * RootHalf;
        return R.IfLess(one, size, R.Constant(double.NaN), x);
    }

    /// <summary>For |q| ≤ 0.425, q = p − ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R NormalMiddle<R, T>(R q) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R r = R.MultiplyAdd(-q, q, R.Constant(0.180625));
        R above = R.Constant(2509.0809287301227);
        above = Next<R, T>(above, r, 33430.57558358813);
        above = Next<R, T>(above, r, 67265.7709270087);
        above = Next<R, T>(above, r, 45921.95393154987);
        above = Next<R, T>(above, r, 13731.69376550946);
        above = Next<R, T>(above, r, 1971.5909503065513);
        above = Next<R, T>(above, r, 133.14166789178438);
        above = Next<R, T>(above, r, 3.3871328727963665);
        R below = R.Constant(5226.495278852854);
        below = Next<R, T>(below, r, 28729.085735721943);
        below = Next<R, T>(below, r, 39307.89580009271);
        below = Next<R, T>(below, r, 21213.794301586597);
        below = Next<R, T>(below, r, 5394.196021424751);
        below = Next<R, T>(below, r, 687.1870074920579);
        below = Next<R, T>(below, r, 42.31333070160091);
        below = Next<R, T>(below, r, 1);
        return q * (above / below);
    }

    /// <summary>−x for the p below it, p ≤ 0.075; ∞ for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R NormalTail<R, T>(R p) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R depth = R.Sqrt(-Log<R, T>(p)), five = R.Constant(5);
        R r = R.IfLess(five, depth, five, depth) - 1.6;
        R above = R.Constant(0.0007745450142783414);
        above = Next<R, T>(above, r, 0.022723844989269184);
        above = Next<R, T>(above, r, 0.2417807251774506);
        above = Next<R, T>(above, r, 1.2704582524523684);
        above = Next<R, T>(above, r, 3.6478483247632045);
        above = Next<R, T>(above, r, 5.769497221460691);
        above = Next<R, T>(above, r, 4.630337846156546);
        above = Next<R, T>(above, r, 1.4234371107496835);
        R below = R.Constant(1.0507500716444169e-09);
        below = Next<R, T>(below, r, 0.0005475938084995345);
        below = Next<R, T>(below, r, 0.015198666563616457);
        below = Next<R, T>(below, r, 0.14810397642748008);
        below = Next<R, T>(below, r, 0.6897673349851);
        below = Next<R, T>(below, r, 1.6763848301838038);
        below = Next<R, T>(below, r, 2.053191626637759);
        below = Next<R, T>(below, r, 1);
        R near = above / below;
        r = R.IfLess(five, depth, depth, five) - 5;
        above = R.Constant(2.0103343992922881e-07);
        above = Next<R, T>(above, r, 2.7115555687434876e-05);
        above = Next<R, T>(above, r, 0.0012426609473880784);
        above = Next<R, T>(above, r, 0.026532189526576124);
        above = Next<R, T>(above, r, 0.29656057182850487);
        above = Next<R, T>(above, r, 1.7848265399172913);
        above = Next<R, T>(above, r, 5.463784911164114);
        above = Next<R, T>(above, r, 6.657904643501103);
        below = R.Constant(2.0442631033899397e-15);
        below = Next<R, T>(below, r, 1.421511758316446e-07);
        below = Next<R, T>(below, r, 1.8463183175100548e-05);
        below = Next<R, T>(below, r, 0.0007868691311456133);
        below = Next<R, T>(below, r, 0.014875361290850615);
        below = Next<R, T>(below, r, 0.1369298809227358);
        below = Next<R, T>(below, r, 0.599832206555888);
        below = Next<R, T>(below, r, 1);
        R far = R.IfLess(depth, R.Constant(double.PositiveInfinity), above / below, depth);
        return R.IfLess(five, depth, far, near);
    }
}
