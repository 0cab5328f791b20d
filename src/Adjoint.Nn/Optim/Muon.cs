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
            Tensor update = Orthogonal(options.Nesterov ? g.Lerp(mean, options.Momentum) : mean, options);
            if (options.WeightDecay != 0) p.MulInPlace(1 - options.Lr * options.WeightDecay);
            p.AddInPlace(update, -options.Lr * Share(options.AdjustLrFn, p.Shape));
        }
    }

    private static double Share(MuonRate rate, Shape shape) => rate == MuonRate.MatchRmsAdamw
        ? 0.2 * Math.Sqrt(Math.Max(shape[0], shape[1])) : Math.Sqrt(Math.Max(1, shape[0] / (double)shape[1]));

    // The matrix with its singular values brought near 1.
    private static Tensor Orthogonal(Tensor matrix, MuonOptions o)
    {
        bool isTall = matrix.Shape[0] > matrix.Shape[1];
        Tensor x = isTall ? matrix.Transpose(0, 1) : matrix;
        x = x / Math.Max(x.Norm().Item(), o.Eps);
        (double a, double b, double c) = (o.NsCoefficients[0], o.NsCoefficients[1], o.NsCoefficients[2]);
        for (int step = 0; step < o.NsSteps; step++)
        {
            Tensor gram = x.MatMul(x.Transpose(0, 1));
            x = x.AddMm(gram.AddMm(gram, gram, beta: b, alpha: c), x, beta: a);
        }
        return isTall ? x.Transpose(0, 1) : x;
    }
}
