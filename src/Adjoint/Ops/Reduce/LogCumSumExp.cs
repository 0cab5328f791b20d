using System.Numerics;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>ln Σ eˣ of all elements up to each along a dimension, without overflow.</summary>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor LogCumSumExp(int dim) => LogCumSumExpOp.Apply(this, Shape.Wrap(dim));
}

/// <summary>yₖ = ln Σ e^xⱼ over j ≤ k.</summary>
internal readonly struct LogCumSumExpOp(int dim) : ITensorOperation, IByHand
{
    public string Name => "logcumsumexp";

    public void Describe(OpAttributes to) => to.Add("dim", dim);

    internal static Tensor Apply(Tensor x, int dim)
    {
        Reduction.RequireFloat("LogCumSumExp", x);
        return Door.Run(new LogCumSumExpOp(dim), x);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, y = Tensor.Uninitialized(here, x.Shape, x.DType);
        (Tensor block, int outer, int n, int inner) = Reduction.AsBlock(x, x.NDim == 0 ? [] : [dim]);
        var work = new Work(block, outer, n, inner, y);
        Dispatch.Floating(x.DType, "LogCumSumExp", ref work);
        return History.IsWanted(here, x)
            ? History.Record(here, y, new RuleNode<LogCumSumExpRule>(here, new LogCumSumExpRule(here, x, y, dim), x), x) : y;
    }

    // Running in double, and each result rounded once: Note [Running in double].
    public void Write(Hand hand) => hand.Rows(dim, e =>
    {
        string word = e[0].Word;
        hand.Line("double running = double.NegativeInfinity;");
        hand.Each(each =>
        {
            hand.Line($"double value = {hand.Element(each[0], "double")};");
            hand.Line("double best = running < value ? value : running, d = running == value ? 0 : Math.Abs(running - value);");
            hand.Line($"running = best + {hand.Apply<Log1pOp>("double", hand.Apply<ExpOp>("double", "-d"))};");
            hand.Store(each[1], Hand.Converted("running", "double", word));
        }, e[0], e[1]);
    }, hand.Input(0), hand.Result);

    private readonly struct Work(Tensor x, int outer, int n, int inner, Tensor y) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Kernels.RunningLogSum.Run<T>(memory.Of<T>(x), outer, n, inner, memory.Of<T>(y));
        }
    }
}

/// <summary>
/// dxⱼ = Σ gₖ·e^(xⱼ − yₖ) over k ≥ j: e^(xⱼ − yⱼ)·Sⱼ with Sⱼ = gⱼ + e^(yⱼ − yⱼ₊₁)·Sⱼ₊₁, in which no exponent is above 0. The tangent is
/// the same recurrence from the start.
/// </summary>
internal struct LogCumSumExpRule(Here here, Tensor x, Tensor y, int dim) : IRule
{
    private Saved _x = Saved.Input(here, x), _y = Saved.Output(here, y);

    public readonly string NodeName => "LogcumsumexpBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor x = _x.Get(node), y = _y.Get(node);
        if (x.NDim == 0) dx[0] = g[0];
        else if (x.NumEl == 0) dx[0] = g[0];
        else dx[0] = (x - y).Exp() * Recurrence.Run(g[0]!, Recurrence.After(Shares(y), dim), dim, fromEnd: true);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor x = _x.Get(node), y = _y.Get(node);
        dy[0] = x.NDim == 0 || x.NumEl == 0 ? t[0] : Recurrence.Run((x - y).Exp() * t[0]!, Shares(y), dim, fromEnd: false);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _x);
        to.Add("result", _y);
    }

    public void Free()
    {
        _x.Free();
        _y.Free();
    }

    // What the sum before is of each: 0 of the first, which has none before.
    private readonly Tensor Shares(Tensor y) => (Recurrence.Before(y, dim, double.NegativeInfinity) - y).Exp();
}

public static partial class OpTable
{
    private static Op LogCumSumExp => Op.Of(OpKind.Other, "logcumsumexp", x => x.LogCumSumExp(1), Cube,
        new() { Formula = "y[i] = ln Σ e^x[j] over j ≤ i", Torch = "x.logcumsumexp(1)", Gradient = "Σ g[k]·e^(x − y[k]) over k ≥ i" });
}
