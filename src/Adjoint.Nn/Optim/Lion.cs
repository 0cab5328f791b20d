using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms"): p ← p·(1 − lr·λ) − lr·sign(β₁·m + (1 − β₁)·g), and then
/// m ← β₂·m + (1 − β₂)·g. Every number moves by the rate, so that is some 3 to 10 times smaller than with <see cref="AdamW"/>.
/// </summary>
public sealed class Lion : Optimizer<LionOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="betas">β₁: how much of the mean counts in a step; β₂: how much of it is kept; in [0, 1). By default 0.9 and
    /// 0.99.</param>
    /// <param name="weightDecay">λ: how fast parameters decay by themselves, times the rate; at least 0.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Lion(
        IEnumerable<Tensor> parameters, double lr = 1e-4, (double Beta1, double Beta2)? betas = null, double weightDecay = 0,
        bool maximize = false)
        : base(parameters, new LionOptions(lr, betas?.Beta1 ?? 0.9, betas?.Beta2 ?? 0.99, weightDecay, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Lion(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, bool)"/>
    public Lion(
        IEnumerable<ParamGroup> groups, double lr = 1e-4, (double Beta1, double Beta2)? betas = null, double weightDecay = 0,
        bool maximize = false)
        : base(groups, new LionOptions(lr, betas?.Beta1 ?? 0.9, betas?.Beta2 ?? 0.99, weightDecay, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Lion(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, bool)"/>
    [OverloadResolutionPriority(1)]
    public Lion(IEnumerable<Tensor> parameters, LionOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Lion(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, bool)"/>
    public Lion(IEnumerable<ParamGroup> groups, LionOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(LionOptions options)
    {
        Check(options.Beta1, Interval.Kept, "beta1", "beta1");
        Check(options.Beta2, Interval.Kept, "beta2", "beta2");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, LionOptions options) =>
        RuleSteps<LionRule, LionOptions>.Step(this, group, options);

    internal override void Write(HandStep step, LionOptions options) => RuleSteps<LionRule, LionOptions>.Write(step, options);
}
