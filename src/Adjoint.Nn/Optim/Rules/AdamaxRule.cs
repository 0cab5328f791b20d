namespace Adjoint.Optim;

/// <summary>The formula of <see cref="Adamax"/>.</summary>
internal readonly struct AdamaxRule : IUpdateRule<AdamaxOptions>
{
    public static string Name => "adamax_step";

    public static IReadOnlyList<string> Remembered { get; } = ["exp_avg", "exp_inf"];

    public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, AdamaxOptions o)
    {
        StepNumber rate = o.Lr / (1 - StepNumber.Pow(o.Beta1, step));
        return new(rate);
    }

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, AdamaxOptions o) where V : IAlgebra<V>
    {
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        state.First = state.First * o.Beta1 + (1 - o.Beta1) * g;
        state.Second = default(MaximumOp).Value(state.Second * o.Beta2, g.Abs() + o.Eps);
        p -= state.FirstNumber * (state.First / state.Second);
    }
}
