namespace Adjoint.Tests.Ops.LinearAlgebra;

/// <summary>Matrices that have not what is asked for are refused by name, or give what PyTorch gives.</summary>
public class LinalgErrorTests
{
    private static Tensor M(double[,] x) => Tensor.From(x);

    private static Tensor Zeros => Tensor.Zeros([2, 2], DType.Float64);

    [Fact]
    public void Singular_matrices_have_no_inverse()
    {
        Tensor a = M(new double[,] { { 1, 2 }, { 2, 4 } }), b = Tensor.Ones([2], DType.Float64);
        Should.Throw<LinalgException>(() => a.Linalg.Inv()).Message.ShouldStartWith("Linalg.Inv: the matrix is singular");
        Should.Throw<LinalgException>(a.Inverse).Message.ShouldStartWith("Inverse: the matrix is singular");
        Should.Throw<LinalgException>(() => a.Linalg.Solve(b)).Message.ShouldStartWith("Linalg.Solve: the matrix is singular");
        Should.Throw<LinalgException>(() => a.MatrixPower(-2)).Message.ShouldStartWith("MatrixPower: the matrix is singular");
        Tensor cube = a.Reshape(2, 1, 1, 2);
        Should.Throw<LinalgException>(() => cube.Linalg.TensorInv()).Message.ShouldStartWith("Linalg.TensorInv: the matrix is singular");
        (Tensor lu, Tensor pivots) = a.Linalg.LuFactor();
        Should.Throw<LinalgException>(() => lu.Linalg.LuSolve(pivots, b.Unsqueeze(-1))).Message.ShouldStartWith("Linalg.LuSolve");
        Tensor batch = Tensor.Stack([Tensor.Eye(2, dtype: DType.Float64), Tensor.Eye(2, dtype: DType.Float64), a]).Unsqueeze(1);
        Should.Throw<LinalgException>(() => batch.Linalg.Inv()).Message.ShouldContain("matrix [2, 0] of the batch");
    }

    [Fact]
    public void Matrices_that_are_not_positive_definite_have_no_Cholesky_decomposition()
    {
        Tensor a = M(new double[,] { { 1, 2 }, { 2, 1 } });
        Should.Throw<LinalgException>(() => a.Linalg.Cholesky()).Message.ShouldContain("leading minor of order 2");
        Should.Throw<LinalgException>(() => (a * double.NaN).Linalg.Cholesky()).Message.ShouldContain("leading minor of order 1");
        Should.Throw<LinalgException>(() => Zeros.Linalg.Cholesky());
    }

    [Fact]
    public void Of_a_singular_matrix_the_determinant_is_zero_and_its_gradient_the_cofactors()
    {
        Tensor a = M(new double[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }).RequiresGradInPlace();
        a.Det().Backward();
        double[] cofactors = [-3, 6, -3, 6, -12, 6, -3, 6, -3], gradient = a.Grad!.ToArray<double>();
        for (int i = 0; i < 9; i++) gradient[i].ShouldBe(cofactors[i], 1e-11);
        Tensor zero = Zeros.RequiresGradInPlace();
        zero.Det().Backward();
        zero.Grad!.ToArray<double>().ShouldAllBe(g => g == 0);
        (Tensor sign, Tensor log) = Zeros.SLogDet();
        (sign.Item(), log.Item()).ShouldBe((0, double.NegativeInfinity));
        Zeros.LogDet().Item().ShouldBe(double.NegativeInfinity);
        M(new double[,] { { -1, 0 }, { 0, 1 } }).LogDet().Item().ShouldBe(double.NaN);
    }

    [Fact]
    public void Of_an_ill_conditioned_matrix_the_cofactors_are_accurate()
    {
        // Near a singular matrix: the cofactors of its limit, to what the distance is.
        Tensor a = M(new double[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 + 1e-15 } }).RequiresGradInPlace();
        a.Det().Backward();
        double[] cofactors = [-3, 6, -3, 6, -12, 6, -3, 6, -3], gradient = a.Grad!.ToArray<double>();
        for (int i = 0; i < 9; i++) gradient[i].ShouldBe(cofactors[i], 1e-9);
    }

    [Fact]
    public void Conditions_of_singular_matrices_are_infinite()
    {
        foreach (string name in new[] { "fro", "nuc" }) Zeros.Linalg.Cond(name).Item().ShouldBe(double.PositiveInfinity);
        foreach (double p in new[] { 1, -1, double.PositiveInfinity, double.NegativeInfinity })
            Zeros.Linalg.Cond(p).Item().ShouldBe(double.PositiveInfinity);
        Zeros.Linalg.Cond().Item().ShouldBe(double.NaN);
        M(new double[,] { { 1, 2 }, { 2, 4 } }).Linalg.Cond(1).Item().ShouldBe(double.PositiveInfinity);
        M(new double[,] { { double.NaN, 2 }, { 2, 4 } }).Linalg.Cond(1).Item().ShouldBe(double.NaN);
    }

    [Fact]
    public void Equal_eigenvalues_have_a_gradient_and_vectors_of_equal_ones_none()
    {
        Tensor a = Tensor.Eye(3, dtype: DType.Float64).RequiresGradInPlace();
        a.Linalg.EigValsH().Sum().Backward();
        a.Grad!.ToArray<double>().ShouldBe([1, 0, 0, 0, 1, 0, 0, 0, 1]);
        a.Grad = null;
        a.Linalg.SvdVals().Sum().Backward();
        double[] gradient = a.Grad!.ToArray<double>();
        for (int i = 0; i < 9; i++) gradient[i].ShouldBe(i % 4 == 0 ? 1 : 0, 1e-12);
        a.Grad = null;
        a.Linalg.Eigh().EigenVectors.Square().Sum().Backward();
        a.Grad!.IsFinite().All().Item<bool>().ShouldBeFalse();
    }

    [Fact]
    public void What_has_no_derivative_says_so()
    {
        Tensor a = Tensor.Randn([4, 2], DType.Float64, generator: new Generator(1)).RequiresGradInPlace();
        Should.Throw<AutogradException>(() => a.Linalg.Qr(complete: true).Q.Sum().Backward()).Message.ShouldContain("complete");
        Should.Throw<AutogradException>(() => a.Linalg.Svd().U.Sum().Backward()).Message.ShouldContain("fullMatrices: false");
        a.Linalg.Svd().S.Sum().Backward();
        a.Grad.ShouldNotBeNull();
        a.Linalg.MatrixRank().RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void Shapes_and_dtypes_that_do_not_fit_are_refused_by_name()
    {
        Tensor wide = Tensor.Ones([2, 3], DType.Float64), vector = Tensor.Ones([3], DType.Float64);
        Tensor square = Tensor.Eye(3, dtype: DType.Float64);
        (string, Action)[] shapes =
        [
            ("Linalg.Inv", () => wide.Linalg.Inv()), ("Inverse", () => wide.Inverse()), ("Det", () => vector.Det()),
            ("Linalg.Solve", () => square.Linalg.Solve(wide)), ("Linalg.Solve", () => square.Linalg.Solve(vector, left: false)),
            ("Linalg.Cholesky", () => wide.Linalg.Cholesky()), ("Linalg.Eigh", () => wide.Linalg.Eigh()),
            ("Linalg.Qr", () => vector.Linalg.Qr()), ("Linalg.SvdVals", () => vector.Linalg.SvdVals()),
            ("Linalg.SolveTriangular", () => square.Linalg.SolveTriangular(wide, upper: true)), ("MatrixPower", () => wide.MatrixPower(2)),
            ("Linalg.MultiDot", () => Linalg.MultiDot([wide, wide])), ("Inner", () => wide.Inner(Tensor.Ones([2], DType.Float64))),
            ("TensorDot", () => wide.TensorDot(square, 2)), ("AddMv", () => wide.AddMv(square, vector)),
            ("AddR", () => wide.AddR(square, vector)),
            ("BAddBmm", () => wide.BAddBmm(square, square)), ("CDist", () => wide.CDist(Tensor.Ones([2, 2], DType.Float64))),
            ("PDist", () => vector.PDist()), ("Linalg.MatrixNorm", () => vector.Linalg.MatrixNorm()),
            ("Linalg.MatrixNorm", () => wide.Linalg.MatrixNorm("fro", 0, -2)), ("Linalg.LstSq", () => wide.Linalg.LstSq(square)),
            ("Linalg.HouseholderProduct", () => wide.Linalg.HouseholderProduct(vector)),
            ("Linalg.Vander", () => Tensor.Scalar(1).Linalg.Vander()),
        ];
        foreach ((string name, Action call) in shapes) Should.Throw<ShapeException>(call).Message.ShouldStartWith(name + ": ");
        Tensor whole = Tensor.Eye(2, dtype: DType.Int64), single = Tensor.Eye(3);
        Should.Throw<DTypeException>(() => whole.Linalg.Inv()).Message.ShouldStartWith("Linalg.Inv: ");
        Should.Throw<DTypeException>(() => whole.Det()).Message.ShouldStartWith("Det: ");
        Should.Throw<DTypeException>(() => square.Linalg.Solve(single)).Message.ShouldContain("same dtype");
        Should.Throw<ArgumentException>(() => wide.Linalg.MatrixNorm("frob")).Message.ShouldContain("\"frob\"");
        Should.Throw<ArgumentException>(() => wide.Linalg.MatrixNorm(3)).Message.ShouldContain("order 3");
        Should.Throw<ArgumentOutOfRangeException>(() => wide.Linalg.PInv(rtol: -1));
        Should.Throw<ArgumentOutOfRangeException>(() => wide.CDist(wide, double.NaN));
        (Tensor lu, Tensor pivots) = square.Linalg.LuFactor();
        foreach (int wrong in new[] { 0, 4, -1, int.MinValue, int.MaxValue })
        {
            Tensor places = Tensor.From([wrong, 1, 2]);
            Should.Throw<TensorIndexException>(() => lu.Linalg.LuSolve(places, square)).Message.ShouldContain($"{wrong}");
        }
        Should.Throw<DTypeException>(() => lu.Linalg.LuSolve(pivots.To(DType.Float64), square));
        lu.Linalg.LuSolve(pivots.To(DType.Int64), square).ToArray<double>().ShouldBe(square.ToArray<double>());
    }

    [Fact]
    public void Whole_matrices_are_multiplied_as_such()
    {
        Tensor a = Tensor.From([[1L, 1], [1, 0]]);
        a.MatrixPower(90)[0, 1].Item<long>().ShouldBe(2880067194370816120); // Fibonacci
        a.MatrixPower(0).ToArray<long>().ShouldBe([1, 0, 0, 1]);
        a.Kron(a).DType.ShouldBe(DType.Int64);
        a.Inner(a).ToArray<long>().ShouldBe([2, 1, 1, 1]);
        Tensor.From([2L, 3]).Linalg.Vander(3).ToArray<long>().ShouldBe([1, 2, 4, 1, 3, 9]);
        Tensor.Zeros([2, 2], DType.Int64).AddR(Tensor.From([1L, 2]), Tensor.From([3L, 4])).ToArray<long>().ShouldBe([3, 4, 6, 8]);
    }

    [Fact]
    public void A_factor_of_zero_does_not_read_what_it_multiplies()
    {
        Tensor nan = Tensor.Full([2, 2], double.NaN, DType.Float64), a = Tensor.Eye(2, dtype: DType.Float64);
        Tensor v = Tensor.Ones([2], DType.Float64);
        Tensor[] results =
        [
            nan.AddR(v, v, beta: 0), nan[0].AddMv(a, v, beta: 0), nan.AddBmm(a.Unsqueeze(0), a.Unsqueeze(0), beta: 0),
            nan.BAddBmm(a.Unsqueeze(0), a.Unsqueeze(0), beta: 0),
        ];
        foreach (Tensor y in results) y.IsFinite().All().Item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Residuals_and_ranks_of_least_squares()
    {
        Tensor a = M(new double[,] { { 1, 0 }, { 1, 1 }, { 1, 2 } }), b = M(new double[,] { { 1 }, { 3 }, { 6 } });
        var (solution, residuals, rank, values) = a.Linalg.LstSq(b);
        double[] line = solution.ToArray<double>();
        line[0].ShouldBe(5.0 / 6, 1e-12);
        line[1].ShouldBe(2.5, 1e-12);
        residuals.ToArray<double>()[0].ShouldBe(1.0 / 6, 1e-12);
        rank.Item<long>().ShouldBe(2);
        values.Shape.ShouldBe([2]);
        a.MT.Linalg.LstSq(Tensor.Ones([2, 1], DType.Float64)).Residuals.NumEl.ShouldBe(0);
        // Of several the smallest.
        Tensor singular = M(new double[,] { { 1, 1 }, { 1, 1 } }), x = singular.Linalg.LstSq(M(new double[,] { { 2 }, { 2 } })).Solution;
        x.ToArray<double>().ShouldAllBe(e => Math.Abs(e - 1) < 1e-12);
    }
}
