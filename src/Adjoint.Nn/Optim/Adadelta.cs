using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>Adadelta (Zeiler 2012): v ← ρ·v + (1 − ρ)·g², Δ = g·√(u + ε)/√(v + ε), u ← ρ·u + (1 − ρ)·Δ², p ← p − lr·Δ.</summary>
public sealed class Adadelta : Optimizer<AdadeltaOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="rho">ρ: how much of the means of squares is kept; in [0, 1].</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Adadelta(IEnumerable<Tensor> parameters, double lr = 1, double rho = 0.9, double eps = 1e-6, double weightDecay = 0)
        : base(parameters, new AdadeltaOptions(lr, rho, eps, weightDecay))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Adadelta(IEnumerable{Tensor}, double, double, double, double)"/>
    public Adadelta(IEnumerable<ParamGroup> groups, double lr = 1, double rho = 0.9, double eps = 1e-6, double weightDecay = 0)
        : base(groups, new AdadeltaOptions(lr, rho, eps, weightDecay))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adadelta(IEnumerable{Tensor}, double, double, double, double)"/>
    [OverloadResolutionPriority(1)]
    public Adadelta(IEnumerable<Tensor> parameters, AdadeltaOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adadelta(IEnumerable{Tensor}, double, double, double, double)"/>
    public Adadelta(IEnumerable<ParamGroup> groups, AdadeltaOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(AdadeltaOptions options)
    {
        Check(options.Eps, Interval.NotNegative, "eps", "epsilon value");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
        Check(options.Rho, Interval.Unit, "rho", "rho value");
    }

    internal override void Write(HandStep step, AdadeltaOptions options)
    {
        (HandTensor square, HandTensor moved) = (step.Remembered("square_avg"), step.Remembered("acc_delta"));
        step.Each([square, moved, step.P], [step.P, step.G, square, moved], new Text(options, step.Rate(step.Word)));
    }

    /// <summary>The formula of a step.</summary>
    private readonly struct Text(AdadeltaOptions o, string lr) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            (Code<T> square, Code<T> moved, Code<T> p) = Next(x, Code<T>.Named(lr));
            return [square, moved, p];
        }

        private (V Square, V Moved, V P) Next<V>(V[] x, V rate) where V : IAlgebra<V>
        {
            double rho = o.Rho, eps = o.Eps;
            V g = HandStep.Decayed(x[0], x[1], o.WeightDecay, false), square = x[2] * rho + (1 - rho) * (g * g);
            V delta = (x[3] + eps).Sqrt() / (square + eps).Sqrt() * g;
            return (square, x[3] * rho + (1 - rho) * (delta * delta), x[0] - rate * delta);
        }
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, AdadeltaOptions options)
    {
        double rho = options.Rho, eps = options.Eps;
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            Dictionary<string, object?> state = Memory(p);
            Tensor g = Decayed(p, grad, options.WeightDecay);
            Tensor square = Remembered(state, "square_avg", p).MulInPlace(rho).AddInPlace(g * g, 1 - rho);
            Tensor moved = Remembered(state, "acc_delta", p);
            Tensor delta = (moved + eps).SqrtInPlace().DivInPlace((square + eps).SqrtInPlace()).MulInPlace(g);
            moved.MulInPlace(rho).AddInPlace(delta * delta, 1 - rho);
            p.SubInPlace(delta, options.Lr);
        }
    }
}
