namespace Adjoint.Tests.Parity;

/// <summary>Linear algebra over shapes, layouts and special matrices has PyTorch's values, shapes and gradients.</summary>
public class LinalgParityTests
{
    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["inv"] = (x, _) => [x[0].Linalg.Inv()],
        ["det"] = (x, _) => [x[0].Det()],
        ["slogdet"] = (x, _) => [x[0].SLogDet().LogAbsDet],
        ["lu"] = (x, _) => x[0].Linalg.Lu() is var (p, l, u) ? [p, l, u] : [],
        ["matrix_exp"] = (x, _) => [x[0].MatrixExp()],
        ["eigh"] = (x, _) => Symmetric(x[0]).Linalg.Eigh() is var (w, v) ? [w, (v * w.Exp().Unsqueeze(-2)).MatMul(v.MT)] : [],
        ["eigvalsh"] = (x, _) => [Symmetric(x[0]).Linalg.EigValsH()],
        ["cholesky"] = (x, _) => [Symmetric(x[0]).Linalg.Cholesky()],
        ["solve_triangular"] = (x, a) => [x[0].Linalg.SolveTriangular(x[1], upper: a.Flag(0))],
        ["solve"] = (x, _) => [x[0].Linalg.Solve(x[1])],
        ["solve_right"] = (x, _) => [x[0].Linalg.Solve(x[1], left: false)],
        ["svdvals"] = (x, _) => [x[0].Linalg.SvdVals()],
        ["svd"] = (x, _) => x[0].Linalg.Svd(fullMatrices: false) is var (u, s, vh) ? [s, (u * (s * s + s).Unsqueeze(-2)).MatMul(vh)] : [],
        ["qr"] = (x, _) => x[0].Linalg.Qr() is var (q, r) ? [q, r] : [],
        ["pinv"] = (x, _) => [x[0].Linalg.PInv()],
        ["lstsq"] = (x, _) => [x[0].Linalg.LstSq(x[1]).Solution],
        ["matrix_rank"] = (x, _) => [x[0].Linalg.MatrixRank()],
        ["matrix_norm"] = (x, _) => [x[0].Linalg.MatrixNorm()],
        ["matrix_norm_number"] = (x, a) => [x[0].Linalg.MatrixNorm(a.Number(0))],
        ["matrix_norm_nuc"] = (x, _) => [x[0].Linalg.MatrixNorm("nuc")],
        ["kron"] = (x, _) => [x[0].Kron(x[1])],
        ["inner"] = (x, _) => [x[0].Inner(x[1])],
        ["cdist"] = (x, a) => [x[0].CDist(x[1], Order(a.Text(0)))],
        ["pdist"] = (x, a) => [x[0].PDist(Order(a.Text(0)))],
        ["matrix_power"] = (x, a) => [x[0].MatrixPower(a.Int(0))],
        ["addmv"] = (x, _) => [x[0].AddMv(x[1], x[2], 0.5, 2)],
        ["addr"] = (x, _) => [x[0].AddR(x[1], x[2], 0.5, 2)],
        ["addbmm"] = (x, _) => [x[0].AddBmm(x[1], x[2], 0.5, 2)],
        ["baddbmm"] = (x, _) => [x[0].BAddBmm(x[1], x[2], 0.5, 2)],
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("linalg").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Fact]
    public void Every_answer_is_looked_at() => Cases.Select(group => group.Key).Order().ShouldBe(Calls.Keys.Order());

    /// <summary>Of float64 to 1e-10 and better: 1e-13 of each element, times what conditions up to 1000 make of it.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation) =>
        OpParity.Differences(Cases[operation], Calls[operation], slack: 500).Take(10).ShouldBeEmpty();

    private static Tensor Symmetric(Tensor x) => (x + x.MT) / 2;

    private static double Order(string p) =>
        p == "inf" ? double.PositiveInfinity : double.Parse(p, System.Globalization.CultureInfo.InvariantCulture);
}
