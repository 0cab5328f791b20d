namespace Adjoint.Tests.Graphs;

/// <summary>Decompositions and products of matrices of sizes where kernels halve, cut and pack: what is written keeps their bits.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandMatrixTests
{
    private static readonly (string Name, Func<Tensor, Tensor, IReadOnlyList<Tensor>> F)[] s_square =
    [
        ("cholesky", (x, _) => [Linalg.Cholesky(Definite(x)), Linalg.Cholesky(Definite(x), upper: true)]),
        ("lower", (x, y) =>
            [Linalg.SolveTriangular(Heavy(x), y, upper: false), Linalg.SolveTriangular(Heavy(x), y, true, unitriangular: true)]),
        ("vector", (x, y) => [Linalg.SolveTriangular(Heavy(x), y.Narrow(-1, 0, 1), upper: false)]),
        ("lu", (x, _) => Linalg.Lu(x) is var (p, l, u) ? [p, l, u] : []),
        ("solve", (x, y) => [Linalg.Solve(x, y), Linalg.Inv(x)]),
        ("det", (x, _) => Linalg.SLogDet(x) is var (sign, log) ? [x.Det(), sign, log] : []),
        ("qr", (x, _) => Linalg.Qr(x) is var (q, r) ? [q, r] : []),
        ("eigh", (x, _) => Linalg.Eigh(x + x.MT) is var (w, v) ? [w, v, Linalg.EigValsH(x, upper: true)] : []),
        ("svd", (x, _) => Linalg.Svd(x) is var (u, s, v) ? [u, s, v, Linalg.SvdVals(x)] : []),
        ("exp", (x, _) => [x.MatrixExp(), (x * 0.01).MatrixExp()]),
        ("cofactors", (x, _) => [new Cofactors().Of(x), new Cofactors().Of(x.Narrow(-2, 0, 1) * x.Narrow(-1, 0, 1))]),
    ];

    private static readonly (string Name, Func<Tensor, Tensor, IReadOnlyList<Tensor>> F)[] s_any =
    [
        ("lu_factor", (x, _) => Linalg.LuFactor(x) is var (lu, pivots) ? [lu, pivots] : []),
        ("qr", (x, _) => Linalg.Qr(x) is var (q, r) ? [q, r] : []),
        ("qr complete", (x, _) => Linalg.Qr(x, complete: true) is var (q, r) ? [q, r] : []),
        ("svd", (x, _) => Linalg.Svd(x, fullMatrices: false) is var (u, s, v) ? [u, s, v] : []),
        ("svd full", (x, _) => Linalg.Svd(x) is var (u, s, v) ? [u, s, v] : []),
        ("pinv", (x, y) => [Linalg.PInv(x), Linalg.LstSq(x, y).Solution, Linalg.Cond(x), Linalg.MatrixRank(x)]),
    ];

    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Decompositions_of_every_size_are_written_with_the_same_bits(DType dtype)
    {
        Rng.ManualSeed(15);
        var written = new Written();
        foreach (int n in (int[])[1, 2, 5, 8, 9, 16, 17, 24, 33, 40])
        {
            Tensor x = Tensor.Randn([n, n], dtype: dtype), y = Tensor.Randn([n, 3], dtype: dtype);
            foreach (var (name, f) in s_square) written.Add($"{name} {n}", f, x, y);
        }
        // Large enough for each way of multiplying, and for several blocks of reflections.
        foreach (var (name, f) in s_square.Where(s => s.Name is "cholesky" or "lu" or "solve" or "qr" or "lower"))
            written.Add($"{name} 150", f, Tensor.Randn([150, 150], dtype: dtype), Tensor.Randn([150, 70], dtype: dtype));
        foreach (var (name, f) in s_square)
            written.Add($"{name} batch", f, Tensor.Randn([2, 3, 4, 4], dtype: dtype).MT, Tensor.Randn([2, 3, 4, 2], dtype: dtype));
        foreach ((int m, int n) in ((int, int)[])[(5, 3), (3, 5), (1, 4), (4, 1), (40, 7), (7, 40), (70, 35), (35, 70)])
            foreach (var (name, f) in s_any)
                written.Add($"{name} {m}x{n}", f, Tensor.Randn([2, m, n], dtype: dtype), Tensor.Randn([2, m, 2], dtype: dtype));
        written.Compare();
    }

    /// <summary>Numbers beyond the range of squares, zeros, and what is singular.</summary>
    [Theory]
    [InlineData(1e30), InlineData(1e-30), InlineData(0.0)]
    public void Matrices_at_the_ends_of_the_range_are_written(double scale)
    {
        Rng.ManualSeed(16);
        var written = new Written();
        foreach (int n in (int[])[3, 20])
        {
            Tensor x = Tensor.Randn([n, n]) * scale, y = Tensor.Randn([n, 2]) * scale;
            foreach (var (name, f) in s_square.Where(s => s.Name is "lu" or "qr" or "eigh" or "svd" or "det"))
                written.Add($"{name} {n}", f, x.Detach(), y.Detach());
            foreach (var (name, f) in s_any) written.Add($"{name} {n}", f, x.Detach(), y.Detach());
        }
        written.Compare();
    }

    /// <summary>The last columns of a product may be added up in another order than the rest.</summary>
    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Products_of_every_size_are_written_with_the_same_bits(DType dtype)
    {
        Rng.ManualSeed(17);
        var written = new Written();
        foreach ((int m, int n, int k) in ((int, int, int)[])[
            (100, 100, 300), (100, 66, 784), (68, 100, 784), (100, 18, 300), (65, 65, 65), (1, 100, 1000), (100, 1, 1000), (3, 5, 1100),
            (33, 36, 9000)])
        {
            Tensor x = Tensor.Randn([m, k], dtype: dtype), w = Tensor.Randn([n, k], dtype: dtype), b = Tensor.Randn([n], dtype: dtype);
            written.Add($"{m}x{n}x{k} linear", (x, w) => [b.AddMm(x, w.T)], x, w);
            written.Add($"{m}x{n}x{k}", (x, w) => [x.MatMul(w)], x, w.T.Contiguous());
            written.Add($"{m}x{n}x{k} turned", (x, w) => [x.T.MatMul(w)], x.T.Contiguous(), w.T.Contiguous());
        }
        written.Add("batch", (x, w) => [x.MatMul(w.T)], Tensor.Randn([4, 30, 300], dtype: dtype), Tensor.Randn([100, 300], dtype: dtype));
        written.Add(
            "batch of rest", (x, w) => [x.MatMul(w.T)], Tensor.Randn([3, 22, 784], dtype: dtype), Tensor.Randn([68, 784], dtype: dtype));
        // Both ways of adding up are in one program, or nothing was tested: of 100 columns of floats 4 are left over, of doubles none.
        written.HasBoth("100x100x300 linear").ShouldBe(dtype == DType.Float32);
        written.Add("both", (x, w) => [x.MatMul(w.MT)], Tensor.Randn([3, 66, 784], dtype: dtype), Tensor.Randn([3, 68, 784], dtype: dtype));
        written.Compare();
    }

    /// <summary>An array of one number is no variable, however often the program is written.</summary>
    [Fact]
    public void One_number_is_sorted_and_decomposed_as_well()
    {
        var written = new Written();
        written.Add("median", (x, _) => [x.Median(), x.Flatten().Sort(0).Values], Tensor.From([[2.0]]), Tensor.From([[3.0]]));
        foreach (var (name, f) in s_square) written.Add(name, f, Tensor.From([[2.0]]), Tensor.From([[3.0]]));
        written.Compare();
    }

    [Fact]
    public void A_singular_matrix_is_refused_by_the_program_as_well()
    {
        var programs = new WrittenPrograms();
        Tensor x = Tensor.From([[1.0, 2], [3, 4]]);
        int inverse = programs.Add(Graph.Capture(x => x.Inverse(), x));
        int root = programs.Add(Graph.Capture(x => Linalg.Cholesky(x), Tensor.Eye(2, dtype: DType.Float64)));
        Tensor ones = Tensor.Ones([2, 2], DType.Float64);
        Should.Throw<InvalidOperationException>(() => programs.Run(inverse, ones)).Message.ShouldContain("singular");
        Should.Throw<InvalidOperationException>(() => programs.Run(root, -x.Detach())).Message.ShouldContain("not positive definite");
    }

    private static Tensor Definite(Tensor x) => x.MatMul(x.MT) + Tensor.Eye(x.Shape[-1], dtype: x.DType);

    private static Tensor Heavy(Tensor x) => x + Tensor.Eye(x.Shape[-1], dtype: x.DType) * 8;

    private readonly struct Cofactors
    {
        internal Tensor Of(Tensor x) => Door.Run(new CofactorOp(), x);
    }

    private sealed class Written
    {
        private readonly WrittenPrograms _programs = new();
        private readonly List<(string, int, Graph, Func<IReadOnlyList<Tensor>>)> _all = [];

        internal void Add(string name, Func<Tensor, Tensor, IReadOnlyList<Tensor>> f, Tensor x, Tensor y)
        {
            Graph graph = Graph.Capture(all => f(all[0], all[1]), [x, y]);
            _all.Add((name, _programs.Add(graph), graph, () => f(x, y)));
        }

        internal bool HasBoth(string name)
        {
            string text = _programs.Text(_all.Find(one => one.Item1 == name).Item2);
            return text.Contains("Dot(") && text.Contains("sum = Math");
        }

        internal void Compare()
        {
            List<string> wrong = [];
            foreach ((string name, int program, Graph graph, Func<IReadOnlyList<Tensor>> f) in _all)
            {
                IReadOnlyList<Tensor> expected = f();
                _programs.Run(program);
                for (int i = 0; i < expected.Count; i++)
                {
                    if (GraphByHandTests.AreSame(_programs.Bits(program, graph.Outputs[i]), GraphRunTests.Bits(expected[i]))) continue;
                    wrong.Add($"{name}: result {i}");
                    break;
                }
            }
            string.Join("\n", wrong).ShouldBe("");
        }
    }
}
