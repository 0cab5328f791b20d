namespace Adjoint.Tests.Ops.LinearAlgebra;

/// <summary>What decompositions promise, whatever the size: the factors multiply to the matrix, and are what they are called.</summary>
public class DecompositionTests
{
    // Around the sizes at which the kernels begin to go by blocks.
    private static readonly int[] s_sizes = [1, 2, 3, 7, 8, 9, 16, 17, 31, 32, 33, 64, 65, 100, 150];

    public static MatrixTheoryData<DType, double> Kinds => new([DType.Float64, DType.Float32], [1, 1e-30, 1e30]);

    private static Tensor Random(DType dtype, double scale, params int[] sizes) =>
        Tensor.Randn(Shape.Of(sizes), DType.Float64, generator: new Generator(sizes.Sum())).Mul(scale).To(dtype);

    private static double Epsilon(DType dtype) => dtype == DType.Float32 ? 1.2e-7 : 2.3e-16;

    /// <summary>Whether two matrices are the same, but for so many roundings of numbers as large as the largest.</summary>
    private static void Close(Tensor actual, Tensor expected, double scale, string what)
    {
        double most = (actual - expected).Abs().To(DType.Float64) is { NumEl: > 0 } difference ? difference.Max().Item() : 0;
        (most <= 100 * Math.Max(4, actual.Shape[-1]) * Epsilon(actual.DType) * scale).ShouldBeTrue($"{what}: {most} of {scale}");
    }

    private static void Orthogonal(Tensor q, string what) => Close(q.MT.MatMul(q), Tensor.Eye(q.Shape[-1], dtype: q.DType), 1, what);

    [Theory, MemberData(nameof(Kinds))]
    public void Lu(DType dtype, double scale)
    {
        foreach (int n in s_sizes)
        {
            foreach ((int rows, int columns) in new[] { (n, n), (n, n / 2 + 1), (n / 2 + 1, n) })
            {
                Tensor a = Random(dtype, scale, 2, rows, columns);
                (Tensor p, Tensor l, Tensor u) = a.Linalg.Lu();
                Close(p.MatMul(l).MatMul(u), a, scale, $"{rows}×{columns}");
                ((double)l.Abs().Max().Item()).ShouldBeLessThanOrEqualTo(1);
            }
            Tensor square = Random(dtype, scale, n, n), b = Random(dtype, scale, n, 3);
            Tensor x = square.Linalg.Solve(b);
            Close(square.MatMul(x), b, scale * (1 + x.Abs().Max().Item()), $"solve {n}");
            (Tensor lu, Tensor pivots) = square.Linalg.LuFactor();
            Close(lu.Linalg.LuSolve(pivots, b), x, x.Abs().Max().Item() * 1000, $"lu_solve {n}");
            Tensor y = square.Linalg.Solve(b.MT, left: false);
            Close(y.MatMul(square), b.MT, scale * (1 + y.Abs().Max().Item()), $"solve on the right {n}");
            Close(lu.Linalg.LuSolve(pivots, b, adjoint: true), y.MT, y.Abs().Max().Item() * 1000, $"lu_solve of the transpose {n}");
            Close(lu.Linalg.LuSolve(pivots, b.MT, left: false), y, y.Abs().Max().Item() * 1000, $"lu_solve on the right {n}");
            Close(lu.Linalg.LuSolve(pivots, b.MT, left: false, adjoint: true), x.MT, x.Abs().Max().Item() * 1000, $"both {n}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Cholesky(DType dtype, double scale)
    {
        foreach (int n in s_sizes)
        {
            Tensor x = Random(dtype, 1, 2, n, n), a = (x.MatMul(x.MT) / n + Tensor.Eye(n, dtype: dtype)) * scale;
            Tensor l = a.Linalg.Cholesky(), u = a.Linalg.Cholesky(upper: true);
            Close(l.MatMul(l.MT), a, 6 * scale, $"{n}");
            Close(u.MT.MatMul(u), a, 6 * scale, $"upper {n}");
            l.Triu(1).Ne(0).Any().Item<bool>().ShouldBeFalse();
            u.Tril(-1).Ne(0).Any().Item<bool>().ShouldBeFalse();
            // Only one triangle is read.
            Tensor half = a.Tril() + Tensor.Full(a.Shape, 7, dtype).Triu(1);
            half.Linalg.Cholesky().ToArray<double>().ShouldBe(l.ToArray<double>());
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Qr(DType dtype, double scale)
    {
        foreach (int n in s_sizes)
        {
            foreach ((int rows, int columns) in new[] { (n, n), (n, n / 2 + 1), (n / 2 + 1, n), (3 * n, n) })
            {
                Tensor a = Random(dtype, scale, 2, rows, columns);
                foreach (bool complete in new[] { false, true })
                {
                    (Tensor q, Tensor r) = a.Linalg.Qr(complete);
                    q.Shape.ShouldBe([2, rows, complete ? rows : Math.Min(rows, columns)]);
                    Close(q.MatMul(r), a, 4 * scale, $"{rows}×{columns}");
                    Orthogonal(q, $"Q {rows}×{columns}");
                    r.Tril(-1).Ne(0).Any().Item<bool>().ShouldBeFalse();
                }
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Eigenvalues(DType dtype, double scale)
    {
        foreach (int n in s_sizes)
        {
            Tensor x = Random(dtype, scale, 2, n, n), a = (x + x.MT) / 2;
            (Tensor w, Tensor v) = x.Tril().Add(x.Triu(1) * 0).Linalg.Eigh();
            Tensor lower = x.Tril() + x.Tril(-1).MT;
            Close((v * w.Unsqueeze(-2)).MatMul(v.MT), lower, 4 * scale, $"{n}");
            Orthogonal(v, $"V {n}");
            w.Diff().Ge(0).All().Item<bool>().ShouldBeTrue();
            Close(a.Linalg.EigValsH(upper: true), a.Linalg.Eigh().EigenValues, 4 * scale, $"values {n}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Singular_values(DType dtype, double scale)
    {
        foreach (int n in s_sizes)
        {
            foreach ((int rows, int columns) in new[] { (n, n), (n, n / 2 + 1), (n / 2 + 1, n), (3 * n, n) })
            {
                Tensor a = Random(dtype, scale, 2, rows, columns);
                foreach (bool full in new[] { false, true })
                {
                    (Tensor u, Tensor s, Tensor vh) = a.Linalg.Svd(full);
                    int k = Math.Min(rows, columns);
                    u.Shape.ShouldBe([2, rows, full ? rows : k]);
                    vh.Shape.ShouldBe([2, full ? columns : k, columns]);
                    Close((u.Narrow(-1, 0, k) * s.Unsqueeze(-2)).MatMul(vh.Narrow(-2, 0, k)), a, 8 * scale, $"{rows}×{columns}");
                    Orthogonal(u, $"U {rows}×{columns}");
                    Orthogonal(vh.MT, $"V {rows}×{columns}");
                    (s.Ge(0).All().Item<bool>() && s.Diff().Le(0).All().Item<bool>()).ShouldBeTrue();
                    Close(a.Linalg.SvdVals(), s, 8 * scale, $"values {rows}×{columns}");
                }
            }
        }
    }

    /// <summary>Ranks below the size, equal values, rows and columns of zeros, sizes that differ by powers of ten.</summary>
    [Fact]
    public void Matrices_that_are_hard_for_iterations_are_decomposed()
    {
        foreach (int n in new[] { 2, 5, 20, 70 })
        {
            Tensor x = Random(DType.Float64, 1, n, n), ranks = x.Narrow(-1, 0, n / 2).MatMul(x.Narrow(-2, 0, n / 2));
            Tensor grades = Tensor.From([.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -40.0 * i / n))]);
            Tensor[] hard =
            [
                Tensor.Zeros([n, n], DType.Float64), Tensor.Eye(n, dtype: DType.Float64), Tensor.Ones([n, n], DType.Float64), ranks,
                grades.Diag(), grades.Flip(0).Diag(), x * grades, x * grades.Unsqueeze(-1), Tensor.Ones([n - 1], DType.Float64).Diag(1),
                x.Triu(), x.Round(), Tensor.Ones([n, n], DType.Float64).Triu(), x * 1e300, x * 1e-305,
            ];
            foreach (Tensor a in hard)
            {
                double scale = Math.Max(a.Abs().Max().Item(), double.Epsilon) * n;
                (Tensor u, Tensor s, Tensor vh) = a.Linalg.Svd();
                Close((u * s).MatMul(vh), a, scale, $"svd {n}");
                Orthogonal(u, "U");
                Orthogonal(vh, "V");
                Tensor symmetric = a.Tril() + a.Tril(-1).MT;
                (Tensor w, Tensor v) = symmetric.Linalg.Eigh();
                Close((v * w).MatMul(v.MT), symmetric, scale, $"eigh {n}");
                Orthogonal(v, "eigenvectors");
                (Tensor q, Tensor r) = a.Linalg.Qr();
                Close(q.MatMul(r), a, scale, $"qr {n}");
                Orthogonal(q, "Q");
                (Tensor p, Tensor l, Tensor upper) = a.Linalg.Lu();
                Close(p.MatMul(l).MatMul(upper), a, scale, $"lu {n}");
            }
            ((long)ranks.Linalg.MatrixRank().Item()).ShouldBe(n / 2);
        }
    }

    [Theory]
    [InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity)]
    public void Numbers_that_are_not_finite_end_in_an_error_or_in_NaN(double number)
    {
        foreach (int n in new[] { 1, 3, 40 })
        {
            foreach ((int i, int j) in new[] { (0, 0), (n - 1, n - 1), (n - 1, 0) })
            {
                Tensor a = Random(DType.Float64, 1, n, n) + Tensor.Eye(n, dtype: DType.Float64) * 5;
                a[i, j] = number;
                Should.Throw<LinalgException>(() => a.Linalg.Svd()).Message.ShouldContain("not finite");
                Should.Throw<LinalgException>(() => a.Linalg.PInv()).Message.ShouldContain("Linalg.PInv");
                a.Linalg.Eigh().EigenValues.IsNaN().All().Item<bool>().ShouldBeTrue();
                foreach (Tensor y in new[] { a.Linalg.Qr().R, a.Linalg.Lu().U, a.Det(), a.Linalg.LuFactor().Lu })
                    y.IsFinite().All().Item<bool>().ShouldBeFalse($"{number} at {i}, {j} of {n}");
                if (double.IsNaN(number)) Should.Throw<LinalgException>(() => a.Linalg.Cholesky());
            }
        }
    }

    [Fact]
    public void A_batch_is_what_its_matrices_are_one_by_one()
    {
        Tensor a = Random(DType.Float64, 1, 40, 9, 9) + Tensor.Eye(9, dtype: DType.Float64) * 5, b = Random(DType.Float64, 1, 40, 9, 2);
        (Tensor, Tensor)[] pairs =
        [
            (a.Linalg.Inv(), Each(i => a[i].Linalg.Inv())), (a.Linalg.Solve(b), Each(i => a[i].Linalg.Solve(b[i]))),
            (a.Det(), Each(i => a[i].Det())), (a.Linalg.Qr().Q, Each(i => a[i].Linalg.Qr().Q)),
            (a.Linalg.Svd().U, Each(i => a[i].Linalg.Svd().U)), (a.Linalg.Eigh().EigenVectors, Each(i => a[i].Linalg.Eigh().EigenVectors)),
            (a.MT.Linalg.Lu().L, Each(i => a[i].MT.Linalg.Lu().L)),
        ];
        foreach ((Tensor batch, Tensor single) in pairs) batch.ToArray<double>().ShouldBe(single.ToArray<double>());

        static Tensor Each(Func<int, Tensor> f) => Tensor.Stack([.. Enumerable.Range(0, 40).Select(f)]);
    }
}
