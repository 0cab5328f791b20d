#:project ../src/Adjoint/Adjoint.csproj
// Shows two differentiable functions of one's own, with forward and backward: see docs/custom-functions.md.
// Why it matters: Backward takes the gradient that arrives and multiplies it by the local derivative; that is the chain rule, and all
// that the engine asks of an operation. A rule of your own can be stabler than the composed one, or another one on purpose.
// Try: return g * Saved(0)!.Sigmoid() * 1.01 from Log1pExp.Backward; GradCheck finds it,
// and its error names the entry, with the number that it should be.
using Adjoint;

Tensor x = Tensor.From([-1000.0, -1.0, 0.0, 1.0, 1000.0], requiresGrad: true);
Tensor y = new Log1pExp().Apply(x);
Console.WriteLine(y);
y.Sum().Backward();
Console.WriteLine($"gradient {x.Grad}");

Tensor at = Tensor.From([-1.5, 0.3, 2.0], requiresGrad: true);
bool right = GradCheck.Run(t => new Log1pExp().Apply(t), at, new GradCheckOptions { CheckForward = true })
    && GradCheck.RunSecondOrder(t => new Log1pExp().Apply(t), at);
Console.WriteLine($"gradients checked, first and second order: {right}");

Tensor w = Tensor.From([0.26, -1.1, 7.0], requiresGrad: true), step = Tensor.Scalar(0.5, DType.Float64);
Tensor q = new Quantize(limit: 4).Apply([w, step])[0];
Console.WriteLine(q);
q.Sum().Backward();
Console.WriteLine($"straight through {w.Grad}");

// Composed from operations the same function overflows: e¹⁰⁰⁰ is infinite, and its derivative ∞/∞.
Tensor naive = Tensor.From([1000.0], requiresGrad: true);
naive.Exp().Log1p().Backward();
Console.WriteLine($"composed: gradient {naive.Grad}; by our rule: 1");
Console.WriteLine("Seen: Forward and Backward are all an operation needs; GradCheck says whether they fit together.");

/// <summary>ln(1 + eˣ) without overflow; its derivative is σ(x).</summary>
sealed class Log1pExp : Function
{
    protected override Tensor Forward(Tensor x)
    {
        Save(x);
        return x.Relu() + (-x.Abs()).Exp().Log1p();
    }

    protected override Tensor? Backward(Tensor g) => g * Saved(0)!.Sigmoid();

    protected override IReadOnlyList<Tensor?> Jvp(IReadOnlyList<Tensor?> tangents) => [tangents[0]! * Saved(0)!.Sigmoid()];
}

/// <summary>Rounds to multiples of a step; the gradient passes straight through where |x| is within the limit.</summary>
sealed class Quantize(double limit) : Function
{
    protected override bool IsOnceDifferentiable => true;

    protected override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs)
    {
        (Tensor x, Tensor step) = (inputs[0], inputs[1]);
        Save(x);
        return [(x / step).Round() * step];
    }

    protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gradients)
    {
        Tensor inside = Saved(0)!.Abs() <= limit;
        return [NeedsInputGrad[0] ? gradients[0]! * inside.To(DType.Float64) : null, null];
    }
}
