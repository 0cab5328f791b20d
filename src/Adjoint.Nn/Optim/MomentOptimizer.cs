using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>What <see cref="Adam"/> and its kin have in common: two means, of gradients and of their squares, and ε.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
public abstract class MomentOptimizer<[DynamicallyAccessedMembers(
    DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] TOptions> : Optimizer<TOptions>
    where TOptions : MomentOptions
{
    [OverloadResolutionPriority(1)]
    private protected MomentOptimizer(IEnumerable<Tensor> parameters, TOptions options) : base(parameters, options)
    {
    }

    private protected MomentOptimizer(IEnumerable<ParamGroup> groups, TOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(TOptions options)
    {
        Check(options.Eps, Interval.NotNegative, "eps", "epsilon value");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
        Check(options.Beta1, Interval.Kept, "beta1", "beta1");
        Check(options.Beta2, Interval.Kept, "beta2", "beta2");
    }
}
