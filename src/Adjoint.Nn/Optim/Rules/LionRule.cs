namespace Adjoint.Optim;

/// <summary>The formula of <see cref="Lion"/>.</summary>
internal readonly struct LionRule : IUpdateRule<LionOptions>
{
    public static string Name => "lion_step";

    public static IReadOnlyList<string> Remembered { get; } = ["exp_avg"];

    public static bool CountsSteps => false;

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, LionOptions o) where V : IAlgebra<V>
    {
        if (o.Maximize) g = -g;
        if (o.WeightDecay != 0) p -= o.Lr * (o.WeightDecay * p);
        V direction = (o.Beta1 * state.First + (1 - o.Beta1) * g).Sign();
        p -= o.Lr * direction;
        state.First = o.Beta2 * state.First + (1 - o.Beta2) * g;
    }
}
