namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// Each element as m·2ᵉ with ½ ≤ |m| &lt; 1: the m, and the e as Int32. Of 0, the infinities and NaN it is the element itself, and
    /// e = 0. The gradient passes to m; e has none.
    /// </summary>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public (Tensor Mantissa, Tensor Exponent) FrExp() => FrExpOp.Apply(this);
}

/// <summary>m and e of x = m·2ᵉ with ½ ≤ |m| &lt; 1,   dx = g·2⁻ᵉ: where e changes m has a step, between them it is linear.</summary>
internal readonly struct FrExpOp : ITensorsOperation, IByHand
{
    internal static (Tensor Mantissa, Tensor Exponent) Apply(Tensor x)
    {
        Reduction.RequireFloat("FrExp", x);
        Tensor?[] results = Door.RunMany(new FrExpOp(), x);
        return (results[0]!, results[1]!);
    }

    public string Name => "frexp";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor given = inputs[0]!, x = Elements.ToContiguous(given);
        Tensor m = Tensor.Uninitialized(here, x.Shape, x.DType), e = Tensor.Uninitialized(here, x.Shape, DType.Int32);
        var work = new Work(x, m, e);
        Dispatch.Floating(x.DType, "FrExp", ref work);
        if (History.IsWanted(here, given))
            History.Record(new ReadOnlySpan<Tensor>(in m), new RuleNode<FrExpRule>(here, new(here, e), given), [given]);
        return [m, e];
    }

    public void Write(Hand hand)
    {
        HandTensor x = hand.Input(0);
        string word = x.Word;
        hand.Needs("""
            // The e of m·2^e with m from 1/2 to 1; 0 of what has none.
            static int Exponent(real x) => x == 0 || !real.IsFinite(x) ? 0 : real.ILogB(x) + 1;
            """, word);
        if (hand.ResultOrNull(0) is { } m)
            hand.Each(e => hand.Store(e[0], $"{word}.ScaleB({hand.Element(e[1], word)}, -Exponent({hand.Element(e[1], word)}))"), m, x);
        if (hand.ResultOrNull(1) is { } n) hand.Each(e => hand.Store(e[0], $"Exponent({hand.Element(e[1], word)})"), n, x);
    }

    private readonly struct Work(Tensor x, Tensor m, Tensor e) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Kernels.PowersApart.Run<T>(memory.Of<T>(x), memory.Of<T>(m), memory.Of<int>(e));
        }
    }
}

/// <summary>The rule of <see cref="FrExpOp"/>: gradient and tangent times 2⁻ᵉ.</summary>
internal struct FrExpRule(Here here, Tensor exponent) : IRule
{
    private Saved _exponent = Saved.Input(here, exponent);

    public readonly string NodeName => "FrexpBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = Scaled(g[0]!, _exponent.Get(node));
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => dy[0] = Scaled(t[0]!, _exponent.Get(node));

    public readonly void Show(SavedValues to) => to.Add("exponent", _exponent);

    public void Free() => _exponent.Free();

    // In two steps, since 2⁻ᵉ alone may be no number of the dtype.
    private static Tensor Scaled(Tensor x, Tensor exponent)
    {
        Tensor e = exponent.To(x.DType), half = (e * 0.5).Floor();
        return x * (half - e).Exp2() * (-half).Exp2();
    }
}

public static partial class OpTable
{
    private static Op FrExp => Op.Of(OpKind.Other, "frexp", x => (x * 4).FrExp().Mantissa + x.FrExp().Exponent, Matrix,
        new()
        {
            Formula = "m + e of x = m·2^e", Torch = "torch.frexp(x * 4)[0] + torch.frexp(x)[1]", Gradient = "g·2^−e",
        });
}
