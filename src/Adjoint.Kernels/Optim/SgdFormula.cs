using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The formula of stochastic gradient descent, read by the kernel, for single numbers, and as text: there is no other.</summary>
/// <typeparam name="V">What it is read over.</typeparam>
internal readonly struct SgdFormula<V> where V : IAlgebra<V>
{
    private readonly V _lr, _decay, _momentum, _fresh;
    private readonly bool _decays, _nesterov, _maximizes;

    private SgdFormula(SgdNumbers o, V lr)
    {
        (_lr, _decay, _momentum, _fresh) = (lr, V.Constant(o.WeightDecay), V.Constant(o.Momentum), V.Constant(1 - o.Dampening));
        (_decays, _nesterov, _maximizes) = (o.WeightDecay != 0, o.Nesterov, o.Maximize);
    }

    /// <summary>With the numbers of a step, and the rate.</summary>
    internal static SgdFormula<V> Of(SgdNumbers o, V lr) => new(o, lr);

    /// <summary>One step, as <see cref="SgdStep.Run"/> says.</summary>
    /// <param name="x">The parameter.</param>
    /// <param name="d">Its gradient.</param>
    /// <param name="m">The momentum, if there is one.</param>
    /// <param name="hasMomentum">Whether there is.</param>
    /// <param name="first">Whether it is still undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Step(ref V x, V d, ref V m, bool hasMomentum, bool first)
    {
        if (_maximizes) d = -d;
        if (_decays) d += _decay * x;
        if (hasMomentum)
        {
            m = first ? d : _momentum * m + _fresh * d;
            d = _nesterov ? d + _momentum * m : m;
        }
        x -= _lr * d;
    }
}
