using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// X with A·X = B, or Aᵀ·X = B, of B = this and triangular matrices A, and a copy of A: torch.triangular_solve, an older form of
    /// <see cref="Linalg.SolveTriangular"/>.
    /// </summary>
    /// <param name="a">A [*, n, n].</param>
    /// <param name="upper">Whether the triangle that is read is the upper one.</param>
    /// <param name="transpose">Whether it is Aᵀ that is solved for.</param>
    /// <param name="unitriangular">Whether the diagonal is not read and counts as ones.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    public (Tensor Solution, Tensor CloneOfCoefficient) TriangularSolve(
        Tensor a, bool upper = true, bool transpose = false, bool unitriangular = false)
    {
        try
        {
            return (Adjoint.Linalg.SolveTriangular(
                transpose ? a.Given().MT : a.Given(), this, upper != transpose, unitriangular: unitriangular), a.Clone());
        }
        catch (TensorException e) when (e.IsOf(nameof(TriangularSolve)))
        {
            throw;
        }
    }
}

public static partial class Linalg
{
    /// <summary>
    /// X with A·X = B, or X·A = B, for triangular matrices A, of which nothing but one triangle is read: torch.linalg.solve_triangular.
    /// A zero on the diagonal gives infinities and NaN, as PyTorch does.
    /// </summary>
    /// <param name="x">A [*, n, n].</param>
    /// <param name="other">B [*, n, k], or [*, k, n] where A is on the right; the batches broadcast.</param>
    /// <param name="upper">Whether the triangle is the upper one.</param>
    /// <param name="left">Whether A is on the left.</param>
    /// <param name="unitriangular">Whether the diagonal is not read and counts as ones.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The tensors are not of one floating-point dtype.</exception>
    /// <example><code>
    /// Tensor l = Tensor.From([[2.0, 0], [1, 4]]), b = Tensor.From([[2.0], [5]]);
    /// Tensor x = l.Linalg.SolveTriangular(b, upper: false);   // [[1], [1]]
    /// </code></example>
    public static Tensor SolveTriangular(Tensor x, Tensor other, bool upper, bool left = true, bool unitriangular = false)
    {
        const string Operation = "Linalg.SolveTriangular";
        other.Given();
        MatrixBatch.Square(Operation, x.Given());
        MatrixBatch.Checked(Operation, other);
        MatrixBatch.SameType(Operation, x, other);
        if (x.Shape[-1] != other.Shape[left ? -2 : -1])
            throw new ShapeException(
                $"{Operation}: the matrices {x.Shape} and {other.Shape} do not fit: the {(left ? "rows" : "columns")} of the second "
                + $"must be {x.Shape[-1]}.");
        (Tensor a, Tensor b) = MatrixBatch.Together(Operation, x, other);
        return left ? SolveTriangularOp.Left(a, b, upper, unitriangular) : SolveTriangularOp.Right(a, b, upper, unitriangular);
    }
}

/// <summary>X = A⁻¹·B,   dB = A⁻ᵀ·g,   dA = −dB·Xᵀ in the triangle that is read.</summary>
internal readonly struct SolveTriangularOp(bool upper, bool unit) : ITensorOperation, IByHand
{
    /// <summary>A⁻¹·B, for equal batches.</summary>
    internal static Tensor Left(Tensor a, Tensor b, bool upper, bool unit = false) => Door.Run(new SolveTriangularOp(upper, unit), a, b);

    /// <summary>B·A⁻¹ = (A⁻ᵀ·Bᵀ)ᵀ.</summary>
    internal static Tensor Right(Tensor a, Tensor b, bool upper, bool unit = false) => Left(a.MT, b.MT, !upper, unit).MT;

    public string Name => "linalg_solve_triangular";

    public void Describe(OpAttributes to)
    {
        to.Add("upper", upper);
        to.Add("unitriangular", unit);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!, b = inputs[1]!, x = Elements.Copy(b);
        var work = new Work(Elements.ToContiguous(a), x, upper, unit);
        Dispatch.Floating(a.DType, "Linalg.SolveTriangular", ref work);
        return History.IsWanted(here, a, b)
            ? History.Record(here, x, new RuleNode<SolveTriangularRule>(here, new(here, a, x, upper, unit), a, b), a, b) : x;
    }

    public void Write(Hand hand)
    {
        HandTensor x = hand.Result;
        hand.Copy(hand.Input(1), x);
        HandTensor a = HandMatrices.InRows(hand, hand.Input(0));
        int n = a.Shape[-1], columns = x.Shape[-1];
        HandMatrices.NeedsTriangle(hand, x.Word, n, !upper);
        (string ofA, string ofX) = (hand.Whole(a), hand.Whole(x));
        string how = $"{(upper ? "SolveUpper" : "SolveLower")}({(unit ? "true" : "false")}, {n}, {columns}, {ofA}";
        HandMatrices.Each(hand, HandMatrices.Batch(x), at => hand.Line($"{how}, {at[0]}, {n}, {ofX}, {at[1]}, {columns});"),
            (a, n * n), (x, n * columns));
    }

    private readonly struct Work(Tensor a, Tensor x, bool upper, bool unit) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Triangular.Solve<T>(!upper, unit, MatrixBatch.Count(a), a.Shape[-1], x.Shape[-1], memory.Of<T>(a), memory.Of<T>(x));
        }
    }
}

/// <summary>The rule of <see cref="SolveTriangularOp"/>; dX = A⁻¹·(dB − dA·X).</summary>
internal struct SolveTriangularRule(Here here, Tensor a, Tensor x, bool upper, bool unit) : IRule
{
    private Saved _a = Saved.Input(here, a), _x = Saved.Output(here, x);

    public readonly string NodeName => "LinalgSolveTriangularBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor ofB = SolveTriangularOp.Left(_a.Get(node).MT, g[0]!, !upper, unit);
        if (wanted[0]) dx[0] = Read(-ofB.MatMul(_x.Get(node).MT));
        if (wanted[1]) dx[1] = ofB;
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor? right = t[1];
        if (t[0] is { } ta)
        {
            Tensor product = Read(ta).MatMul(_x.Get(node));
            right = right is null ? -product : right - product;
        }
        dy[0] = SolveTriangularOp.Left(_a.Get(node), right!, upper, unit);
    }

    // What is read of A: the triangle, without its diagonal where that counts as ones.
    private readonly Tensor Read(Tensor x) => upper ? x.Triu(unit ? 1 : 0) : x.Tril(unit ? -1 : 0);

    public readonly void Show(SavedValues to)
    {
        to.Add("self", _a);
        to.Add("result", _x);
        to.Attributes.Add("upper", upper);
        to.Attributes.Add("unitriangular", unit);
    }

    public void Free()
    {
        _a.Free();
        _x.Free();
    }
}

public static partial class OpTable
{
    private static Op SolveTriangular => Op.Of(OpKind.Other, "solve_triangular",
        (x, y) => Linalg.SolveTriangular(WellConditioned(x), y, upper: false), SquareMatrix, new OpInput([3, 2], Domain.Reals),
        new()
        {
            Formula = "tril(x)⁻¹·y",
            Torch = "torch.linalg.solve_triangular(well_conditioned(x).tril(), y, upper=False)",
            Gradient = "∂y: tril(x)⁻ᵀ·g, ∂x: −tril(∂y·zᵀ)",
        });

    private static Op SolveTriangularRight => Op.Of(OpKind.Other, "solve_triangular_right",
        (x, y) => Linalg.SolveTriangular(x, y, upper: true, left: false, unitriangular: true),
        SquareMatrix, new OpInput([2, 4, 3], Domain.Reals),
        new()
        {
            Formula = "y·(triu(x, 1) + I)⁻¹",
            Torch = "torch.linalg.solve_triangular(x.triu(1) + torch.eye(x.shape[-1]), y, upper=True, left=False, unitriangular=True)",
            Gradient = "∂y: g·(triu(x, 1) + I)⁻ᵀ, ∂x: −triu(zᵀ·∂y, 1)",
            Slack = 10,
        });
}
