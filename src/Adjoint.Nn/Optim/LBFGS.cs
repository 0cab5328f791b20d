using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", algorithm 7.4): a direction is the gradient times an estimate of the
/// inverse Hessian, which comes from how gradients changed in the last steps. <c>torch.optim.LBFGS</c>.
/// </summary>
/// <remarks>
/// A step goes along up to <c>maxIter</c> directions and computes the loss again for each, so it takes a closure. The loss must be the same
/// function in all of a step: no dropout, no other batch. All parameters are one vector, so there is one group, of one dtype.
/// </remarks>
/// <example><code>
/// Tensor p = Tensor.From([-1.2, 1.0], requiresGrad: true);
/// var optimizer = new LBFGS([p], maxIter: 100, strongWolfe: true);
/// Tensor before = optimizer.Step(() => {
///     optimizer.ZeroGrad();
///     Tensor loss = (1 - p[0]).Pow(2) + 100 * (p[1] - p[0].Pow(2)).Pow(2);     // Rosenbrock's valley
///     loss.Backward();
///     return loss;
/// });
/// if (Math.Abs(p[0].Item() - 1) > 1e-4) throw new Exception("the bottom is at (1, 1)");
/// </code></example>
public sealed class LBFGS : Optimizer<LBFGSOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The length of a step along its direction, where no line is searched; at least 0.</param>
    /// <param name="maxIter">How many directions a step goes along at most; at least 1.</param>
    /// <param name="maxEval">How many times a step computes the loss at most; at least 0, where 0 is 5/4 of
    /// <paramref name="maxIter"/>.</param>
    /// <param name="toleranceGrad">No number of the gradient is larger where a step ends; at least 0.</param>
    /// <param name="toleranceChange">Neither parameters nor loss change by more where a step ends; at least 0.</param>
    /// <param name="historySize">How many changes of the gradient are remembered; at least 1.</param>
    /// <param name="strongWolfe">Whether along each direction a length is searched that meets the strong Wolfe conditions.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    public LBFGS(
        IEnumerable<Tensor> parameters, double lr = 1, int maxIter = 20, int maxEval = 0, double toleranceGrad = 1e-7,
        double toleranceChange = 1e-9, int historySize = 100, bool strongWolfe = false)
        : this(parameters, new LBFGSOptions(lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, strongWolfe))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="LBFGS(IEnumerable{Tensor}, double, int, int, double, double, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public LBFGS(IEnumerable<Tensor> parameters, LBFGSOptions options) : base(parameters, options)
    {
    }

    /// <summary>Goes along several directions to where the loss is smaller.</summary>
    /// <param name="closure">Clears the gradients, computes the loss, runs it backward and returns it.</param>
    /// <returns>The loss where the step began.</returns>
    /// <exception cref="InvalidOperationException">The closure returns null, or parameters were added as a second group.</exception>
    /// <exception cref="ShapeException">The loss has more than one element.</exception>
    /// <exception cref="DTypeException">The parameters have different dtypes.</exception>
    public override Tensor Step(Func<Tensor> closure)
    {
        closure.Given();
        UserCode.CheckStack();
        if (ParamGroups.Count != 1)
            throw new InvalidOperationException("LBFGS: all parameters are one vector, so they must be one group.");
        LBFGSOptions options = OptionsOf(ParamGroups[0]);
        if (ParamGroups[0].Held.FirstOrDefault(p => p.DType != ParamGroups[0].Held[0].DType) is { } other)
            throw new DTypeException(
                $"LBFGS: all parameters are one vector, so they must have one dtype, but there are {ParamGroups[0].Held[0].DType} and "
                + $"{other.DType}.");
        var line = new LossLine(ParamGroups[0].Held, closure);
        using GradScope unrecorded = Autograd.NoGrad();
        Tensor first = line.Compute();
        new LbfgsStep(line, new LbfgsMemory(StateOf(ParamGroups[0].Held[0])), options).Run(first.Item());
        return first;
    }

    /// <inheritdoc/>
    protected override void Check(LBFGSOptions options)
    {
        options.MaxIter.AtLeast(1, "max_iter");
        options.MaxEval.AtLeast(0, "max_eval");
        options.HistorySize.AtLeast(1, "history_size");
        Check(options.ToleranceGrad, Interval.NotNegative, "tolerance_grad", "tolerance of the gradient");
        Check(options.ToleranceChange, Interval.NotNegative, "tolerance_change", "tolerance of changes");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, LBFGSOptions options) => throw new InvalidOperationException(
        "LBFGS.Step: a step computes the loss several times, so it takes a closure that does: optimizer.Step(() => { optimizer.ZeroGrad(); "
        + "…; loss.Backward(); return loss; }).");

    // Vectors over all parameters are remembered of the first.
    private protected override bool Fits(Tensor remembered, Tensor parameter) =>
        remembered.Dim() == 1 && remembered.NumEl == ParamGroups[0].Held.Sum(p => p.NumEl);
}
