using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Resilient backpropagation (Riedmiller and Braun 1993): each number has a step of its own, which grows by η⁺ while the sign of its
/// gradient stays and shrinks by η⁻ where it changes; then the number waits for one step. Of the gradient only the sign counts.
/// </summary>
public sealed class Rprop : Optimizer<RpropOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The first step of each number; at least 0.</param>
    /// <param name="etas">η⁻ in (0, 1) and η⁺ above 1. By default 0.5 and 1.2.</param>
    /// <param name="stepSizes">The smallest and the largest step. By default 10⁻⁶ and 50.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Rprop(
        IEnumerable<Tensor> parameters, double lr = 1e-2, (double Minus, double Plus)? etas = null,
        (double Min, double Max)? stepSizes = null, bool maximize = false)
        : base(parameters, Options(lr, etas ?? (0.5, 1.2), stepSizes ?? (1e-6, 50), maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Rprop(IEnumerable{Tensor}, double, ValueTuple{double, double}?, ValueTuple{double, double}?, bool)"/>
    public Rprop(
        IEnumerable<ParamGroup> groups, double lr = 1e-2, (double Minus, double Plus)? etas = null,
        (double Min, double Max)? stepSizes = null, bool maximize = false)
        : base(groups, Options(lr, etas ?? (0.5, 1.2), stepSizes ?? (1e-6, 50), maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Rprop(IEnumerable{Tensor}, double, ValueTuple{double, double}?, ValueTuple{double, double}?, bool)"/>
    [OverloadResolutionPriority(1)]
    public Rprop(IEnumerable<Tensor> parameters, RpropOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Rprop(IEnumerable{Tensor}, double, ValueTuple{double, double}?, ValueTuple{double, double}?, bool)"/>
    public Rprop(IEnumerable<ParamGroup> groups, RpropOptions options) : base(groups, options)
    {
    }

    private static RpropOptions Options(
        double lr, (double Minus, double Plus) etas, (double Min, double Max) stepSizes, bool maximize) =>
        Interval.Inside.Contains(etas.Minus) && Interval.AboveOne.Contains(etas.Plus)
            ? new(lr, etas.Minus, etas.Plus, stepSizes.Min, stepSizes.Max, maximize)
            : throw new ArgumentOutOfRangeException(
                nameof(etas), etas, $"Invalid factors of a step: {etas}. The first must be {Interval.Inside}, the second {Interval.AboveOne}.");

    /// <inheritdoc/>
    protected override void Check(RpropOptions options)
    {
        Check(options.EtaMinus, Interval.Inside, "eta_minus", "factor of a step");
        Check(options.EtaPlus, Interval.AboveOne, "eta_plus", "factor of a step");
        Check(options.StepSizeMin, Interval.NotNegative, "step_size_min", "smallest step");
        Check(options.StepSizeMax, Interval.NotNegative, "step_size_max", "largest step");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, RpropOptions options) =>
        RuleSteps<RpropRule, RpropOptions>.Step(this, group, options);

    internal override void Write(HandStep step, RpropOptions options) => RuleSteps<RpropRule, RpropOptions>.Write(step, options);
}
