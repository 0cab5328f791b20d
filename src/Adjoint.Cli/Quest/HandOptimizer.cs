using System.Numerics;

namespace Adjoint.Cli.Quest;

/// <summary>An optimizer for one number, written by hand.</summary>
internal abstract class HandOptimizer<T> where T : IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number after a step.</summary>
    public abstract T Step(T w, T grad);

    public static HandOptimizer<T> Of(QuestSettings settings) => settings.Optimizer switch
    {
        "adam" => new HandAdam<T>(settings.Lr),
        "momentum" => new HandMomentum<T>(settings.Lr),
        _ => new HandSgd<T>(settings.Lr),
    };

    protected static T N(double number) => T.CreateChecked(number);
}

/// <summary>w ← w − lr·g</summary>
internal sealed class HandSgd<T>(double lr) : HandOptimizer<T> where T : IBinaryFloatingPointIeee754<T>
{
    public override T Step(T w, T grad) => w - N(lr) * grad;
}

/// <summary>v ← μ·v + g (the first time v ← g), w ← w − lr·v</summary>
internal sealed class HandMomentum<T>(double lr) : HandOptimizer<T> where T : IBinaryFloatingPointIeee754<T>
{
    private T _v = T.Zero;
    private bool _begun;

    public override T Step(T w, T grad)
    {
        _v = _begun ? N(QuestSettings.Momentum) * _v + grad : grad;
        _begun = true;
        return w - N(lr) * _v;
    }
}

/// <summary>m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²; both begin at 0 and are too small by 1 − βᵗ, which is corrected.</summary>
internal sealed class HandAdam<T>(double lr) : HandOptimizer<T> where T : IBinaryFloatingPointIeee754<T>
{
    private const double Beta1 = 0.9, Beta2 = 0.999;
    private T _m = T.Zero, _v = T.Zero;
    private int _t;

    public override T Step(T w, T grad)
    {
        _t++;
        _m = N(Beta1) * _m + N(1 - Beta1) * grad;
        _v = N(Beta2) * _v + N(1 - Beta2) * grad * grad;
        T size = N(lr / (1 - Math.Pow(Beta1, _t)));
        T root = T.Sqrt(_v) / N(Math.Sqrt(1 - Math.Pow(Beta2, _t))) + N(1e-8);
        return w - size * _m / root;
    }
}
