using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Optim;

/// <summary>
/// Stochastic gradient descent: p ← p − lr·g, with momentum m: b ← m·b + (1 − dampening)·g and p ← p − lr·b (Nesterov: p ← p − lr·(g +
/// m·b)).
/// </summary>
/// <remarks>
/// Weight decay w adds w·p to g first. The first step takes g itself for b. Every operation rounds by itself, so that the plain
/// loop <c>w -= lr * grad</c> gives the same bits: g' = g + w·p; b = m·b + (1 − dampening)·g'; with Nesterov d = g' + m·b,
/// otherwise d = b; p = p − lr·d. PyTorch fuses some of these additions and may differ in the last bit.
/// </remarks>
public sealed class SGD : Optimizer
{
    /// <summary>An optimizer of one group of parameters.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="lr">The learning rate; at least 0.</param>
    /// <param name="momentum">How much of the last step is kept; at least 0.</param>
    /// <param name="dampening">How much of the gradient is left out of the momentum; any finite number.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients (an L2 penalty); at least 0.</param>
    /// <param name="nesterov">Looks ahead along the momentum.</param>
    /// <param name="maximize">Steps along the gradient instead of against it.</param>
    /// <exception cref="ArgumentException">An option makes no sense, or a parameter cannot be optimized.</exception>
    // An empty list has no element that says of what: [] means parameters.
    [OverloadResolutionPriority(1)]
    public SGD(
        IEnumerable<Tensor> parameters, double lr = 1e-3, double momentum = 0, double dampening = 0, double weightDecay = 0,
        bool nesterov = false, bool maximize = false)
        : this([ParamGroup.All(parameters)], lr, momentum, dampening, weightDecay, nesterov, maximize)
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="SGD(IEnumerable{Tensor}, double, double, double, double, bool, bool)"/>
    public SGD(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, double momentum = 0, double dampening = 0, double weightDecay = 0,
        bool nesterov = false, bool maximize = false)
        : base(groups.Given(), new()
        {
            ["lr"] = lr,
            ["momentum"] = momentum,
            ["dampening"] = dampening,
            ["weight_decay"] = weightDecay,
            ["nesterov"] = nesterov,
            ["maximize"] = maximize,
        })
    {
    }

    /// <inheritdoc/>
    protected internal override void CheckOptions(ParamGroup group)
    {
        Check(group, Interval.NotNegative, "lr", "learning rate");
        Check(group, Interval.NotNegative, "momentum", "momentum");
        Check(group, Interval.NotNegative, "weight_decay", "weight decay");
        Check(group, Interval.Finite, "dampening", "dampening");
        if (group.Flag("nesterov") && (group.Number("momentum") == 0 || group.Number("dampening") != 0))
            throw new ArgumentException("SGD: Nesterov momentum requires a momentum above zero and no dampening.", "nesterov");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group)
    {
        SgdOptions options = (group.Kept as StrongBox<SgdOptions> ?? Keep(group)).Value;
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            if (options.Momentum == 0)
            {
                ParameterStep.Apply(p, grad, new Kernel(options, null, first: false));
                continue;
            }
            Dictionary<string, object?> state = Memory(p);
            bool first = !state.ContainsKey("momentum_buffer");
            if (first) state["momentum_buffer"] = Tensor.Empty(p.Shape, p.DType);
            ParameterStep.Apply(p, grad, new Kernel(options, (Tensor)state["momentum_buffer"]!, first));
        }
    }

    private protected override int FormOf(ParamGroup group) =>
        (group.Kept as StrongBox<SgdOptions> ?? Keep(group)).Value.Momentum == 0 ? 0 : 1;

    internal override IScalarStep? ScalarStep(ParamGroup group, DType dtype) =>
        Prepare(group) == 0 ? SgdFormula<float>.Of(group, dtype) : null;

    private static StrongBox<SgdOptions> Keep(ParamGroup group)
    {
        var kept = new StrongBox<SgdOptions>(new SgdOptions(group.Lr, group.Number("momentum"), group.Number("dampening"),
            group.Number("weight_decay"), group.Flag("nesterov"), group.Flag("maximize")));
        group.Kept = kept;
        return kept;
    }

    private readonly struct Kernel(SgdOptions options, Tensor? buffer, bool first) : IParameterStep
    {
        public static string Name => "sgd_step";

        public void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            SgdStep.Run(options, parameter, gradient, memory.OfNullable<T>(buffer), first);
        }
    }
}
