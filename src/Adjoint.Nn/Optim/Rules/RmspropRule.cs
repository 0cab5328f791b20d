namespace Adjoint.Optim;

/// <summary>The formula of <see cref="RMSprop"/>.</summary>
internal readonly struct RmspropRule : IUpdateRule<RmspropOptions>
{
    public static string Name => "rmsprop_step";

    public static IReadOnlyList<string> Remembered { get; } = ["square_avg", "grad_avg", "momentum_buffer"];

    public static bool Remembers(int part, RmspropOptions o) => part switch { 1 => o.Centered, 2 => o.Momentum > 0, _ => true };

    public static bool CountsSteps => false;

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, RmspropOptions o) where V : IAlgebra<V>
    {
        if (o.Maximize) g = -g;
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        state.First = state.First * o.Alpha + (1 - o.Alpha) * (g * g);
        V variance = state.First;
        if (o.Centered)
        {
            state.Second = state.Second * o.Alpha + (1 - o.Alpha) * g;
            variance -= state.Second * state.Second;
        }
        V move = g / (variance.Sqrt() + o.Eps);
        if (o.Momentum > 0) move = state.Third = state.Third * o.Momentum + move;
        p -= o.Lr * move;
    }
}
