using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>zᵢⱼ = ‖xᵢ − yⱼ‖ₚ of many rows, without room for all differences,   dxᵢ = Σⱼ gᵢⱼ·∂zᵢⱼ/∂xᵢ.</summary>
/// <remarks>
/// Of few rows the differences are a tensor, and the rest is <see cref="NormOp"/>. Which it is depends on sizes alone. Where the rule is
/// recorded it is that of few rows.
/// </remarks>
internal readonly struct PairDistancesOp(double p) : ITensorOperation
{
    /// <summary>Up to so many numbers their differences are a tensor.</summary>
    internal const int Few = 1 << 16;

    /// <summary>The distances of two batches of as many matrices.</summary>
    internal static Tensor Apply(Tensor x, Tensor y, double p) => Door.Run(new PairDistancesOp(p), x, y);

    public string Name => "_cdist_forward";

    public void Describe(OpAttributes to) => to.Add("p", p);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, y = inputs[1]!;
        Tensor z = Tensor.Uninitialized(here, MatrixBatch.Shaped(x, x.Shape[-2], y.Shape[-2]), x.DType);
        var work = new Work(Elements.ToContiguous(x), Elements.ToContiguous(y), z, p);
        Dispatch.Floating(x.DType, "CDist", ref work);
        return History.IsWanted(here, x, y)
            ? History.Record(here, z, new RuleNode<PairDistancesRule>(here, new(here, x, y, z, p), x, y), x, y) : z;
    }

    private readonly struct Work(Tensor x, Tensor y, Tensor z, double p) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            PairDistances.Forward<T>(MatrixBatch.Count(x), x.Shape[-2], y.Shape[-2], x.Shape[-1], p, memory.Of<T>(x), memory.Of<T>(y),
                memory.Of<T>(z));
        }
    }
}

/// <summary>The rule of <see cref="PairDistancesOp"/>.</summary>
internal struct PairDistancesRule(Here here, Tensor x, Tensor y, Tensor z, double p) : IRule
{
    private Saved _x = Saved.Input(here, x), _y = Saved.Input(here, y), _z = Saved.Output(here, z);

    public readonly string NodeName => "CdistBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!, x = _x.Get(node), y = _y.Get(node), z = _z.Get(node);
        if (!History.RulesAreRecorded)
        {
            if (wanted[0]) dx[0] = Door.Run(new PairDistancesGradient(p), g, x, y, z);
            if (wanted[1]) dx[1] = Door.Run(new PairDistancesGradient(p), g.MT, y, x, z.MT);
            return;
        }
        Tensor each = g.Unsqueeze(-1) * Slope(x, y, z);
        if (wanted[0]) dx[0] = each.Sum(-2);
        if (wanted[1]) dx[1] = -each.Sum(-3);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor slope = Slope(_x.Get(node), _y.Get(node), _z.Get(node));
        Tensor? left = t[0] is { } tx ? (slope * tx.Unsqueeze(-2)).Sum(-1) : null;
        Tensor? right = t[1] is { } ty ? -(slope * ty.Unsqueeze(-3)).Sum(-1) : null;
        dy[0] = left is null || right is null ? left ?? right : left + right;
    }

    private readonly Tensor Slope(Tensor x, Tensor y, Tensor z) =>
        new NormOp(p).Slope(x.Unsqueeze(-2) - y.Unsqueeze(-3), z.Unsqueeze(-1), [x.NDim]);

    public readonly void Show(SavedValues to)
    {
        to.Add("x1", _x);
        to.Add("x2", _y);
        to.Add("result", _z);
        to.Attributes.Add("p", p);
    }

    public void Free()
    {
        _x.Free();
        _y.Free();
        _z.Free();
    }
}

/// <summary>The gradient of the left rows; its inputs are g, x, y and z.</summary>
internal readonly struct PairDistancesGradient(double p) : ITensorOperation
{
    public string Name => "_cdist_backward";

    public void Describe(OpAttributes to) => to.Add("p", p);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[1]!;
        var work = new Work(Elements.ToContiguous(inputs[0]!), Elements.ToContiguous(x), Elements.ToContiguous(inputs[2]!),
            Elements.ToContiguous(inputs[3]!), Tensor.Uninitialized(here, x.Shape, x.DType), p);
        Dispatch.Floating(x.DType, "CDist", ref work);
        return work.Dx;
    }

    private readonly struct Work(Tensor g, Tensor x, Tensor y, Tensor z, Tensor dx, double p) : IFloatingWork
    {
        internal Tensor Dx => dx;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            PairDistances.Gradient<T>(MatrixBatch.Count(x), x.Shape[-2], y.Shape[-2], x.Shape[-1], p, memory.Of<T>(x), memory.Of<T>(y),
                memory.Of<T>(z), memory.Of<T>(g), memory.Of<T>(dx));
        }
    }
}
