namespace Adjoint.Optim;

/// <summary>The formula of <see cref="Adagrad"/>.</summary>
internal readonly struct AdagradRule : IUpdateRule<AdagradOptions>
{
    public static string Name => "adagrad_step";

    public static IReadOnlyList<string> Remembered { get; } = ["sum"];

    public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, AdagradOptions o)
    {
        StepNumber rate = o.Lr / (1 + (step - 1) * o.LrDecay);
        return new(rate);
    }

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, AdagradOptions o) where V : IAlgebra<V>
    {
        if (o.Maximize) g = -g;
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        state.First += g * g;
        p -= state.FirstNumber * (g / (state.First.Sqrt() + o.Eps));
    }
}
