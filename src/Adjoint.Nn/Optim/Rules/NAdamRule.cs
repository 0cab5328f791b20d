namespace Adjoint.Optim;

/// <summary>The formula of <see cref="NAdam"/>.</summary>
internal readonly struct NAdamRule : IUpdateRule<NAdamOptions>
{
    public static string Name => "nadam_step";

    public static IReadOnlyList<string> Remembered { get; } = ["exp_avg", "exp_avg_sq"];

    public static string? KeptNumber => "mu_product";

    public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, NAdamOptions o)
    {
        StepNumber mu = Momentum(step, o), next = Momentum(step + 1, o), product = mu * kept;
        kept = product;
        StepNumber ofGradient = o.Lr * (1 - mu) / (1 - product), ofMean = o.Lr * next / (1 - product * next);
        StepNumber correction = 1 - StepNumber.Pow(o.Beta2, step);
        return new(ofGradient, ofMean, correction);
    }

    private static StepNumber Momentum(StepNumber step, NAdamOptions o) =>
        o.Beta1 * (1 - 0.5 * StepNumber.Pow(0.96, step * o.MomentumDecay));

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, NAdamOptions o) where V : IAlgebra<V>
    {
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        state.First = state.First * o.Beta1 + (1 - o.Beta1) * g;
        state.Second = state.Second * o.Beta2 + (1 - o.Beta2) * (g * g);
        V divisor = (state.Second / state.ThirdNumber).Sqrt() + o.Eps;
        p -= state.FirstNumber * (g / divisor);
        p -= state.SecondNumber * (state.First / divisor);
    }
}
