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

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, RmspropOptions options) =>
        RuleSteps<RmspropRule, RmspropOptions>.Step(this, group, options);

    internal override void Write(HandStep step, RmspropOptions options) => RuleSteps<RmspropRule, RmspropOptions>.Write(step, options);
}
