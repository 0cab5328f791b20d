using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012): v ← α·v + (1 − α)·g² and p ← p − lr·g/(√v + ε); centered, the mean of the gradients squared is taken
/// off v.
/// </summary>
public sealed class RMSprop : Optimizer<RmspropOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="alpha">α: how much of the mean of squares is kept; in [0, 1].</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
    /// <param name="momentum">How much of the last step is kept; at least 0.</param>
    /// <param name="centered">Whether steps are divided by the deviation instead of the root of the mean of squares.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public RMSprop(
        IEnumerable<Tensor> parameters, double lr = 1e-2, double alpha = 0.99, double eps = 1e-8, double weightDecay = 0,
        double momentum = 0, bool centered = false, bool maximize = false)
        : base(parameters, new RmspropOptions(lr, alpha, eps, weightDecay, momentum, centered, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="RMSprop(IEnumerable{Tensor}, double, double, double, double, double, bool, bool)"/>
    public RMSprop(
        IEnumerable<ParamGroup> groups, double lr = 1e-2, double alpha = 0.99, double eps = 1e-8, double weightDecay = 0,
        double momentum = 0, bool centered = false, bool maximize = false)
        : base(groups, new RmspropOptions(lr, alpha, eps, weightDecay, momentum, centered, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="RMSprop(IEnumerable{Tensor}, double, double, double, double, double, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public RMSprop(IEnumerable<Tensor> parameters, RmspropOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="RMSprop(IEnumerable{Tensor}, double, double, double, double, double, bool, bool)"/>
    public RMSprop(IEnumerable<ParamGroup> groups, RmspropOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(RmspropOptions options)
    {
        Check(options.Alpha, Interval.Unit, "alpha", "alpha value");
        Check(options.Eps, Interval.NotNegative, "eps", "epsilon value");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
        Check(options.Momentum, Interval.NotNegative, "momentum", "momentum");
    }

    internal override void Write(HandStep step, RmspropOptions o)
    {
        HandTensor square = step.Remembered("square_avg");
        HandTensor? mean = o.Centered ? step.Remembered("grad_avg") : null;
        HandTensor? moved = o.Momentum > 0 ? step.Remembered("momentum_buffer") : null;
        step.Each([square, mean, moved, step.P], [step.P, step.G, square, mean, moved], new Text(o, step.Rate(step.Word)));
    }

    /// <summary>The formula of a step.</summary>
    private readonly struct Text(RmspropOptions o, string lr) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            (Code<T> square, Code<T> mean, Code<T> moved, Code<T> p) = Next(x, Code<T>.Named(lr));
            return [square, o.Centered ? mean : null, o.Momentum > 0 ? moved : null, p];
        }

        private (V Square, V Mean, V Moved, V P) Next<V>(V[] x, V rate) where V : IAlgebra<V>
        {
            double alpha = o.Alpha, momentum = o.Momentum;
            V g = HandStep.Decayed(x[0], x[1], o.WeightDecay, o.Maximize), square = x[2] * alpha + (1 - alpha) * (g * g);
            V mean = square, variance = square;
            if (o.Centered)
            {
                mean = x[3] * alpha + (1 - alpha) * g;
                variance = square - mean * mean;
            }
            V move = g / (variance.Sqrt() + o.Eps);
            if (momentum > 0) move = x[4] * momentum + move;
            return (square, mean, move, x[0] - rate * move);
        }
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, RmspropOptions options)
    {
        double alpha = options.Alpha, momentum = options.Momentum;
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            Dictionary<string, object?> state = Memory(p);
            Tensor g = Decayed(p, grad, options.WeightDecay, options.Maximize);
            Tensor square = Remembered(state, "square_avg", p).MulInPlace(alpha).AddInPlace(g * g, 1 - alpha);
            Tensor variance = square;
            if (options.Centered)
            {
                Tensor mean = Remembered(state, "grad_avg", p).MulInPlace(alpha).AddInPlace(g, 1 - alpha);
                variance = square - mean * mean;
            }
            Tensor step = g / variance.Sqrt().AddInPlace(options.Eps);
            if (momentum > 0) step = Remembered(state, "momentum_buffer", p).MulInPlace(momentum).AddInPlace(step);
            p.SubInPlace(step, options.Lr);
        }
    }
}
