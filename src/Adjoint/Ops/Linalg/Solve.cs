using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public static partial class Linalg
{
    /// <summary>
    /// X with A·X = B, or X·A = B: torch.linalg.solve, by an LU decomposition. More accurate than the inverse, and twice as fast.
    /// </summary>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <param name="other">
    /// B: matrices [*, n, k] ([*, k, n] where A is on the right), whose batch broadcasts with that of A; or vectors, [n] or as many as
    /// there are matrices.
    /// </param>
    /// <param name="left">Whether A is on the left.</param>
    /// <exception cref="LinalgException">A matrix is singular.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    /// <example><code>
    /// Tensor a = Tensor.From([[2.0, 1], [1, 3]]), b = Tensor.From([3.0, 5]);
    /// Tensor x = a.Linalg.Solve(b);                        // [0.8, 1.4]
    /// </code></example>
    public static Tensor Solve(Tensor x, Tensor other, bool left = true)
    {
        const string Operation = "Linalg.Solve";
        other.Given();
        MatrixBatch.Square(Operation, x.Given());
        MatrixBatch.SameType(Operation, x, other);
        bool vectors = other.NDim == 1 || (x.NDim - 1 == other.NDim && other.Shape.Sizes.SequenceEqual(x.Shape.Sizes[..^1]));
        Tensor b = vectors ? other.Unsqueeze(-1) : MatrixBatch.Checked(Operation, other);
        if (vectors && !left)
            throw new ShapeException($"{Operation}: vectors of shape {other.Shape} stand on the right of matrices: left: true.");
        if (b.Shape[left ? -2 : -1] != x.Shape[-1])
            throw new ShapeException(
                $"{Operation}: the matrices {x.Shape} and {other.Shape} do not fit: the {(left ? "rows" : "columns")} of the second "
                + $"must be {x.Shape[-1]}.");
        (Tensor a, b) = MatrixBatch.Together(Operation, x, b);
        Tensor y = left ? SolveOp.Apply(a, b) : SolveOp.Apply(a.MT, b.MT).MT;
        return vectors ? y.Squeeze(-1) : y;
    }
}

/// <summary>X = A⁻¹·B,   dB = A⁻ᵀ·g,   dA = −dB·Xᵀ (Giles 2008, 2.3.1).</summary>
internal readonly struct SolveOp(bool refuses) : ITensorOperation, IByHand
{
    internal static Tensor Apply(Tensor a, Tensor b) => Door.Run(new SolveOp(true), a, b);

    /// <summary>With infinities and NaN where a matrix is singular.</summary>
    internal static Tensor Unrefused(Tensor a, Tensor b) => Door.Run(new SolveOp(false), a, b);

    public string Name => "linalg_solve";

    public void Describe(OpAttributes to) => to.Add("check_errors", refuses);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!, b = inputs[1]!;
        Tensor x = Elements.Copy(b);
        Factored.Of(a, "Linalg.Solve", out Tensor lu, out Tensor pivots);
        if (refuses) Factored.RefuseSingular("Linalg.Solve", lu);
        Factored.SolveInPlace(lu, pivots, x);
        return History.IsWanted(here, a, b)
            ? History.Record(here, x, new RuleNode<SolveRule>(here, new(here, a, x), a, b), a, b) : x;
    }

    public void Write(Hand hand)
    {
        hand.Copy(hand.Input(1), hand.Result);
        (HandTensor lu, HandTensor pivots) = HandMatrices.Factored(hand, hand.Input(0), refuses);
        HandMatrices.SolveByLu(hand, lu, pivots, hand.Result);
    }
}

/// <summary>LU decompositions without history, and what is solved by them.</summary>
internal static class Factored
{
    /// <summary>P·A = L·U, with the pivots counted from 1.</summary>
    internal static void Of(Tensor a, string operation, out Tensor lu, out Tensor pivots)
    {
        lu = Elements.Copy(a);
        pivots = Tensor.Uninitialized(MatrixBatch.Shaped(a, Math.Min(a.Shape[-2], a.Shape[-1])), DType.Int32);
        var work = new FactorWork(lu, pivots);
        Dispatch.Floating(a.DType, operation, ref work);
    }

    /// <summary>X = A⁻¹·X, where a zero on the diagonal gives infinities and NaN.</summary>
    internal static void SolveInPlace(Tensor lu, Tensor pivots, Tensor x)
    {
        var work = new SolveWork(lu, pivots, x);
        Dispatch.Floating(x.DType, "Linalg.Solve", ref work);
    }

    /// <summary>Refuses matrices with a zero on the diagonal of U.</summary>
    /// <exception cref="LinalgException">There is one.</exception>
    internal static void RefuseSingular(string operation, Tensor lu)
    {
        var work = new SingularWork(lu);
        Dispatch.Floating(lu.DType, operation, ref work);
        if (work.Item >= 0)
            throw new LinalgException(
                $"{operation}: {MatrixBatch.Named(lu, work.Item)} is singular: in its LU decomposition element {work.Place + 1} on the "
                + "diagonal is 0.");
    }

    private readonly struct FactorWork(Tensor lu, Tensor pivots) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            LuFactor.Run<T>(MatrixBatch.Count(lu), lu.Shape[-2], lu.Shape[-1], memory.Of<T>(lu), memory.Of<int>(pivots));
        }
    }

    private readonly struct SolveWork(Tensor lu, Tensor pivots, Tensor x) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int batch = MatrixBatch.Count(lu), n = lu.Shape[-1], columns = x.Shape[-1];
            using var memory = new Loan();
            LuFactor.Exchange<T>(batch, n, columns, memory.Of<int>(pivots), memory.Of<T>(x));
            Triangular.Solve<T>(true, true, batch, n, columns, memory.Of<T>(lu), memory.Of<T>(x));
            Triangular.Solve<T>(false, false, batch, n, columns, memory.Of<T>(lu), memory.Of<T>(x));
        }
    }

    private struct SingularWork(Tensor lu) : IFloatingWork
    {
        internal int Item { get; private set; } = -1;

        internal int Place { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = Math.Min(lu.Shape[-2], lu.Shape[-1]), columns = lu.Shape[-1], size = lu.Shape[-2] * columns;
            using var memory = new Loan();
            (Item, Place) = LuFactor.FirstZero<T>(memory.Of<T>(lu), size, columns, n);
        }
    }
}

/// <summary>The rule of <see cref="SolveOp"/>; dX = A⁻¹·(dB − dA·X).</summary>
internal struct SolveRule(Here here, Tensor a, Tensor x) : IRule
{
    private Saved _a = Saved.Input(here, a), _x = Saved.Output(here, x);

    public readonly string NodeName => "LinalgSolveExBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor ofB = SolveOp.Apply(_a.Get(node).MT, g[0]!);
        if (wanted[0]) dx[0] = -ofB.MatMul(_x.Get(node).MT);
        if (wanted[1]) dx[1] = ofB;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor? right = t[1];
        if (t[0] is { } ta)
        {
            Tensor product = ta.MatMul(_x.Get(node));
            right = right is null ? -product : right - product;
        }
        dy[0] = SolveOp.Apply(_a.Get(node), right!);
    }

    public readonly void Show(SavedValues to)
    {
        to.Add("A", _a);
        to.Add("result", _x);
    }

    public void Free()
    {
        _a.Free();
        _x.Free();
    }
}

public static partial class OpTable
{
    private static Op Solve => Op.Of(OpKind.Other, "solve",
        (x, y) => Linalg.Solve(WellConditioned(x), y), SquareMatrix, new OpInput([2, 3, 2], Domain.Reals),
        new() { Formula = "x⁻¹·y", Torch = "torch.linalg.solve(well_conditioned(x), y)", Gradient = "∂y: x⁻ᵀ·g, ∂x: −∂y·zᵀ" });

    private static Op SolveVector => Op.Of(OpKind.Other, "solve_vector",
        (x, y) => Linalg.Solve(WellConditioned(x), y), new OpInput([2, 3, 3], Domain.Reals), new OpInput([2, 3], Domain.Reals),
        new() { Formula = "x⁻¹·y", Torch = "torch.linalg.solve(well_conditioned(x), y)", Gradient = "∂y: x⁻ᵀ·g, ∂x: −∂y·zᵀ" });
}
