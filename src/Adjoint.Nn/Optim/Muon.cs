using System.Runtime.CompilerServices;

namespace Adjoint.Optim;

/// <summary>
/// Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"): the momentum m ← μ·m + (1 − μ)·g of a matrix, made
/// nearly orthogonal by steps of Newton and Schulz, X ← a·X + (b·X·Xᵀ + c·(X·Xᵀ)²)·X, is the step. <c>torch.optim.Muon</c>.
/// </summary>
/// <remarks>
/// It is for the weights of hidden layers, which are matrices; biases, embeddings and the last layer go to another optimizer, as
/// <see cref="AdamW"/>. The steps are made in the dtype of the parameter, where PyTorch makes them in bfloat16.
/// </remarks>
/// <example><code>
/// var net = new Sequential(new Linear(4, 8), new Tanh(), new Linear(8, 1));
/// var hidden = new Muon(net.Parameters().Where(p => p.NDim == 2), lr: 0.02);
/// var rest = new AdamW(net.Parameters().Where(p => p.NDim != 2));
/// </code></example>
public sealed class Muon : Optimizer<MuonOptions>
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="weightDecay">How fast parameters decay by themselves, times the rate; at least 0.</param>
    /// <param name="momentum">μ: how much of the mean of the gradients is kept; in [0, 1).</param>
    /// <param name="nesterov">Looks ahead along the momentum.</param>
    /// <param name="eps">The least norm that is divided by; above 0.</param>
    /// <param name="nsSteps">How many steps of Newton and Schulz; in [1, 99].</param>
    /// <param name="adjustLr">How the rate depends on the shape of a matrix.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public Muon(
        IEnumerable<Tensor> parameters, double lr = 1e-3, double weightDecay = 0.1, double momentum = 0.95, bool nesterov = true,
        double eps = 1e-7, int nsSteps = 5, MuonRate adjustLr = MuonRate.Original)
        : base(parameters, new MuonOptions(lr, weightDecay, momentum, nesterov, eps, nsSteps, adjustLr))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="Muon(IEnumerable{Tensor}, double, double, double, bool, double, int, MuonRate)"/>
    public Muon(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, double weightDecay = 0.1, double momentum = 0.95, bool nesterov = true,
        double eps = 1e-7, int nsSteps = 5, MuonRate adjustLr = MuonRate.Original)
        : base(groups, new MuonOptions(lr, weightDecay, momentum, nesterov, eps, nsSteps, adjustLr))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Muon(IEnumerable{Tensor}, double, double, double, bool, double, int, MuonRate)"/>
    [OverloadResolutionPriority(1)]
    public Muon(IEnumerable<Tensor> parameters, MuonOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="Muon(IEnumerable{Tensor}, double, double, double, bool, double, int, MuonRate)"/>
    public Muon(IEnumerable<ParamGroup> groups, MuonOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(MuonOptions options)
    {
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
        Check(options.Momentum, Interval.Kept, "momentum", "momentum");
        Check(options.Eps, Interval.Positive, "eps", "least norm");
        if (options.NsSteps is < 1 or > 99)
            throw new ArgumentOutOfRangeException(
                "ns_steps", options.NsSteps, $"Invalid ns_steps: {options.NsSteps}. It must be in [1, 99].");
        if (options.NsCoefficients.Count != 3)
            throw new ArgumentException(
                $"Muon: there are three coefficients a, b and c, but {options.NsCoefficients.Count} are given.", "ns_coefficients");
    }

    private protected override string? Refused(Tensor parameter) =>
        parameter.NDim == 2 ? null : "Muon optimizes matrices only; give it to another optimizer, as AdamW";

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, MuonOptions options)
    {
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } gradient || p.NumEl == 0) continue;
            Tensor g = gradient.Detach(), mean = Remembered(Memory(p), "momentum_buffer", p).LerpInPlace(g, 1 - options.Momentum);
            Tensor x = Begin(mean, g, options);
            for (int step = 0; step < options.NsSteps; step++) x = Next(x, options);
            if (options.WeightDecay != 0) p.MulInPlace(1 - options.Lr * options.WeightDecay);
            p.AddInPlace(IsTall(p.Shape) ? x.Transpose(0, 1) : x, -options.Lr * Share(options.AdjustLrFn, p.Shape));
        }
    }

    internal override void Write(HandStep step, MuonOptions options)
    {
        Hand hand = step.Hand;
        HandTensor mean = step.Remembered("momentum_buffer");
        HandTensor[] made = HandParts.Made(hand, v =>
        {
            Tensor next = v[0].Lerp(v[1], 1 - options.Momentum);
            return [next, Begin(next, v[1], options)];
        }, mean, step.G);
        hand.Copy(made[0], mean);
        HandTensor x = made[1];
        hand.For($"{options.NsSteps}", _ => hand.Copy(HandParts.Made(hand, v => [Next(v[0], options)], x)[0], x), "pass");
        string lr = step.Rate("double");
        step.Decay(lr, options.WeightDecay);
        step.Along(IsTall(step.P.Shape) ? x.Permuted(1, 0) : x, $"-{lr} * {HandStep.Text(Share(options.AdjustLrFn, step.P.Shape))}");
    }

    private static double Share(MuonRate rate, Shape shape) => rate == MuonRate.MatchRmsAdamw
        ? 0.2 * Math.Sqrt(Math.Max(shape[0], shape[1])) : Math.Sqrt(Math.Max(1, shape[0] / (double)shape[1]));

    private static bool IsTall(Shape shape) => shape[0] > shape[1];

    // The matrix that is brought near to an orthogonal one, at most as large as one and not taller than wide.
    private static Tensor Begin(Tensor mean, Tensor g, MuonOptions o)
    {
        Tensor x = o.Nesterov ? g.Lerp(mean, o.Momentum) : mean;
        x = IsTall(x.Shape) ? x.Transpose(0, 1) : x;
        return (x / x.Norm().Clamp(min: o.Eps)).Contiguous();
    }

    // A step of Newton and Schulz.
    private static Tensor Next(Tensor x, MuonOptions o)
    {
        Tensor gram = x.MatMul(x.Transpose(0, 1));
        return x.AddMm(gram.AddMm(gram, gram, beta: o.NsCoefficients[1], alpha: o.NsCoefficients[2]), x, beta: o.NsCoefficients[0]);
    }
}
