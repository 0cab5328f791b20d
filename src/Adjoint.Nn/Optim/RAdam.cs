using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// <see cref="Adam"/> that steps by the momentum alone until the mean of squares can be trusted, and is rectified then (Liu et al. 2020).
/// </summary>
public sealed class RAdam : MomentOptimizer<RAdamOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="betas">β₁ and β₂: how much of the mean of the gradients, and of the mean of their squares, is kept; in [0, 1). By
    /// default 0.9 and 0.999.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public RAdam(
        IEnumerable<Tensor> parameters, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0)
        : base(parameters, new RAdamOptions(lr, betas, eps, weightDecay))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="RAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double)"/>
    public RAdam(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0)
        : base(groups, new RAdamOptions(lr, betas, eps, weightDecay))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="RAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double)"/>
    [OverloadResolutionPriority(1)]
    public RAdam(IEnumerable<Tensor> parameters, RAdamOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="RAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double)"/>
    public RAdam(IEnumerable<ParamGroup> groups, RAdamOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, RAdamOptions options) =>
        RuleSteps<RAdamRule, RAdamOptions>.Step(this, group, options);

    internal override void Write(HandStep step, RAdamOptions options) => RuleSteps<RAdamRule, RAdamOptions>.Write(step, options);
}
