namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sine and the cosine, element by element.</summary>
    public (Tensor Sin, Tensor Cos) SinCos() => SinCosOp.Apply(this);
}

/// <summary>s = sin x and c = cos x.</summary>
internal readonly struct SinCosOp : ITensorsOperation
{
    public string Name => "sin_cos";

    public void Describe(OpAttributes to)
    {
    }

    internal static (Tensor Sin, Tensor Cos) Apply(Tensor x)
    {
        Tensor?[] results = Door.RunMany(new SinCosOp(), x);
        return (results[0]!, results[1]!);
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        Tensor[] y;
        using (Unrecorded.Begin()) y = [x.Sin(), x.Cos()];
        if (History.IsWanted(here, x)) History.Record(y, new RuleNode<SinCosRule>(here, new SinCosRule(here, y), x), [x]);
        return y;
    }
}

/// <summary>dx = g₁·c − g₂·s. Each result is what the slope of the other reads.</summary>
internal struct SinCosRule(Here here, Tensor[] y) : IRule
{
    private Saved _sin = Saved.Output(here, y[0]), _cos = Saved.Output(here, y[1]);

    public readonly string NodeName => "SinCosBackward0";

    public readonly int Results => 2;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor? ofSin = g[0] is { } gs ? gs * _cos.Get(node) : null, ofCos = g[1] is { } gc ? gc * -_sin.Get(node) : null;
        dx[0] = ofSin is null || ofCos is null ? ofSin ?? ofCos : ofSin + ofCos;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        (dy[0], dy[1]) = (t[0]! * _cos.Get(node), t[0]! * -_sin.Get(node));

    public readonly void Show(SavedValues to)
    {
        to.Add("sin", _sin);
        to.Add("cos", _cos);
    }

    public void Free()
    {
        _sin.Free();
        _cos.Free();
    }
}

public static partial class OpTable
{
    private static Op SinCos => Op.Of(OpKind.Other, "sin_cos", x => x.SinCos().Sin + x.SinCos().Cos * 2, Matrix,
        new() { Formula = "sin x, cos x", Torch = "x.sin() + x.cos() * 2", Gradient = "g₁·cos x − g₂·sin x" });
}
