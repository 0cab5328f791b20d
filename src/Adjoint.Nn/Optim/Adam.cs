using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>
/// Adam (Kingma and Ba 2015): the step is the mean of the gradients over the root of the mean of their squares,
/// p ← p − lr·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
/// </summary>
/// <remarks>
/// Weight decay w adds w·p to the gradient; <see cref="AdamW"/> shrinks the parameters instead. Every operation rounds by itself, so
/// that a plain loop gives the same bits (lr/(1 − β₁ᵗ) and √(1 − β₂ᵗ) are computed in double and then rounded):
/// g' = g + w·p; m = β₁·m + (1 − β₁)·g'; v = β₂·v + (1 − β₂)·g'·g'; p = p − lr/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε).
/// Moments below the least normal number become 0. PyTorch fuses some of these additions and may differ in the last bit.
/// </remarks>
public class Adam : MomentOptimizer<AdamOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="betas">β₁ and β₂: how much of the mean of the gradients, and of the mean of their squares, is kept; in [0, 1). By
    /// default 0.9 and 0.999.</param>
    /// <param name="eps">ε; at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients (an L2 penalty); at least 0.</param>
    /// <param name="amsgrad">Divides by the largest mean of squares so far.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Adam(
        IEnumerable<Tensor> parameters, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0, bool amsgrad = false, bool maximize = false)
        : base(parameters, new AdamOptions(lr, betas, eps, weightDecay, amsgrad, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Adam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, bool, bool)"/>
    public Adam(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        double weightDecay = 0, bool amsgrad = false, bool maximize = false)
        : base(groups, new AdamOptions(lr, betas, eps, weightDecay, amsgrad, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public Adam(IEnumerable<Tensor> parameters, AdamOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, double, bool, bool)"/>
    public Adam(IEnumerable<ParamGroup> groups, AdamOptions options) : base(groups, options)
    {
    }

    /// <summary>Whether weight decay shrinks the parameters instead of being added to their gradients.</summary>
    private protected virtual bool DecaysDirectly => false;

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, AdamOptions options)
    {
        var (lr, beta1, beta2, eps, decay, amsgrad, maximize) = options;
        AdamNumbers numbers = default;
        double last = double.NaN;
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            Dictionary<string, object?> state = Memory(p);
            double t = CountStep(state);
            // As a rule all parameters were stepped as often: their numbers are computed once, and not the powers in them for each.
            if (t != last)
                numbers = new AdamNumbers(
                    StepSize(lr, beta1, t).Value, beta1, beta2, eps, Root(beta2, t).Value, DecaysDirectly ? 0 : decay,
                    DecaysDirectly ? 1 - lr * decay : 1, maximize);
            last = t;
            ParameterStep.Apply(p, grad, new Kernel(numbers,
                Remembered(state, "exp_avg", p), Remembered(state, "exp_avg_sq", p),
                amsgrad ? Remembered(state, "max_exp_avg_sq", p) : null));
        }
    }

    internal override void Write(HandStep step, AdamOptions options)
    {
        var (_, beta1, beta2, eps, decay, amsgrad, maximize) = options;
        StepNumber t = StepNumber.Named(step.Count()), lr = StepNumber.Named(step.Rate("double"));
        StepNumber stepSize = StepSize(lr, beta1, t), root = Root(beta2, t), shrink = 1 - lr * decay;
        string[] names = step.Numbers(DecaysDirectly ? new(stepSize, root, shrink) : new(stepSize, root), null, default);
        HandTensor mean = step.Remembered("exp_avg"), square = step.Remembered("exp_avg_sq");
        HandTensor? largest = amsgrad ? step.Remembered("max_exp_avg_sq") : null;
        var numbers = new AdamNumbers(0, beta1, beta2, eps, 0, DecaysDirectly ? 0 : decay, 1, maximize);
        step.Each([mean, square, largest, step.P], [step.P, step.G, mean, square, largest], new Text(numbers, names, amsgrad));
    }

    private static StepNumber StepSize(StepNumber lr, double beta1, StepNumber t) => lr / (1 - StepNumber.Pow(beta1, t));

    private static StepNumber Root(double beta2, StepNumber t) => StepNumber.Sqrt(1 - StepNumber.Pow(beta2, t));

    /// <summary>The formula of the kernel as text.</summary>
    private readonly struct Text(AdamNumbers numbers, string[] names, bool amsgrad) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            Code<T>? shrink = names[2].Length > 0 ? Code<T>.Named(names[2]) : null;
            AdamFormula<Code<T>, T> next = AdamFormula<Code<T>, T>.Of(numbers, Code<T>.Named(names[0]), Code<T>.Named(names[1]), shrink);
            next.Step(ref x[0], x[1], ref x[2], ref x[3], ref x[4], amsgrad);
            return [x[2], x[3], amsgrad ? x[4] : null, x[0]];
        }
    }

    private readonly struct Kernel(AdamNumbers numbers, Tensor mean, Tensor square, Tensor? largest) : IParameterStep
    {
        public static string Name => "adam_step";

        public void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            AdamStep.Run(numbers, parameter, gradient, memory.Of<T>(mean), memory.Of<T>(square), memory.OfNullable<T>(largest));
        }
    }
}
