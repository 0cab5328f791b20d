using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012): v ← α·v + (1 − α)·g² and p ← p − lr·g/(√v + ε); centered, the mean of the gradients squared is taken
/// off v.
/// </summary>
public sealed class RMSprop : Optimizer
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
        : this([ParamGroup.All(parameters)], lr, alpha, eps, weightDecay, momentum, centered, maximize)
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="RMSprop(IEnumerable{Tensor}, double, double, double, double, double, bool, bool)"/>
    public RMSprop(
        IEnumerable<ParamGroup> groups, double lr = 1e-2, double alpha = 0.99, double eps = 1e-8, double weightDecay = 0,
        double momentum = 0, bool centered = false, bool maximize = false)
        : base(groups.Given(), new()
        {
            ["lr"] = lr,
            ["alpha"] = alpha,
            ["eps"] = eps,
            ["weight_decay"] = weightDecay,
            ["momentum"] = momentum,
            ["centered"] = centered,
            ["maximize"] = maximize,
        })
    {
    }

    /// <inheritdoc/>
    protected internal override void CheckOptions(ParamGroup group)
    {
        Check(group, Interval.NotNegative, "lr", "learning rate");
        Check(group, Interval.Unit, "alpha", "alpha value");
        Check(group, Interval.NotNegative, "eps", "epsilon value");
        Check(group, Interval.NotNegative, "weight_decay", "weight decay");
        Check(group, Interval.NotNegative, "momentum", "momentum");
    }

    internal override void Write(HandStep step)
    {
        ParamGroup o = step.Group;
        HandTensor square = step.Remembered("square_avg");
        HandTensor? mean = o.Flag("centered") ? step.Remembered("grad_avg") : null;
        HandTensor? moved = o.Number("momentum") > 0 ? step.Remembered("momentum_buffer") : null;
        step.Each([square, mean, moved, step.P], [step.P, step.G, square, mean, moved], new Text(o, step.Rate(step.Word)));
    }

    /// <summary>The formula of a step.</summary>
    private readonly struct Text(ParamGroup o, string lr) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            (Code<T> square, Code<T> mean, Code<T> moved, Code<T> p) = Next(x, Code<T>.Named(lr));
            return [square, o.Flag("centered") ? mean : null, o.Number("momentum") > 0 ? moved : null, p];
        }

        private (V Square, V Mean, V Moved, V P) Next<V>(V[] x, V rate) where V : IAlgebra<V>
        {
            double alpha = o.Number("alpha"), momentum = o.Number("momentum");
            V g = HandStep.Decayed(x[0], x[1], o), square = x[2] * alpha + (1 - alpha) * (g * g), mean = square, variance = square;
            if (o.Flag("centered"))
            {
                mean = x[3] * alpha + (1 - alpha) * g;
                variance = square - mean * mean;
            }
            V move = g / (variance.Sqrt() + o.Number("eps"));
            if (momentum > 0) move = x[4] * momentum + move;
            return (square, mean, move, x[0] - rate * move);
        }
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group)
    {
        double alpha = group.Number("alpha"), momentum = group.Number("momentum");
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            Dictionary<string, object?> state = Memory(p);
            Tensor g = Decayed(p, grad, group);
            Tensor square = Remembered(state, "square_avg", p).MulInPlace(alpha).AddInPlace(g * g, 1 - alpha);
            Tensor variance = square;
            if (group.Flag("centered"))
            {
                Tensor mean = Remembered(state, "grad_avg", p).MulInPlace(alpha).AddInPlace(g, 1 - alpha);
                variance = square - mean * mean;
            }
            Tensor step = g / variance.Sqrt().AddInPlace(group.Number("eps"));
            if (momentum > 0) step = Remembered(state, "momentum_buffer", p).MulInPlace(momentum).AddInPlace(step);
            p.SubInPlace(step, group.Lr);
        }
    }
}
