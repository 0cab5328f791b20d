using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>The negative log likelihood of counts t under Poisson distributions of mean eˣ, or x.</summary>
/// <param name="logInput">Whether the input is the logarithm of the mean.</param>
/// <param name="full">Whether ln t! is added, by Stirling's formula for t above 1; it does not depend on the input.</param>
/// <param name="eps">Added to a mean before its logarithm is taken, where the input is the mean itself; at least 0.</param>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class PoissonNLLLoss(bool logInput = true, bool full = false, double eps = 1e-8, Reduction reduction = Reduction.Mean)
    : Loss(reduction)
{
    private readonly double _eps = eps.In(Interval.NotNegative);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.PoissonNllLoss(input, target, logInput, full, _eps, Reduction);
}

public static partial class F
{
    /// <summary>eˣ − t·x, or x − t·ln(x + ε), averaged or added up; with <paramref name="full"/> and ln t!.</summary>
    /// <param name="input">x.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="logInput">Whether x is the logarithm of the mean.</param>
    /// <param name="full">Whether t·ln t − t + ½·ln(2πt) is added for t above 1.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is below 0.</exception>
    public static Tensor PoissonNllLoss(
        Tensor input, Tensor target, bool logInput = true, bool full = false, double eps = 1e-8, Reduction reduction = Reduction.Mean)
    {
        input.Given();
        target.Given();
        return PointwiseLoss.Apply(new PoissonNllLossOp(logInput, full, eps.In(Interval.NotNegative)), input, target, reduction);
    }
}

/// <summary>z = eˣ − t·x or x − t·ln(x + ε), and ln t!,   ∂z/∂x = eˣ − t or 1 − t/(x + ε),   ∂z/∂t = −x or −ln(x + ε), and that of
/// ln t!.</summary>
internal readonly struct PoissonNllLossOp(bool logInput, bool full, double eps) : IBinaryOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("log_input", logInput);
        to.Add("full", full);
        to.Add("eps", eps);
    }

    public static string Name => "poisson_nll_loss";
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain DomainX => Domain.Positive;
    public static Domain DomainY => Domain.Positive;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y) where V : IAlgebra<V>
    {
        V loss = logInput ? x.Exp() - y * x : x - y * (x + eps).Log();
        return full ? loss + V.IfLess(V.Constant(1), y, y * y.Log() - y + 0.5 * (2 * Math.PI * y).Log(), V.Constant(0)) : loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => logInput ? x.Exp() - y : 1 - y / (x + eps);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        V slope = logInput ? -x : -(x + eps).Log();
        return full ? slope + V.IfLess(V.Constant(1), y, y.Log() + 0.5 / y, V.Constant(0)) : slope;
    }
}
