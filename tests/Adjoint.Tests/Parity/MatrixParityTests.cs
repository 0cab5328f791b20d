namespace Adjoint.Tests.Parity;

using Adjoint.Nn; // here, before the internal Linear and Reduction of Adjoint are found

/// <summary>Matrix products of every pair of ranks and layouts have PyTorch's values, shapes and gradients.</summary>
public class MatrixParityTests
{
    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["matmul"] = (x, _) => [x[0].MatMul(x[1])],
        ["mm"] = (x, _) => [x[0].Mm(x[1])],
        ["mv"] = (x, _) => [x[0].Mv(x[1])],
        ["dot"] = (x, _) => [x[0].Dot(x[1])],
        ["bmm"] = (x, _) => [x[0].Bmm(x[1])],
        ["outer"] = (x, _) => [x[0].Outer(x[1])],
        ["addmm"] = (x, a) => [x[0].AddMm(x[1], x[2], beta: a.Number(0), alpha: a.Number(1))],
        ["linear"] = (x, _) => [F.Linear(x[0], x[1], x.Length > 2 ? x[2] : null)],
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("matrix").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        OpParity.Differences(Cases[operation], Calls[operation], slack: 10).Take(10).ShouldBeEmpty();
    }
}
