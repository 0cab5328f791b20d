using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// <see cref="Adam"/> whose weight decay shrinks the parameters by 1 − lr·w before the step (Loshchilov and Hutter 2019).
/// </summary>
public sealed class AdamW : Adam
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="betas">β₁ and β₂: how much of the mean of the gradients, and of the mean of their squares, is kept; in [0, 1). By
    /// default 0.9 and 0.999.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="weightDecay">w: the parameters are multiplied by 1 − lr·w first; at least 0.</param>
    /// <param name="amsgrad">Divides by the largest mean of squares so far.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public AdamW(
        IEnumerable<Tensor> parameters, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0.01, bool amsgrad = false, bool maximize = false)
        : base(parameters, new AdamWOptions(lr, betas, eps, weightDecay, amsgrad, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="AdamW(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, bool, bool)"/>
    public AdamW(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0.01, bool amsgrad = false, bool maximize = false)
        : base(groups, new AdamWOptions(lr, betas, eps, weightDecay, amsgrad, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="AdamW(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public AdamW(IEnumerable<Tensor> parameters, AdamWOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="AdamW(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, bool, bool)"/>
    public AdamW(IEnumerable<ParamGroup> groups, AdamWOptions options) : base(groups, options)
    {
    }

    private protected override bool DecaysDirectly => true;
}
