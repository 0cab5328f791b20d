using System.Runtime.CompilerServices;

namespace Adjoint;

internal static partial class Registers
{
    // From here on ln Γ and ψ are their asymptotic series.
    private const double LargeGamma = 8, LargeDigamma = 10;

    /// <summary>
    /// ln |Γ(x)|: (x − 1)(x − 2)·p(x) on [1, 3], carried up to 8 and down to 0 by the recurrence, Stirling's series beyond, the
    /// reflection below 0. At most 4 ulp in float and double where x ≥ 0; below 0 it has zeros, near which the error is that of a number
    /// of size 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Lgamma<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), one = R.Constant(1), two = R.Constant(2), three = R.Constant(3), bound = R.Constant(LargeGamma);
        R z = R.IfLess(size, bound, size, two), product = one;
        for (int i = 0; i < 5; i++)
        {
            R less = z - 1;
            product = R.IfLess(z, three, product, product * less);
            z = R.IfLess(z, three, z, less);
        }
        // Of 1 + x below 1, whose parts are exact where that sum is not.
        R t = R.IfLess(size, one, size - 1, z - 2);
        R near = R.IfLess(size, one, size, z - 1) * t * Series<R, T>(t, LgammaOfFloat, LgammaOfDouble);
        R log = Log<R, T>(R.IfLess(size, bound, R.IfLess(size, one, size, product), size));
        R u = 1 / size, rest = R.MultiplyAdd(Powers<R, T>(u * u, Stirling, 3), u, R.Constant(0.41893853320467274));
        R large = R.MultiplyAdd(size - 0.5, log - 1, rest);
        R y = R.IfLess(size, bound, R.IfLess(size, one, near - log, near + log), large), zero = R.Constant(0);
        if (R.Less(x, zero) == 0) return y;
        // Γ(−s) = −π/(s·sin(πs)·Γ(s)); the logarithm above is in Γ(s), and not subtracted from another.
        R r = size - R.Round(size), infinity = R.Constant(double.PositiveInfinity), sin = R.Abs(Sin<R, T>(r * Math.PI));
        R divisor = R.IfLess(size, one, one, R.IfLess(size, bound, size * product, size));
        R below = Log<R, T>(R.Constant(Math.PI) / sin / divisor) - R.IfLess(size, bound, near, large);
        below = R.IfEqual(size, infinity, infinity, R.IfEqual(r, zero, infinity, below));
        return R.IfLess(x, zero, below, y);
    }

    /// <summary>
    /// ψ(x) = Γ′(x)/Γ(x): (x − x₀)·p(x) on [1, 3] with its zero x₀, carried up to 10 and down to 0 by the recurrence, its asymptotic
    /// series beyond, the reflection below 0. At most 4 ulp in float and double where x ≥ 0; below 0 it has further zeros, as
    /// <see cref="Lgamma"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Digamma<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => DigammaOfAny<R, T>(x);

    // Too long for the loops that it is in: Note [Inlining budget].
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static R DigammaOfAny<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged
    {
        R size = R.Abs(x), zero = R.Constant(0), one = R.Constant(1), three = R.Constant(3), bound = R.Constant(LargeDigamma);
        // Σ 1/(x − k) as one fraction.
        R z = R.IfLess(size, bound, size, R.Constant(2)), above = zero, below = one;
        for (int i = 0; i < 7; i++)
        {
            R less = z - 1;
            above = R.IfLess(z, three, above, R.MultiplyAdd(above, less, below));
            below = R.IfLess(z, three, below, below * less);
            z = R.IfLess(z, three, z, less);
        }
        R t = R.IfLess(size, one, size - 1, z - 2), place = R.IfLess(size, one, size + 1, z);
        R root = Constant<R, T>(1.4616321325302124, 1.4616321449683622);
        R rest = Constant<R, T>(1.2438149938918909e-08, 9.549995429965697e-17);
        R near = (place - root - rest) * Series<R, T>(t, DigammaOfFloat, DigammaOfDouble);
        R u = 1 / size, w = u * u;
        R large = R.MultiplyAdd(Powers<R, T>(w, DigammaTail, 3), w, R.MultiplyAdd(u, R.Constant(-0.5), Log<R, T>(size)));
        R y = R.IfLess(size, bound, near + R.IfLess(size, one, -1 / x, above / below), large);
        if (R.Less(x, zero) == 0) return y;
        // ψ(−s) = ψ(1 + s) + π·cot(πs).
        R r = size - R.Round(size), angle = r * Math.PI, cot = Cos<R, T>(angle) / Sin<R, T>(angle) * Math.PI;
        R next = R.IfLess(size, one, near, R.IfLess(size, bound, near + above / below, large) + u);
        return R.IfLess(x, zero, R.IfEqual(r, zero, R.Constant(double.NaN), next + cot), y);
    }

    /// <summary>p(x), whose last coefficient comes first in Horner's rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Series<R, T>(R x, ReadOnlySpan<double> inFloat, ReadOnlySpan<double> inDouble)
        where R : struct, IRegister<R, T> where T : unmanaged
    {
        ReadOnlySpan<double> c = typeof(T) == typeof(float) ? inFloat : inDouble;
        R p = R.Constant(c[^1]);
        for (int k = c.Length - 2; k >= 0; k--) p = R.MultiplyAdd(p, x, R.Constant(c[k]));
        return p;
    }

    /// <summary>The same with so many coefficients in float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static R Powers<R, T>(R x, ReadOnlySpan<double> c, int inFloat) where R : struct, IRegister<R, T> where T : unmanaged =>
        Series<R, T>(x, c[..inFloat], c);

    // Of x − 2, see Note [Polynomials].
    private static ReadOnlySpan<double> LgammaOfFloat =>
    [
        0.42278433562134904, -0.10031730192234674, 0.032964949496677484, -0.012384167946309749,
        0.004999449511718471, -0.0021085141886259956, 0.0009106399604133094, -0.00040346119798873476,
        0.00019553960620774955, -8.925200875215261e-05, 2.0481894971659786e-05, -9.279912816033739e-06,
        1.9230823684436325e-05, -9.05981298473926e-06,
    ];

    private static ReadOnlySpan<double> LgammaOfDouble =>
    [
        0.42278433509846713, -0.10031730167435392, 0.03296500062115574, -0.012384192193371238,
        0.004998641164703528, -0.002108130833958805, 0.0009153769220696921, -0.00040570739742046497,
        0.00018255264185594036, -8.30951276372239e-05, 3.8168863787885225e-05, -1.766166422556033e-05,
        8.222342452139818e-06, -3.847396648270243e-06, 1.8074775340912791e-06, -8.526588188526563e-07,
        4.0551922127948146e-07, -1.9252286332850674e-07, 8.75360413423732e-08, -4.17254430301382e-08,
        2.615457216445561e-08, -1.2569945435720683e-08, -6.830399052794191e-10, 3.613371593815743e-10,
        4.885761922683655e-09, -2.372580625023415e-09, -1.3764318718154119e-09, 6.705737026247826e-10,
        4.226016675377439e-10, -2.0542420991550905e-10,
    ];

    private static ReadOnlySpan<double> DigammaOfFloat =>
    [
        0.7853075453374941, -0.2607389580488206, 0.10899925882814265, -0.049550703908604145,
        0.023457703075172316, -0.011343627929209373, 0.00549150368908229, -0.0027092057253215777,
        0.0015239547164488181, -0.0007581970006902706, 0.00011241022437264814, -5.5836114371701636e-05,
        0.00022085640171103774, -0.0001103630398082116,
    ];

    private static ReadOnlySpan<double> DigammaOfDouble =>
    [
        0.7853075386041053, -0.2607389546830014, 0.10899991701762626, -0.04955103291767291,
        0.023447309597724546, -0.011338432553333682, 0.005552254171350814, -0.0027395728831692795,
        0.0013581421903714414, -0.000675313369799565, 0.00033643237613001386, -0.00016781518722379935,
        8.377966540530644e-05, -4.184622931937881e-05, 2.0891708911121205e-05, -1.044106631983514e-05,
        5.26871942897218e-06, -2.6338311326151924e-06, 1.2119815782595426e-06, -6.059322795045256e-07,
        4.6173797029851077e-07, -2.3086248081342955e-07, -5.6422994902202784e-08, 2.821220170829738e-08,
        1.1540536834062045e-07, -5.77025926771739e-08, -3.5705337308985145e-08, 1.7852672191376552e-08,
        1.0201545142033868e-08, -5.100770214989469e-09,
    ];

    // B₂ₖ/(2k(2k − 1)) and −B₂ₖ/(2k).
    private static ReadOnlySpan<double> Stirling =>
    [
        0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
        0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
    ];

    private static ReadOnlySpan<double> DigammaTail =>
    [
        -0.08333333333333333, 0.008333333333333333, -0.003968253968253968, 0.004166666666666667,
        -0.007575757575757576, 0.021092796092796094, -0.08333333333333333, 0.4432598039215686,
    ];
}
