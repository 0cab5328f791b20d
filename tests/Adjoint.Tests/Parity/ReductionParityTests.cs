namespace Adjoint.Tests.Parity;

/// <summary>
/// Reductions have PyTorch's values, dtypes and gradients over every choice of dimensions, at ties, zeros and NaN, of nothing.
/// </summary>
public class ReductionParityTests
{
    private static OpCall All(Func<Tensor, Tensor> call) => (x, _) => [call(x[0])];

    private static OpCall Dims(Func<Tensor, int[], bool, Tensor> call) => (x, a) => [call(x[0], a.Ints(0), a.Flag(1))];

    private static OpCall Dim(Func<Tensor, int, bool, Tensor> call) => (x, a) => [call(x[0], a.Int(0), a.Flag(1))];

    private static OpCall Pair(Func<Tensor, int, bool, (Tensor Values, Tensor Indices)> call) => (x, a) =>
    {
        var (values, indices) = call(x[0], a.Int(0), a.Flag(1));
        return [values, indices];
    };

    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["sum"] = All(x => x.Sum()),
        ["sum_dim"] = Dims((x, dims, keepDim) => x.Sum(dims, keepDim)),
        ["mean"] = All(x => x.Mean()),
        ["mean_dim"] = Dims((x, dims, keepDim) => x.Mean(dims, keepDim)),
        ["prod"] = All(x => x.Prod()),
        ["prod_dim"] = Dim((x, dim, keepDim) => x.Prod(dim, keepDim)),
        ["max"] = All(x => x.Max()),
        ["max_dim"] = Pair((x, dim, keepDim) => x.Max(dim, keepDim)),
        ["min"] = All(x => x.Min()),
        ["min_dim"] = Pair((x, dim, keepDim) => x.Min(dim, keepDim)),
        ["amax"] = Dims((x, dims, keepDim) => x.Amax(dims, keepDim)),
        ["amin"] = Dims((x, dims, keepDim) => x.Amin(dims, keepDim)),
        ["argmax"] = All(x => x.ArgMax()),
        ["argmax_dim"] = Dim((x, dim, keepDim) => x.ArgMax(dim, keepDim)),
        ["argmin"] = All(x => x.ArgMin()),
        ["argmin_dim"] = Dim((x, dim, keepDim) => x.ArgMin(dim, keepDim)),
        ["logsumexp"] = Dims((x, dims, keepDim) => x.LogSumExp(dims, keepDim)),
        ["var_dim"] = (x, a) => [x[0].Var(a.Ints(0), a.Number(1), a.Flag(2))],
        ["std_dim"] = (x, a) => [x[0].Std(a.Ints(0), a.Number(1), a.Flag(2))],
        ["any"] = All(x => x.Any()),
        ["all"] = All(x => x.All()),
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("reductions").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        OpParity.Differences(Cases[operation], Calls[operation], slack: 10).Take(10).ShouldBeEmpty();
    }
}
