using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The formula of Adam and AdamW for one register of numbers, read by the kernel and as text: there is no other.</summary>
/// <typeparam name="R">The register.</typeparam>
/// <typeparam name="T">The type of the numbers.</typeparam>
internal readonly struct AdamFormula<R, T> where R : struct, IRegister<R, T> where T : unmanaged
{
    private const double LeastFloat = 1.17549435e-38, LeastDouble = 2.2250738585072014e-308;

    private readonly R _step, _eps, _root, _beta1, _fresh1, _beta2, _fresh2, _decay, _shrink, _least;
    private readonly bool _decays, _shrinks, _maximizes;

    private AdamFormula(AdamNumbers o, R step, R root, R shrink, bool shrinks)
    {
        (_step, _root, _shrink, _shrinks) = (step, root, shrink, shrinks);
        (_beta1, _fresh1) = (R.Constant(o.Beta1), R.Constant(1 - o.Beta1));
        (_beta2, _fresh2) = (R.Constant(o.Beta2), R.Constant(1 - o.Beta2));
        (_decay, _decays, _maximizes) = (R.Constant(o.WeightDecay), o.WeightDecay != 0, o.Maximize);
        (_eps, _least) = (R.Constant(o.Eps), R.Constant(typeof(T) == typeof(float) ? LeastFloat : LeastDouble));
    }

    /// <summary>With the numbers of a step.</summary>
    internal static AdamFormula<R, T> Of(AdamNumbers o) =>
        new(o, R.Constant(o.StepSize), R.Constant(o.RootCorrection), R.Constant(o.Shrink), o.Shrink != 1);

    /// <summary>With variables in their place.</summary>
    internal static AdamFormula<R, T> Of(AdamNumbers o, R step, R root, R? shrink) =>
        new(o, step, root, shrink ?? default, shrink is not null);

    /// <summary>One step, as <see cref="AdamStep.Run"/> says.</summary>
    /// <param name="x">The parameter.</param>
    /// <param name="d">Its gradient.</param>
    /// <param name="mean">The mean of its gradients.</param>
    /// <param name="square">The mean of their squares.</param>
    /// <param name="largest">The largest mean of squares so far.</param>
    /// <param name="usesLargest">Whether that stands for the mean of squares.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Step(ref R x, R d, ref R mean, ref R square, ref R largest, bool usesLargest)
    {
        if (_maximizes) d = -d;
        if (_shrinks) x *= _shrink;
        if (_decays) d += _decay * x;
        mean = Normal(_beta1 * mean + _fresh1 * d);
        square = Normal(_beta2 * square + _fresh2 * d * d);
        R divisor = square;
        if (usesLargest) divisor = largest = R.IfLess(square, largest, largest, square);
        x -= _step * mean / (R.Sqrt(divisor) / _root + _eps);
    }

    // See Note [Denormals].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private R Normal(R x) => R.IfLess(R.Abs(x), _least, R.Constant(0), x);
}
