using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>‖xᵢ − xⱼ‖ₚ for i &lt; j of many rows, without room for all differences,   dxᵢ = Σⱼ gᵢⱼ·∂zᵢⱼ/∂xᵢ.</summary>
/// <remarks>Of few rows the differences are a tensor, as of <see cref="PairDistancesOp"/>; where the rule is recorded as well.</remarks>
internal readonly struct RowDistancesOp(double p) : ITensorOperation
{
    internal static Tensor Apply(Tensor x, double p) => Door.Run(new RowDistancesOp(p), x);

    public string Name => "_pdist_forward";

    public void Describe(OpAttributes to) => to.Add("p", p);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        int n = x.Shape[0];
        Tensor z = Tensor.Uninitialized(here, Shape.Computed([n * (n - 1L) / 2]), x.DType);
        var work = new Work(Elements.ToContiguous(x), z, p);
        Dispatch.Floating(x.DType, "PDist", ref work);
        return History.IsWanted(here, x) ? History.Record(here, z, new RuleNode<RowDistancesRule>(here, new(here, x, z, p), x), x) : z;
    }

    private readonly struct Work(Tensor x, Tensor z, double p) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            PairDistances.ForwardOfPairs<T>(x.Shape[0], x.Shape[1], p, memory.Of<T>(x), memory.Of<T>(z));
        }
    }

    /// <summary>The rows of each pair: the first ones, and the second ones.</summary>
    internal static (Tensor First, Tensor Second) Pairs(int n)
    {
        int count = checked((int)(n * (n - 1L) / 2));
        var (first, second) = (new long[count], new long[count]);
        for (int i = 0, at = 0; i < n; i++)
            for (int j = i + 1; j < n; j++, at++) (first[at], second[at]) = (i, j);
        return (Tensor.From(first), Tensor.From(second));
    }
}

/// <summary>The rule of <see cref="RowDistancesOp"/>.</summary>
internal struct RowDistancesRule(Here here, Tensor x, Tensor z, double p) : IRule
{
    private Saved _x = Saved.Input(here, x), _z = Saved.Output(here, z);

    public readonly string NodeName => "PdistBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor g = gradients[0]!, x = _x.Get(node), z = _z.Get(node);
        if (!History.RulesAreRecorded)
        {
            dx[0] = Door.Run(new RowDistancesGradient(p), g, x, z);
            return;
        }
        (Tensor first, Tensor second) = RowDistancesOp.Pairs(x.Shape[0]);
        Tensor each = g.Unsqueeze(-1) * Slope(x, z, first, second);
        dx[0] = Tensor.Zeros(x.Shape, x.DType).IndexAdd(0, first, each).IndexAdd(0, second, -each);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor x = _x.Get(node), tangent = t[0]!;
        (Tensor first, Tensor second) = RowDistancesOp.Pairs(x.Shape[0]);
        dy[0] = (Slope(x, _z.Get(node), first, second) * (tangent.IndexSelect(0, first) - tangent.IndexSelect(0, second))).Sum(-1);
    }

    private readonly Tensor Slope(Tensor x, Tensor z, Tensor first, Tensor second) =>
        new NormOp(p).Slope(x.IndexSelect(0, first) - x.IndexSelect(0, second), z.Unsqueeze(-1), [1]);

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _x);
        to.Add("result", _z);
        to.Attributes.Add("p", p);
    }

    public void Free()
    {
        _x.Free();
        _z.Free();
    }
}

/// <summary>The gradient of the rows; its inputs are g, x and z.</summary>
internal readonly struct RowDistancesGradient(double p) : ITensorOperation
{
    public string Name => "_pdist_backward";

    public void Describe(OpAttributes to) => to.Add("p", p);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[1]!;
        var work = new Work(Elements.ToContiguous(inputs[0]!), Elements.ToContiguous(x), Elements.ToContiguous(inputs[2]!),
            Tensor.Uninitialized(here, x.Shape, x.DType), p);
        Dispatch.Floating(x.DType, "PDist", ref work);
        return work.Dx;
    }

    private readonly struct Work(Tensor g, Tensor x, Tensor z, Tensor dx, double p) : IFloatingWork
    {
        internal Tensor Dx => dx;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            PairDistances.GradientOfPairs<T>(x.Shape[0], x.Shape[1], p, memory.Of<T>(x), memory.Of<T>(z), memory.Of<T>(g),
                memory.Of<T>(dx));
        }
    }
}
