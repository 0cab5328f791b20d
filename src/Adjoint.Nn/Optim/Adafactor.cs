using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Adafactor (Shazeer and Stern 2018, "Adafactor: adaptive learning rates with sublinear memory cost"): the mean square of the gradients
/// of a matrix is kept as a mean of each row and of each column, u = g/√(R·C/mean(R)); the step is α·u/max(1, RMS(u)/d), with
/// α = max(ε₂, RMS(p))·min(lr, 1/√t). <c>torch.optim.Adafactor</c>.
/// </summary>
/// <remarks>
/// Of n by m numbers n + m are remembered; of a vector, all. Of more dimensions the last two are the matrix. Step t keeps 1 − t^β of the
/// mean before, with the exponent β = <c>beta2Decay</c> below 0.
/// </remarks>
/// <example><code>
/// Tensor w = Tensor.Randn([8, 4]).RequiresGradInPlace();
/// var optimizer = new Adafactor([w], lr: 0.05);
/// double before = w.Pow(2).Sum().Item();
/// for (int step = 0; step &lt; 50; step++)
/// {
///     optimizer.ZeroGrad();
///     w.Pow(2).Sum().Backward();
///     optimizer.Step();
/// }
/// if (w.Pow(2).Sum().Item() &gt;= before / 2) throw new Exception("it should have fallen");
/// </code></example>
public sealed class Adafactor : Optimizer<AdafactorOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The largest relative learning rate; at least 0.</param>
    /// <param name="beta2Decay">The exponent of what is kept of the mean squares; at most 0.</param>
    /// <param name="eps">ε₁: the least square, where 0 is that of the smallest number that changes 1 in the dtype; ε₂: the least size of a
    /// parameter; at least 0. By default 0 and 10⁻³.</param>
    /// <param name="d">The largest root mean square of an update; at least 1.</param>
    /// <param name="weightDecay">How fast parameters decay by themselves, times the rate; at least 0.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Adafactor(
        IEnumerable<Tensor> parameters, double lr = 1e-2, double beta2Decay = -0.8, (double Eps1, double Eps2)? eps = null,
        double d = 1, double weightDecay = 0, bool maximize = false)
        : base(parameters, new AdafactorOptions(lr, beta2Decay, eps?.Eps1 ?? 0, eps?.Eps2 ?? 1e-3, d, weightDecay, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Adafactor(IEnumerable{Tensor}, double, double, ValueTuple{double, double}?, double, double, bool)"/>
    public Adafactor(
        IEnumerable<ParamGroup> groups, double lr = 1e-2, double beta2Decay = -0.8, (double Eps1, double Eps2)? eps = null,
        double d = 1, double weightDecay = 0, bool maximize = false)
        : base(groups, new AdafactorOptions(lr, beta2Decay, eps?.Eps1 ?? 0, eps?.Eps2 ?? 1e-3, d, weightDecay, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adafactor(IEnumerable{Tensor}, double, double, ValueTuple{double, double}?, double, double, bool)"/>
    [OverloadResolutionPriority(1)]
    public Adafactor(IEnumerable<Tensor> parameters, AdafactorOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Adafactor(IEnumerable{Tensor}, double, double, ValueTuple{double, double}?, double, double, bool)"/>
    public Adafactor(IEnumerable<ParamGroup> groups, AdafactorOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(AdafactorOptions options)
    {
        if (!(options.Beta2Decay <= 0))
            throw new ArgumentOutOfRangeException(
                "beta2_decay", options.Beta2Decay, $"Invalid beta2_decay: {options.Beta2Decay}. It must be at most 0.");
        Check(options.Eps1, Interval.NotNegative, "eps1", "least square");
        Check(options.Eps2, Interval.NotNegative, "eps2", "least size");
        if (!(options.D >= 1)) throw new ArgumentOutOfRangeException("d", options.D, $"Invalid d: {options.D}. It must be at least 1.");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, AdafactorOptions options)
    {
        foreach (Tensor p in group.Held)
            if (p.GradOrNull is { } gradient && p.NumEl > 0) Step(p, options.Maximize ? -gradient.Detach() : gradient.Detach(), options);
    }

    // A mean of rows and one of columns have other shapes than the parameter.
    private protected override bool Fits(Tensor remembered, Tensor parameter) =>
        remembered.Shape.Equals(parameter.Shape)
        || (parameter.NDim > 1 && (IsMean(remembered, parameter, parameter.NDim - 1) || IsMean(remembered, parameter, parameter.NDim - 2)));

    private static bool IsMean(Tensor mean, Tensor of, int dim) =>
        mean.NDim == of.NDim && Enumerable.Range(0, of.NDim).All(i => mean.Shape[i] == (i == dim ? 1 : of.Shape[i]));

    private void Step(Tensor p, Tensor g, AdafactorOptions o)
    {
        Dictionary<string, object?> state = Memory(p);
        double t = NextStep(state), taken = Math.Pow(t, o.Beta2Decay), eps1 = Least(o, p.DType);
        double alpha = Math.Max(o.Eps2, RootMeanSquare(p)) * Math.Min(o.Lr, 1 / Math.Sqrt(t));
        if (o.WeightDecay != 0) p.MulInPlace(1 - o.Lr * o.WeightDecay);
        Tensor update = g.NDim > 1
            ? Update(Mean(state, "row_var", g, -1, taken), Mean(state, "col_var", g, -2, taken), g, eps1)
            : Update(Remembered(state, "variance", p).LerpInPlace(g * g, taken), g, eps1);
        double limited = Math.Max(1, RootMeanSquare(update) / o.D);
        p.AddInPlace(update, -alpha / limited);
    }

    internal override void Write(HandStep step, AdafactorOptions o)
    {
        Hand hand = step.Hand;
        HandTensor p = step.P, g = step.G;
        string count = step.Count(), lr = step.Rate("double"), root = HandStep.Text(Math.Sqrt(p.Shape.NumEl));
        double eps1 = Least(o, p.DType);
        string Norm(HandTensor x) => hand.Element(HandParts.Made(hand, v => [v[0].Norm()], x)[0]);
        hand.Line($"double taken = Math.Pow({count}, {HandStep.Text(o.Beta2Decay)});");
        hand.Line($"double alpha = Math.Max({HandStep.Text(o.Eps2)}, {Norm(p)} / {root}) * Math.Min({lr}, 1 / Math.Sqrt({count}));");
        step.Decay(lr, o.WeightDecay);
        Tensor Signed(Tensor x) => o.Maximize ? -x : x;
        step.Let("rest", "1 - taken");
        HandTensor Moved(string name, HandTensor to)
        {
            HandTensor mean = step.Remembered(name, shape: to.Shape);
            // As Lerp: from the nearer end.
            hand.Each(e =>
            {
                (string x, string y) = (hand.Element(e[0]), hand.Element(e[1]));
                string weight = step.Word == "double" ? "taken" : $"({step.Word})taken";
                hand.Store(e[0], $"taken < 0.5 ? {x} + {weight} * ({y} - {x}) : {y} - ({y} - {x}) * rest");
            }, mean, to);
            return mean;
        }
        HandTensor update;
        if (p.Shape.NDim > 1)
        {
            HandTensor[] squares = HandParts.Made(hand, v => [MeanSquare(Signed(v[0]), -1), MeanSquare(Signed(v[0]), -2)], g);
            HandTensor rows = Moved("row_var", squares[0]), columns = Moved("col_var", squares[1]);
            update = HandParts.Made(hand, v => [Update(v[0], v[1], Signed(v[2]), eps1)], rows, columns, g)[0];
        }
        else
        {
            HandTensor variance = Moved("variance", HandParts.Made(hand, v => [Signed(v[0]) * Signed(v[0])], g)[0]);
            update = HandParts.Made(hand, v => [Update(v[0], Signed(v[1]), eps1)], variance, g)[0];
        }
        hand.Line($"double limited = Math.Max(1, {Norm(update)} / {root} / {HandStep.Text(o.D)});");
        step.Along(update, "-alpha / limited");
    }

    private static double Least(AdafactorOptions o, DType dtype) => o.Eps1 > 0 ? o.Eps1 : dtype.Row.Epsilon;

    private static double RootMeanSquare(Tensor x) => x.Detach().Norm().Item() / Math.Sqrt(x.NumEl);

    private static Tensor Update(Tensor rows, Tensor columns, Tensor g, double eps1) =>
        Update(rows.MatMul(columns).DivInPlace(rows.Mean(-2, keepDim: true).Clamp(min: eps1)), g, eps1);

    private static Tensor Update(Tensor square, Tensor g, double eps1) => square.Clamp(min: eps1 * eps1).RsqrtInPlace().MulInPlace(g);

    private static Tensor MeanSquare(Tensor g, int dim)
    {
        Tensor norm = g.Norm(2, dim, keepDim: true);
        return (norm * norm).DivInPlace(g.Shape[dim]);
    }

    // The mean square along a dimension, and how it moves the one that is remembered.
    private static Tensor Mean(Dictionary<string, object?> state, string name, Tensor g, int dim, double taken)
    {
        Tensor mean = MeanSquare(g, dim);
        if (!state.ContainsKey(name)) state[name] = Tensor.Zeros(mean.Shape, mean.DType);
        return ((Tensor)state[name]!).LerpInPlace(mean, taken);
    }
}
