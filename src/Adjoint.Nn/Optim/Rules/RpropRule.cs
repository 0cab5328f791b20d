namespace Adjoint.Optim;

/// <summary>The formula of <see cref="Rprop"/>.</summary>
internal readonly struct RpropRule : IUpdateRule<RpropOptions>
{
    public static string Name => "rprop_step";

    public static IReadOnlyList<string> Remembered { get; } = ["prev", "step_size"];

    // The steps begin with the rate, to which nothing is added later.
    public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, RpropOptions o) =>
        new(StepNumber.IfLess(step, 2, o.Lr, 0));

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, RpropOptions o) where V : IAlgebra<V>
    {
        if (o.Maximize) g = -g;
        V zero = V.Constant(0), change = g * state.First;
        V factor = V.IfLess(zero, change, V.Constant(o.EtaPlus), V.IfLess(change, zero, V.Constant(o.EtaMinus), V.Constant(1)));
        V size = (state.Second + state.FirstNumber) * factor;
        V least = V.Constant(o.StepSizeMin), most = V.Constant(o.StepSizeMax);
        size = V.IfLess(size, least, least, size);
        state.Second = V.IfLess(most, size, most, size);
        state.First = V.IfLess(change, zero, zero, g);
        p -= state.First.Sign() * state.Second;
    }
}
