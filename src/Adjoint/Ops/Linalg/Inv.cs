using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The inverse of each matrix: PyTorch's x.inverse(), <see cref="Linalg.Inv"/>.</summary>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Inverse() => InvOp.Apply("Inverse", this);
}

public static partial class Linalg
{
    /// <summary>
    /// The inverse of each matrix: torch.linalg.inv, by an LU decomposition. A⁻¹·B is better computed by <see cref="Solve"/>.
    /// </summary>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <example><code>
    /// Tensor y = Tensor.From([[2.0, 0], [1, 4]]).Linalg.Inv();   // [[0.5, 0], [-0.125, 0.25]]
    /// </code></example>
    public static Tensor Inv(Tensor x) => InvOp.Apply("Linalg.Inv", x.Given());
}

/// <summary>Y = A⁻¹,   dA = −Yᵀ·g·Yᵀ (Giles 2008, 2.2.3).</summary>
internal readonly struct InvOp(bool refuses) : ITensorOperation, IByHand
{
    internal static Tensor Apply(string operation, Tensor a)
    {
        try
        {
            return Door.Run(new InvOp(true), MatrixBatch.Square(operation, a));
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }

    /// <summary>With infinities and NaN where a matrix is singular.</summary>
    internal static Tensor Unrefused(Tensor a) => Door.Run(new InvOp(false), a);

    public string Name => "linalg_inv_ex";

    public void Describe(OpAttributes to) => to.Add("check_errors", refuses);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        Factored.Of(a, "Linalg.Inv", out Tensor lu, out Tensor pivots);
        if (refuses) Factored.RefuseSingular("Linalg.Inv", lu);
        var work = new Work(Tensor.Uninitialized(here, a.Shape, a.DType));
        Dispatch.Floating(a.DType, "Linalg.Inv", ref work);
        Factored.SolveInPlace(lu, pivots, work.Y);
        return History.IsWanted(here, a) ? History.Record(here, work.Y, new RuleNode<InvRule>(here, new(here, work.Y), a), a) : work.Y;
    }

    public void Write(Hand hand)
    {
        HandTensor y = hand.Result;
        (HandTensor lu, HandTensor pivots) = HandMatrices.Factored(hand, hand.Input(0), refuses);
        int n = y.Shape[-1];
        HandMatrices.Each(hand, HandMatrices.Batch(y), at => hand.For($"{n}", i => hand.For($"{n}", j =>
            hand.Line($"{hand.Whole(y)}[{HandMatrices.Sum(HandMatrices.Sum(at[0], i, n), j, 1)}] = {i} == {j} ? 1 : 0;"))), (y, n * n));
        HandMatrices.SolveByLu(hand, lu, pivots, y);
    }

    private readonly struct Work(Tensor y) : IFloatingWork
    {
        internal Tensor Y => y;

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Determinant.Identity(memory.Of<T>(y), y.Shape[-1]);
        }
    }
}

/// <summary>The rule of <see cref="InvOp"/>; dY = −Y·dA·Y.</summary>
internal struct InvRule(Here here, Tensor y) : IRule
{
    private Saved _y = Saved.Output(here, y);

    public readonly string NodeName => "LinalgInvExBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor transposed = _y.Get(node).MT;
        dx[0] = -transposed.MatMul(g[0]!).MatMul(transposed);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor y = _y.Get(node);
        dy[0] = -y.MatMul(t[0]!).MatMul(y);
    }

    public readonly void Show(SavedValues to) => to.Add("inverse", _y);

    public void Free() => _y.Free();
}

public static partial class OpTable
{
    private static Op Inv => Op.Of(OpKind.Other, "inv", x => Linalg.Inv(WellConditioned(x)), new OpInput([2, 3, 3], Domain.Reals),
        new() { Formula = "x⁻¹", Torch = "torch.linalg.inv(well_conditioned(x))", Gradient = "−x⁻ᵀ·g·x⁻ᵀ" });
}
