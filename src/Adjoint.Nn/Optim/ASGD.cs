using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Averaged stochastic gradient descent (Polyak and Juditsky 1992): p ← p·(1 − λ·η) − η·g with η = lr/(1 + λ·lr·t)^α, and beside it the
/// mean of the parameters since step t₀, which the state holds as <c>ax</c>.
/// </summary>
public sealed class ASGD : Optimizer<ASGDOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="lambd">λ: how fast parameters decay; at least 0.</param>
    /// <param name="alpha">α: the power by which the rate falls; at least 0.</param>
    /// <param name="t0">t₀: the step from which on parameters are averaged; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients; at least 0.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public ASGD(
        IEnumerable<Tensor> parameters, double lr = 1e-2, double lambd = 1e-4, double alpha = 0.75, double t0 = 1e6, double weightDecay = 0,
        bool maximize = false)
        : base(parameters, new ASGDOptions(lr, lambd, alpha, t0, weightDecay, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="ASGD(IEnumerable{Tensor}, double, double, double, double, double, bool)"/>
    public ASGD(
        IEnumerable<ParamGroup> groups, double lr = 1e-2, double lambd = 1e-4, double alpha = 0.75, double t0 = 1e6, double weightDecay = 0,
        bool maximize = false)
        : base(groups, new ASGDOptions(lr, lambd, alpha, t0, weightDecay, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="ASGD(IEnumerable{Tensor}, double, double, double, double, double, bool)"/>
    [OverloadResolutionPriority(1)]
    public ASGD(IEnumerable<Tensor> parameters, ASGDOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="ASGD(IEnumerable{Tensor}, double, double, double, double, double, bool)"/>
    public ASGD(IEnumerable<ParamGroup> groups, ASGDOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(ASGDOptions options)
    {
        Check(options.Lambd, Interval.NotNegative, "lambd", "decay");
        Check(options.Alpha, Interval.NotNegative, "alpha", "power");
        Check(options.T0, Interval.NotNegative, "t0", "first step of the average");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, ASGDOptions options) =>
        RuleSteps<ASGDRule, ASGDOptions>.Step(this, group, options);

    internal override void Write(HandStep step, ASGDOptions options) => RuleSteps<ASGDRule, ASGDOptions>.Write(step, options);
}
