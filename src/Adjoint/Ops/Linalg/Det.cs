using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The determinant of each matrix, <see cref="Linalg.Det"/>.</summary>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Det() => DetOp.Apply("Det", this);
}

public static partial class Linalg
{
    /// <summary>
    /// The determinant of each matrix: torch.linalg.det, by an LU decomposition; that of no rows is 1. Its gradient is the matrix of
    /// cofactors, also where the matrix is singular. For large matrices <see cref="SLogDet"/> neither overflows nor vanishes.
    /// </summary>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <example><code>
    /// Tensor d = Tensor.From([[1.0, 2], [3, 4]]).Linalg.Det();    // -2
    /// </code></example>
    public static Tensor Det(Tensor x) => DetOp.Apply("Linalg.Det", x.Given());
}

/// <summary>y = det A,   dA = g·C with the cofactors C = det(A)·A⁻ᵀ (Giles 2008, 2.2.4).</summary>
internal readonly struct DetOp : ITensorOperation, IByHand
{
    internal static Tensor Apply(string operation, Tensor a) => Door.Run(new DetOp(), MatrixBatch.Square(operation, a));

    public string Name => "linalg_det";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        Factored.Of(a, "Linalg.Det", out Tensor lu, out Tensor pivots);
        Tensor y = Tensor.Uninitialized(here, Shape.Of(a.Shape.Sizes[..^2]), a.DType);
        var work = new Work(lu, pivots, y);
        Dispatch.Floating(a.DType, "Linalg.Det", ref work);
        return History.IsWanted(here, a) ? History.Record(here, y, new RuleNode<DetRule>(here, new(here, a, y), a), a) : y;
    }

    // The product of the diagonal of U, with the sign of the exchanges.
    public void Write(Hand hand)
    {
        HandTensor y = hand.Result;
        (HandTensor lu, HandTensor pivots) = HandMatrices.Factored(hand, hand.Input(0), refusesSingular: false);
        int n = lu.Shape[-1];
        HandTensor diagonals = lu.As([y.Shape.NumEl, n], [n * n, n + 1], 0), ofRows = pivots.As([y.Shape.NumEl, n], [n, 1], 0);
        hand.Over(1, e =>
        {
            hand.Line($"{y.Word} product = 1;");
            hand.For($"{n}", i =>
            {
                string factor = hand.Element(e[1].At(i));
                hand.Line($"product *= {hand.Element(e[2].At(i))} == {i} ? {factor} : -{factor};");
            });
            hand.Store(e[0], "product");
        }, y.As([y.Shape.NumEl], [1], y.Offset), diagonals, ofRows);
    }

    private readonly struct Work(Tensor lu, Tensor pivots, Tensor y) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Determinant.Of<T>(lu.Shape[-1], memory.Of<T>(lu), memory.Of<int>(pivots), memory.Of<T>(y));
        }
    }
}

/// <summary>The rule of <see cref="DetOp"/>.</summary>
/// <remarks>
/// // Note [Cofactors]
/// The cofactors are det(A)·A⁻ᵀ where A has an inverse. Where it has none they are no less defined: A = U·diag(σ)·Vᵀ gives det(U)·det(V)·U·
/// diag(Π of the other σ)·Vᵀ. A rule that is not recorded uses whichever is accurate; one that is recorded uses the first, which is as many
/// times differentiable as one likes, or, where a matrix is singular, the second, as PyTorch does, which asks for different σ.
/// What is captured must not depend on values: there it is always the first where it is recorded.
/// </remarks>
internal struct DetRule(Here here, Tensor a, Tensor y) : IRule
{
    private Saved _a = Saved.Input(here, a), _y = Saved.Output(here, y);

    public readonly string NodeName => "LinalgDetBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = OverMatrix(g[0]!) * Cofactors(node);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        dy[0] = (Cofactors(node) * t[0]!).Sum([-2, -1]);

    private readonly Tensor Cofactors(Node node)
    {
        Tensor a = _a.Get(node), y = _y.Get(node);
        if (!History.RulesAreRecorded) return CofactorOp.Apply(a);
        if (!GraphCapture.IsCapturing && (bool)y.Detach().Eq(0).Any()) return CofactorOp.BySingularValues(a);
        return OverMatrix(y) * InvOp.Unrefused(a).MT;
    }

    private static Tensor OverMatrix(Tensor x) => CofactorOp.OverMatrix(x);

    public readonly void Show(SavedValues to)
    {
        to.Add("A", _a);
        to.Add("result", _y);
    }

    public void Free()
    {
        _a.Free();
        _y.Free();
    }
}

/// <summary>The cofactors of matrices, without a gradient. See Note [Cofactors].</summary>
internal readonly struct CofactorOp : ITensorOperation, IByHand
{
    internal static Tensor Apply(Tensor a) => Door.Run(new CofactorOp(), a);

    public string Name => "linalg_det_backward";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!;
        using Unrecorded _ = Unrecorded.Begin();
        // One layout, whichever way it is computed.
        Tensor byInverse = Elements.ToContiguous(ByInverse(a));
        if (a.NumEl == 0) return byInverse;
        Tensor isSmall = IsSmall(a);
        return (bool)isSmall.Any() ? Chosen(a, isSmall, byInverse) : byInverse;
    }

    public void Write(Hand hand) => HandParts.Written(hand, x => [x[0].NumEl == 0 ? ByInverse(x[0])
        : Chosen(x[0], IsSmall(x[0]), ByInverse(x[0]))], hand.Input(0));

    private static Tensor ByInverse(Tensor a) => OverMatrix(a.Det()) * InvOp.Unrefused(a).MT;

    // Near a singular matrix a small determinant is multiplied by a large inverse: what is left of either is noise.
    private static Tensor IsSmall(Tensor a)
    {
        Tensor diagonal = LuFactorOp.Apply(a, "Linalg.Det").Lu.Diagonals.Abs();
        Tensor isSmall = diagonal.Amin([-1]) <= diagonal.Amax([-1]) * (100 * a.DType.Row.Epsilon);
        return OverMatrix(isSmall & a.IsFinite().Flatten(-2, -1).All(-1));
    }

    // Others of the batch may have no singular values.
    private static Tensor Chosen(Tensor a, Tensor isSmall, Tensor byInverse) =>
        Tensor.Where(isSmall, BySingularValues(Tensor.Where(isSmall, a, MatrixBatch.Identity(a))), byInverse);

    internal static Tensor OverMatrix(Tensor x) => x.Unsqueeze(-1).Unsqueeze(-1);

    internal static Tensor BySingularValues(Tensor a)
    {
        (Tensor u, Tensor s, Tensor vh) = SvdOp.Apply(a, full: false);
        int n = a.Shape[-1];
        // Π of the others: products of the rows of a matrix with σ everywhere but on the diagonal.
        Tensor others = s.Unsqueeze(-2).Expand(a.Shape).MaskedFill(Tensor.Eye(n, dtype: DType.Bool), 1.0).Prod(-1);
        Tensor sign = u.Detach().Det().Sign() * vh.Detach().Det().Sign();
        return OverMatrix(sign) * (u * others.Unsqueeze(-2)).MatMul(vh);
    }
}

public static partial class OpTable
{
    private static Op Det => Op.Of(OpKind.Other, "det", x => x.Det(), new OpInput([2, 3, 3], Domain.Reals),
        new() { Formula = "det x", Torch = "torch.linalg.det(x)", Gradient = "g·det(x)·x⁻ᵀ", Slack = 10 });
}
