namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>e to the power of each matrix, <see cref="Linalg.MatrixExp"/>.</summary>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor MatrixExp() => MatrixExpOp.Apply("MatrixExp", this);
}

public static partial class Linalg
{
    /// <summary>
    /// eᴬ = I + A + A²/2! + … of each matrix: torch.linalg.matrix_exp, by a Padé approximant of A/2ˢ that is squared s times (Higham
    /// 2005). Its derivative is the block beside the diagonal of the exponential of [[A, E], [0, A]] (Al-Mohy and Higham 2009).
    /// </summary>
    /// <param name="x">A [*, n, n], of floating point.</param>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <example><code>
    /// Tensor turn = Tensor.From([[0.0, -1], [1, 0]]).Linalg.MatrixExp();   // [[cos 1, -sin 1], [sin 1, cos 1]]
    /// </code></example>
    public static Tensor MatrixExp(Tensor x) => MatrixExpOp.Apply("Linalg.MatrixExp", x.Given());
}

/// <summary>Y = eᴬ,   dA = the block beside the diagonal of exp [[Aᵀ, g], [0, Aᵀ]].</summary>
internal readonly struct MatrixExpOp : ITensorOperation, IByHand
{
    private const double Theta = 5.371920351148152; // up to this norm the approximant is right to the last place of a double

    private static readonly double[] s_pade =
    [
        64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800,
        33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
    ];

    internal static Tensor Apply(string operation, Tensor a) => Door.Run(new MatrixExpOp(), MatrixBatch.Square(operation, a));

    /// <summary>The derivative of eᴬ in a direction.</summary>
    internal static Tensor Derivative(Tensor a, Tensor direction)
    {
        int n = a.Shape[-1];
        if (a.NumEl == 0) return direction;
        Tensor block = Tensor.Cat([Tensor.Cat([a, direction], -1), Tensor.Cat([a.ZerosLike(), a], -1)], -2);
        return Apply("Linalg.MatrixExp", block).Narrow(-2, 0, n).Narrow(-1, n, n);
    }

    public string Name => "linalg_matrix_exp";

    public void Describe(OpAttributes to)
    {
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor a = inputs[0]!, y;
        using (Unrecorded.Begin()) y = a.NumEl == 0 ? Elements.Copy(a) : a.Shape[-1] == 1 ? a.Exp() : Squared(a);
        return History.IsWanted(here, a) ? History.Record(here, y, new RuleNode<MatrixExpRule>(here, new(here, a), a), a) : y;
    }

    private static Tensor Squared(Tensor a)
    {
        double[] norms = Elements.ToArray<double>(Norms(a));
        double[] times = Array.ConvertAll(norms, norm => norm > Theta && double.IsFinite(norm) ? Math.Ceiling(Math.Log2(norm / Theta)) : 0);
        Shape each = Shape.Of([.. a.Shape.Sizes[..^2], 1, 1]);
        Tensor factor = Tensor.From(Array.ConvertAll(times, s => Math.ScaleB(1, -(int)s)), each).To(a.DType);
        Tensor y = Pade(a * factor);
        double most = times.Max();
        for (int step = 0; step < most; step++)
        {
            Tensor square = y.MatMul(y);
            bool[] still = Array.ConvertAll(times, s => s > step);
            y = Array.TrueForAll(still, more => more) ? square : Tensor.Where(Tensor.From(still).Reshape(each), square, y);
        }
        return y;
    }

    private static Tensor Pade(Tensor a)
    {
        double[] b = s_pade;
        Tensor one = MatrixBatch.Identity(a), a2 = a.MatMul(a), a4 = a2.MatMul(a2), a6 = a4.MatMul(a2);
        Tensor odd = a6.MatMul(a6 * b[13] + a4 * b[11] + a2 * b[9]) + a6 * b[7] + a4 * b[5] + a2 * b[3] + one * b[1];
        Tensor even = a6.MatMul(a6 * b[12] + a4 * b[10] + a2 * b[8]) + a6 * b[6] + a4 * b[4] + a2 * b[2] + one * b[0];
        odd = a.MatMul(odd);
        Tensor y = even + odd;
        return SolveOp.Unrefused(even - odd, y);
    }

    private static Tensor Norms(Tensor a) => a.Abs().Sum(-2).Amax([-1]);

    public void Write(Hand hand)
    {
        HandTensor a = hand.Input(0), y = hand.Result;
        if (y.Shape.NumEl == 0) return;
        if (y.Shape[-1] == 1)
        {
            HandParts.Written(hand, x => [x[0].Exp()], a);
            return;
        }
        // How often a matrix is halved, so that the approximant holds, and squared afterwards.
        int n = y.Shape[-1], batch = HandMatrices.Batch(y);
        HandTensor norms = HandParts.Made(hand, x => [Norms(x[0])], a)[0], times = hand.New("times", [batch], DType.Float64);
        HandTensor factors = hand.New("factors", Shape.Of([.. a.Shape.Sizes[..^2], 1, 1]), a.DType);
        hand.Line("double most = 0;");
        hand.Over(1, e =>
        {
            string theta = CodeWriter.Number(Theta, "double");
            hand.Line($"double norm = {hand.Element(e[0])};");
            hand.Line($"double halved = norm > {theta} && double.IsFinite(norm) ? Math.Ceiling(Math.Log2(norm / {theta})) : 0;");
            hand.Store(e[1], "halved");
            hand.Store(e[2], Hand.Converted("Math.ScaleB(1, -(int)halved)", "double", a.Word));
            hand.Line("most = Math.Max(most, halved);");
        }, norms.As([batch], [1], norms.Offset), times, factors.As([batch], [1], 0));
        hand.Copy(HandParts.Made(hand, x => [Pade(x[0] * x[1])], a, factors)[0], y);
        hand.Block("for (int step = 0; step < most; step++)", () =>
        {
            HandTensor square = HandParts.Made(hand, x => [x[0].MatMul(x[0])], y)[0];
            hand.Over(2, e => hand.Line($"if ({hand.Element(e[0])} > step) {hand.Element(e[1])} = {hand.Element(e[2])};"),
                times.As([batch, n * n], [1, 0], 0), y.As([batch, n * n], [n * n, 1], y.Offset),
                square.As([batch, n * n], [n * n, 1], square.Offset));
        });
    }
}

/// <summary>The rule of <see cref="MatrixExpOp"/>.</summary>
internal struct MatrixExpRule(Here here, Tensor a) : IRule
{
    private Saved _a = Saved.Input(here, a);

    public readonly string NodeName => "LinalgMatrixExpBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (wanted[0]) dx[0] = MatrixExpOp.Derivative(_a.Get(node).MT, g[0]!);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => dy[0] = MatrixExpOp.Derivative(_a.Get(node), t[0]!);

    public readonly void Show(SavedValues to) => to.Add("self", _a);

    public void Free() => _a.Free();
}

public static partial class OpTable
{
    private static Op MatrixExp => Op.Of(OpKind.Other, "matrix_exp", x => x.MatrixExp(), new OpInput([2, 3, 3], Domain.Reals),
        new()
        {
            Formula = "eˣ of matrices",
            Torch = "torch.matrix_exp(x)",
            Gradient = "the block beside the diagonal of exp [[xᵀ, g], [0, xᵀ]]",
            Slack = 100,
        });
}
