namespace Adjoint.Optim;

/// <summary>The formula of <see cref="ASGD"/>.</summary>
internal readonly struct ASGDRule : IUpdateRule<ASGDOptions>
{
    public static string Name => "asgd_step";

    public static IReadOnlyList<string> Remembered { get; } = ["ax"];

    public static string? KeptNumber => "eta";

    // The rate of a step is made in the one before it, as PyTorch does; so a schedule counts one step later.
    public static StepNumbers AtStep(StepNumber step, ref StepNumber kept, ASGDOptions o)
    {
        StepNumber eta = StepNumber.IfLess(step, 2, o.Lr, kept), share = 1 / StepNumber.Max(1, step - 1 - o.T0);
        StepNumber rate = o.Lr;
        kept = rate / StepNumber.Pow(1 + o.Lambd * (rate * step), o.Alpha);
        return new(eta, share, 1 - o.Lambd * eta);
    }

    public static void Update<V>(ref V p, V g, ref UpdateState<V> state, ASGDOptions o) where V : IAlgebra<V>
    {
        if (o.Maximize) g = -g;
        if (o.WeightDecay != 0) g += o.WeightDecay * p;
        p = p * state.ThirdNumber - state.FirstNumber * g;
        // A share of 1 is the parameter itself, without what rounding of a difference would leave.
        V one = V.Constant(1), share = state.SecondNumber;
        state.First = V.IfLess(share, one, state.First + (p - state.First) * share, p);
    }
}
