using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>The logistic loss of scores x and targets t of −1 and 1: ln(1 + e^(−t·x)).</summary>
/// <param name="reduction">What becomes of the losses of single elements.</param>
public sealed class SoftMarginLoss(Reduction reduction = Reduction.Mean) : Loss(reduction)
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor target) => F.SoftMarginLoss(input, target, Reduction);
}

public static partial class F
{
    /// <summary>ln(1 + e^(−t·x)), averaged or added up; without overflow.</summary>
    /// <param name="input">x.</param>
    /// <param name="target">t: −1 or 1, of the same shape.</param>
    /// <param name="reduction">What becomes of the losses of single elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor SoftMarginLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
        PointwiseLoss.Apply(new SoftMarginLossOp(), input.Given(), target.Given(), reduction);
}

/// <summary>z = −ln σ(x·t),   ∂z/∂x = −t·σ(−x·t),   ∂z/∂t = −x·σ(−x·t).</summary>
internal readonly struct SoftMarginLossOp : IBinaryOp
{
    public static string Name => "soft_margin_loss";
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y) where V : IAlgebra<V> => -V.Inlined(default(LogSigmoidOp), x * y);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => -y * V.Inlined<SigmoidOp>(-x * y);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -x * V.Inlined<SigmoidOp>(-x * y);
}
