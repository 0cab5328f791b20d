namespace Adjoint.Optim;

/// <summary>The formula of <see cref="RAdam"/>.</summary>
internal readonly struct RAdamRule : IUpdateRule<RAdamOptions>
{
    public static string Name => "radam_step";

    public static IReadOnlyList<string> Remembered { get; } = ["exp_avg", "exp_avg_sq"];

    public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, RAdamOptions o)
    {
        double most = 2 / (1 - o.Beta2) - 1;
        StepNumber left = StepNumber.Pow(o.Beta2, step), correction = 1 - left, plain = o.Lr / (1 - StepNumber.Pow(o.Beta1, step));
        StepNumber rho = most - 2 * step * left / correction;
        StepNumber rectified = StepNumber.Sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho));
        // The mean of squares can be trusted from here on.
        StepNumber isTrusted = StepNumber.IfLess(5, rho, 1, 0);
        StepNumber rate = StepNumber.IfLess(5, rho, plain * rectified * StepNumber.Sqrt(correction), plain);
        return new(rate, isTrusted);
    }

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, RAdamOptions o) where V : IAlgebra<V>
    {
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        state.First = state.First * o.Beta1 + (1 - o.Beta1) * g;
        state.Second = state.Second * o.Beta2 + (1 - o.Beta2) * (g * g);
        V half = V.Constant(0.5);
        p -= state.FirstNumber * V.IfLess(half, state.SecondNumber, state.First / (state.Second.Sqrt() + o.Eps), state.First);
    }
}
