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
public sealed class SGD : Optimizer<SgdOptions>
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
        : base(parameters, new SgdOptions(lr, momentum, dampening, weightDecay, nesterov, maximize))
    {
    }

    /// <summary>An optimizer of several groups of parameters.</summary>
    /// <inheritdoc cref="SGD(IEnumerable{Tensor}, double, double, double, double, bool, bool)"/>
    public SGD(
        IEnumerable<ParamGroup> groups, double lr = 1e-3, double momentum = 0, double dampening = 0, double weightDecay = 0,
        bool nesterov = false, bool maximize = false)
        : base(groups, new SgdOptions(lr, momentum, dampening, weightDecay, nesterov, maximize))
    {
    }

    /// <summary>An optimizer of one group of parameters, by a record of options.</summary>
    /// <inheritdoc cref="SGD(IEnumerable{Tensor}, double, double, double, double, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public SGD(IEnumerable<Tensor> parameters, SgdOptions options) : base(parameters, options)
    {
    }

    /// <summary>An optimizer of several groups of parameters, by a record of options.</summary>
    /// <inheritdoc cref="SGD(IEnumerable{Tensor}, double, double, double, double, bool, bool)"/>
    public SGD(IEnumerable<ParamGroup> groups, SgdOptions options) : base(groups, options)
    {
    }

    /// <inheritdoc/>
    protected override void Check(SgdOptions options)
    {
        Check(options.Momentum, Interval.NotNegative, "momentum", "momentum");
        Check(options.WeightDecay, Interval.NotNegative, "weight_decay", "weight decay");
        Check(options.Dampening, Interval.Finite, "dampening", "dampening");
        if (options.Nesterov && (options.Momentum == 0 || options.Dampening != 0))
            throw new ArgumentException("SGD: Nesterov momentum requires a momentum above zero and no dampening.", "nesterov");
    }

    /// <inheritdoc/>
    protected override void Step(ParamGroup group, SgdOptions options)
    {
        SgdNumbers numbers = Numbers(options);
        foreach (Tensor p in group.Held)
        {
            if (p.GradOrNull is not { } grad) continue;
            if (numbers.Momentum == 0)
            {
                ParameterStep.Apply(p, grad, new Kernel(numbers, null, first: false));
                continue;
            }
            Dictionary<string, object?> state = Memory(p);
            bool first = !state.ContainsKey("momentum_buffer");
            if (first) state["momentum_buffer"] = Tensor.Empty(p.Shape, p.DType);
            ParameterStep.Apply(p, grad, new Kernel(numbers, (Tensor)state["momentum_buffer"]!, first));
        }
    }

    internal override int FormOf(ParamGroup group) => OptionsOf(group).Momentum == 0 ? 0 : 1;

    internal override IScalarStep? ScalarStep(ParamGroup group, DType dtype) =>
        FormOf(group) == 0 ? ScalarSgd<float>.Of(this, group, dtype) : null;

    internal override void Write(HandStep step, SgdOptions o)
    {
        SgdNumbers numbers = Numbers(o);
        string lr = step.Rate(step.Word);
        if (o.Momentum == 0)
        {
            step.Each([null, step.P], [step.P, step.G, null], new Text(numbers, lr, false, false));
            return;
        }
        // The first step takes the gradient itself.
        HandTensor buffer = step.Remembered("momentum_buffer");
        string name = step.Hand.Name(buffer.Memory) + "_begun", begun = step.Hand.Fields.Of(buffer.Memory, "begun", () =>
            (name, $"public static bool {name} = {(step.Hand.IsRemembered(buffer.Memory) ? "true" : "false")};"));
        step.Hand.Block($"if ({begun})", () =>
            step.Each([buffer, step.P], [step.P, step.G, buffer], new Text(numbers, lr, true, first: false)));
        step.Hand.Block("else", () => step.Each([buffer, step.P], [step.P, step.G, null], new Text(numbers, lr, true, first: true)));
        step.Hand.Line($"{begun} = true;");
    }

    /// <summary>The numbers of a step.</summary>
    internal static SgdNumbers Numbers(SgdOptions o) => new(o.Lr, o.Momentum, o.Dampening, o.WeightDecay, o.Nesterov, o.Maximize);

    /// <summary>The formula of the kernel as text.</summary>
    private readonly struct Text(SgdNumbers numbers, string lr, bool hasMomentum, bool first) : HandFormula.IText
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged
        {
            SgdFormula<Code<T>>.Of(numbers, Code<T>.Named(lr)).Step(ref x[0], x[1], ref x[2], hasMomentum, first);
            return [hasMomentum ? x[2] : null, x[0]];
        }
    }

    private readonly struct Kernel(SgdNumbers numbers, Tensor? buffer, bool first) : IParameterStep
    {
        public static string Name => "sgd_step";

        public void Run<T>(Span<T> parameter, ReadOnlySpan<T> gradient) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            SgdStep.Run(numbers, parameter, gradient, memory.OfNullable<T>(buffer), first);
        }
    }
}
