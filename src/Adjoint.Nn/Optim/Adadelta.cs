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

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, AdadeltaOptions options) =>
        RuleSteps<AdadeltaRule, AdadeltaOptions>.Step(this, group, options);

    internal override void Write(HandStep step, AdadeltaOptions options) => RuleSteps<AdadeltaRule, AdadeltaOptions>.Write(step, options);
}
