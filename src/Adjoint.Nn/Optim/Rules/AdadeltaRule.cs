namespace Adjoint.Optim;

/// <summary>The formula of <see cref="Adadelta"/>.</summary>
internal readonly struct AdadeltaRule : IUpdateRule<AdadeltaOptions>
{
    public static string Name => "adadelta_step";

    public static IReadOnlyList<string> Remembered { get; } = ["square_avg", "acc_delta"];

    public static bool CountsSteps => false;

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, AdadeltaOptions o) where V : IAlgebra<V>
    {
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        state.First = state.First * o.Rho + (1 - o.Rho) * (g * g);
        V delta = (state.Second + o.Eps).Sqrt() / (state.First + o.Eps).Sqrt() * g;
        state.Second = state.Second * o.Rho + (1 - o.Rho) * (delta * delta);
        p -= o.Lr * delta;
    }
}
