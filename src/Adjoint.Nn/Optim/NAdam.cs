using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// <see cref="Adam"/> with Nesterov's look ahead (Dozat 2016): the momentum μₜ = β₁·(1 − ½·0.96^(t·decay)) grows with the steps.
/// </summary>
public sealed class NAdam : MomentOptimizer<NAdamOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="betas">β₁ and β₂: how much of the mean of the gradients, and of the mean of their squares, is kept; in [0, 1). By
    /// default 0.9 and 0.999.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
    /// <param name="momentumDecay">How fast the momentum grows; at least 0.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public NAdam(
        IEnumerable<Tensor> parameters, double lr = 2e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0, double momentumDecay = 4e-3)
        : base(parameters, new NAdamOptions(lr, betas, eps, weightDecay, momentumDecay))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="NAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, double)"/>
    public NAdam(
        IEnumerable<ParamGroup> groups, double lr = 2e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0, double momentumDecay = 4e-3)
        : base(groups, new NAdamOptions(lr, betas, eps, weightDecay, momentumDecay))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="NAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, double)"/>
    [OverloadResolutionPriority(1)]
    public NAdam(IEnumerable<Tensor> parameters, NAdamOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="NAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, double)"/>
    public NAdam(IEnumerable<ParamGroup> groups, NAdamOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(NAdamOptions options)
    {
        base.Check(options);
        Check(options.MomentumDecay, Interval.NotNegative, "momentum_decay", "momentum decay");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, NAdamOptions options) =>
        RuleSteps<NAdamRule, NAdamOptions>.Step(this, group, options);

    internal override void Write(HandStep step, NAdamOptions options) => RuleSteps<NAdamRule, NAdamOptions>.Write(step, options);
}
