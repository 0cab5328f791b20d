namespace Adjoint;

public partial class Tensor
{
    /// <summary>x·tanh(r·x), element by element.</summary>
    /// <param name="rate">r.</param>
    public Tensor Swell(double rate = 1) => Unary.Apply(new SwellOp(rate), this);

    /// <summary>x = x·tanh(r·x), in place.</summary>
    /// <param name="rate">r.</param>
    public Tensor SwellInPlace(double rate = 1) => Unary.ApplyInPlace(new SwellOp(rate), this);
}

/// <summary>y = x·tanh(r·x),   dy/dx = tanh(r·x) + r·x·(1 − tanh²(r·x)).</summary>
internal readonly struct SwellOp(double rate) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("rate", rate);

    public static string Name => "swell";
    public static OpInfo Info => new()
    {
        Formula = "x*tanh(rate*x)",
        Torch = "x * torch.tanh(rate * x)",
        FormulaNames = ["swell"],
        NamesElsewhere = ["heave"],
        Module = "Swell(rate={rate: any finite number})",
    };
    public static Saves Saves => Saves.Input;
    public V Value<V>(V x) where V : IAlgebra<V> => x * V.Inlined<TanhOp>(x * rate);

    public V Slope<V>(V x, V y) where V : IAlgebra<V>
    {
        V t = V.Inlined<TanhOp>(x * rate);
        return t + rate * x * (1 - t * t);
    }
}
