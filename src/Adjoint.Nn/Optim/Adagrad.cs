using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>Adagrad (Duchi et al. 2011): s ← s + g² and p ← p − lrₜ·g/(√s + ε) with lrₜ = lr/(1 + (t − 1)·decay).</summary>
public sealed class Adagrad : Optimizer<AdagradOptions>
{
    private readonly double _initial;

    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="lrDecay">How fast the rate falls with the steps; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
    /// <param name="initialAccumulatorValue">What s starts with; at least 0.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Adagrad(
        IEnumerable<Tensor> parameters, double lr = 1e-2, double lrDecay = 0, double weightDecay = 0, double initialAccumulatorValue = 0,
        double eps = 1e-10, bool maximize = false)
        : this(parameters, new AdagradOptions(lr, lrDecay, weightDecay, eps, maximize), initialAccumulatorValue)
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Adagrad(IEnumerable{Tensor}, double, double, double, double, double, bool)"/>
    public Adagrad(
        IEnumerable<ParamGroup> groups, double lr = 1e-2, double lrDecay = 0, double weightDecay = 0, double initialAccumulatorValue = 0,
        double eps = 1e-10, bool maximize = false)
        : this(groups, new AdagradOptions(lr, lrDecay, weightDecay, eps, maximize), initialAccumulatorValue)
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adagrad(IEnumerable{Tensor}, double, double, double, double, double, bool)"/>
    [OverloadResolutionPriority(1)]
    public Adagrad(IEnumerable<Tensor> parameters, AdagradOptions options, double initialAccumulatorValue = 0)
        : base(parameters, options) => _initial = initialAccumulatorValue.In(Interval.NotNegative);

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adagrad(IEnumerable{Tensor}, double, double, double, double, double, bool)"/>
    public Adagrad(IEnumerable<ParamGroup> groups, AdagradOptions options, double initialAccumulatorValue = 0)
        : base(groups, options) => _initial = initialAccumulatorValue.In(Interval.NotNegative);

    /// <inheritdoc/>
    protected override void Check(AdagradOptions options)
    {
        Check(options.LrDecay, Interval.NotNegative, "lr_decay", "learning rate decay");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
        Check(options.Eps, Interval.NotNegative, "eps", "epsilon value");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, AdagradOptions options) =>
        RuleSteps<AdagradRule, AdagradOptions>.Step(this, group, options, _initial);

    internal override void Write(HandStep step, AdagradOptions options) =>
        RuleSteps<AdagradRule, AdagradOptions>.Write(step, options, _initial);
}
