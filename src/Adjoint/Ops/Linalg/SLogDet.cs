using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sign and ln |det| of each matrix, <see cref="Linalg.SLogDet"/>.</summary>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public (Tensor Sign, Tensor LogAbsDet) SLogDet() => SLogDetOp.Apply("SLogDet", this);

    /// <summary>ln det of each matrix; −∞ where it is singular, NaN where its determinant is negative.</summary>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor LogDet() => SLogDetOp.Logarithm(this);
}

public static partial class Linalg
{
    /// <summary>
    /// The sign of the determinant, and ln |det|, of each matrix: torch.linalg.slogdet. Of a singular matrix they are 0 and −∞, and its
    /// gradient is not finite.
    /// </summary>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public static (Tensor Sign, Tensor LogAbsDet) SLogDet(Tensor x) => SLogDetOp.Apply("Linalg.SLogDet", x.Given());
}

/// <summary>y = ln |det A|,   dA = g·A⁻ᵀ; the sign has no slope.</summary>
internal readonly struct SLogDetOp : ITensorsOperation, IByHand
{
    internal static (Tensor Sign, Tensor LogAbsDet) Apply(string operation, Tensor a)
    {
        Tensor?[] results = Door.RunMany(new SLogDetOp(), MatrixBatch.Square(operation, a));
        return (results[0]!, results[1]!);
    }

    internal static Tensor Logarithm(Tensor a)
    {
        (Tensor sign, Tensor log) = Apply("LogDet", a);
        return log.MaskedFill(sign < 0, double.NaN);
    }

    public string Name => "linalg_slogdet";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        Factored.Of(a, "Linalg.SLogDet", out Tensor lu, out Tensor pivots);
        Tensor sign = Tensor.Uninitialized(here, Shape.Of(a.Shape.Sizes[..^2]), a.DType),
            log = Tensor.Uninitialized(here, sign.Shape, a.DType);
        var work = new Work(lu, pivots, sign, log);
        Dispatch.Floating(a.DType, "Linalg.SLogDet", ref work);
        // The sign is a step: it stays without a history.
        if (History.IsWanted(here, a))
            History.Record(new ReadOnlySpan<Tensor>(in log), new RuleNode<SLogDetRule>(here, new(here, a), a), [a]);
        return [sign, log];
    }

    // The signs of the diagonal of U and of the exchanges, and the sum of the logarithms of the diagonal.
    public void Write(Hand hand)
    {
        (HandTensor lu, HandTensor pivots) = HandMatrices.Factored(hand, hand.Input(0), refusesSingular: false);
        int n = lu.Shape[-1], batch = HandMatrices.Batch(lu);
        string word = lu.Word, math = word == "float" ? "MathF" : "Math";
        HandTensor diagonals = lu.As([batch, n], [n * n, n + 1], 0), ofRows = pivots.As([batch, n], [n, 1], 0);
        HandTensor Flat(int i, string name) =>
            hand.ResultOrNull(i) is { } y ? y.As([batch], [1], y.Offset) : hand.New(name, [batch], lu.DType);

        hand.Over(1, e =>
        {
            hand.Line($"{word} sign = 1, sum = 0;");
            hand.For($"{n}", i =>
            {
                hand.Line($"{word} factor = {hand.Element(e[2].At(i))};");
                hand.Line($"if ({hand.Element(e[3].At(i))} != {i}) sign = -sign;");
                hand.Line($"sign *= factor == 0 ? 0 : {word}.IsNaN(factor) ? factor : {math}.CopySign(1, factor);");
                hand.Line($"sum += {math}.Log({math}.Abs(factor));");
            });
            hand.Store(e[0], "sign");
            hand.Store(e[1], "sum");
        }, Flat(0, "signs"), Flat(1, "logarithms"), diagonals, ofRows);
    }

    private readonly struct Work(Tensor lu, Tensor pivots, Tensor sign, Tensor log) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Determinant.OfLogarithm<T>(lu.Shape[-1], memory.Of<T>(lu), memory.Of<int>(pivots), memory.Of<T>(sign), memory.Of<T>(log));
        }
    }
}

/// <summary>The rule of <see cref="SLogDetOp"/>; dy = Σ A⁻ᵀ·dA.</summary>
internal struct SLogDetRule(Here here, Tensor a) : IRule
{
    private Saved _a = Saved.Input(here, a);

    public readonly string NodeName => "LinalgSlogdetBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = g[0]!.Unsqueeze(-1).Unsqueeze(-1) * InvOp.Unrefused(_a.Get(node)).MT;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        dy[0] = (InvOp.Unrefused(_a.Get(node)).MT * t[0]!).Sum([-2, -1]);

    public readonly void Show(SavedValues to) => to.Add("A", _a);

    public void Free() => _a.Free();
}

public static partial class OpTable
{
    private static Op SLogDet => Op.Of(OpKind.Other, "slogdet",
        x => x.SLogDet() is var (sign, log) ? sign + log * 2 : x, new OpInput([2, 3, 3], Domain.Reals),
        new()
        {
            Formula = "sign det x, ln |det x|",
            Torch = "(lambda s, l: s + 2 * l)(*torch.linalg.slogdet(x))",
            Gradient = "g·x⁻ᵀ",
            Slack = 10,
        });

    private static Op LogDet => Op.Of(OpKind.Composite, "logdet", x => WellConditioned(x).LogDet(), SquareMatrix,
        new() { Formula = "ln det x", Torch = "torch.logdet(well_conditioned(x))" });
}
