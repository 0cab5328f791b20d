using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Adam that leaves what has no gradient alone: rows (slices along the first dimension) whose gradient is zero in all elements keep their
/// value and what is remembered of them, as the words of an <see cref="Nn.Embedding"/> that a batch does not have. <c>torch.optim.SparseAdam</c>.
/// </summary>
/// <remarks>
/// m ← m + (1 − β₁)·(g − m), v ← v + (1 − β₂)·(g² − v) and p ← p − lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε) for the rows that have a gradient,
/// where t counts all steps. PyTorch takes the rows from a sparse gradient, in which one may be all zeros.
/// </remarks>
public sealed class SparseAdam : Optimizer<SparseAdamOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="betas">How much of the means of gradients and of their squares is kept; in [0, 1). By default 0.9 and 0.999.</param>
    /// <param name="eps">ε; above 0.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public SparseAdam(
        IEnumerable<Tensor> parameters, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        bool maximize = false)
        : base(parameters, new SparseAdamOptions(lr, betas?.Beta1 ?? 0.9, betas?.Beta2 ?? 0.999, eps, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="SparseAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, bool)"/>
    public SparseAdam(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, (double Beta1, double Beta2)? betas = null, double eps = 1e-8,
        bool maximize = false)
        : base(groups, new SparseAdamOptions(lr, betas?.Beta1 ?? 0.9, betas?.Beta2 ?? 0.999, eps, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="SparseAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, bool)"/>
    [OverloadResolutionPriority(1)]
    public SparseAdam(IEnumerable<Tensor> parameters, SparseAdamOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="SparseAdam(IEnumerable{Tensor}, double, ValueTuple{double, double}?, double, bool)"/>
    public SparseAdam(IEnumerable<ParamGroup> groups, SparseAdamOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(SparseAdamOptions options)
    {
        Check(options.Beta1, Interval.Kept, "beta1", "beta1");
        Check(options.Beta2, Interval.Kept, "beta2", "beta2");
        Check(options.Eps, Interval.Positive, "eps", "epsilon");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, SparseAdamOptions options)
    {
        foreach (Tensor p in group.Held)
            if (p.GradOrNull is { } gradient) Step(p, gradient.Detach(), options);
    }

    private void Step(Tensor p, Tensor gradient, SparseAdamOptions o)
    {
        Dictionary<string, object?> state = Memory(p);
        double t = NextStep(state);
        Tensor mean = Remembered(state, "exp_avg", p), square = Remembered(state, "exp_avg_sq", p);
        if (p.NumEl == 0) return;
        // One number is a row of its own.
        int count = p.NDim == 0 ? 1 : p.Shape[0];
        Tensor rows = gradient.Reshape(count, -1).Ne(0).Any(1).NonZero().Reshape(-1);
        if (rows.NumEl == 0) return;
        Tensor g = Rows(gradient, count).IndexSelect(0, rows), oldMean = Rows(mean, count).IndexSelect(0, rows);
        Tensor oldSquare = Rows(square, count).IndexSelect(0, rows);
        if (o.Maximize) g = -g;
        Tensor ofMean = (g - oldMean) * (1 - o.Beta1), ofSquare = (g * g - oldSquare) * (1 - o.Beta2);
        Rows(mean, count).IndexAddInPlace(0, rows, ofMean);
        Rows(square, count).IndexAddInPlace(0, rows, ofSquare);
        double size = o.Lr * Math.Sqrt(1 - Math.Pow(o.Beta2, t)) / (1 - Math.Pow(o.Beta1, t));
        Tensor step = (ofMean + oldMean) / ((ofSquare + oldSquare).Sqrt() + o.Eps);
        Rows(p.Detach(), count).IndexAddInPlace(0, rows, step, -size);
    }

    internal override void Write(HandStep step, SparseAdamOptions o)
    {
        Hand hand = step.Hand;
        string word = step.Word, count = step.Count(), lr = step.Rate("double");
        string Power(double beta) => $"1 - Math.Pow({HandStep.Text(beta)}, {count})";
        string Number(double value) => CodeWriter.Number(word == "float" ? (float)value : value, word);
        hand.Line($"double stepSize = {lr} * Math.Sqrt({Power(o.Beta2)}) / ({Power(o.Beta1)});");
        step.Let("rate", "-stepSize");
        HandTensor mean = step.Remembered("exp_avg"), square = step.Remembered("exp_avg_sq");
        // One number is a row of its own.
        HandTensor[] all = [.. new[] { step.P, step.G, mean, square }.Select(x => x.Shape.NDim == 0 ? x.Expanded([1]) : x)];
        hand.Over(1, rows =>
        {
            hand.Line("bool found = false;   // whether anything of the row has a gradient");
            hand.Each(e => hand.Line($"found |= {hand.Element(e[0])} != 0;"), rows[1]);
            hand.Block("if (found)", () => hand.Each(e =>
            {
                string[] of = [.. e.Select(hand.Element)];
                hand.Line($"{word} grad = {(o.Maximize ? "-" : "")}{of[1]};");
                hand.Line($"{of[2]} += (grad - {of[2]}) * {Number(1 - o.Beta1)};");
                hand.Line($"{of[3]} += (grad * grad - {of[3]}) * {Number(1 - o.Beta2)};");
                hand.Line($"{of[0]} += rate * ({of[2]} / (Math{(word == "float" ? "F" : "")}.Sqrt({of[3]}) + {Number(o.Eps)}));");
            }, rows));
        }, all);
    }

    private static Tensor Rows(Tensor x, int count) => x.NDim == 0 ? x.Reshape(count) : x;
}
