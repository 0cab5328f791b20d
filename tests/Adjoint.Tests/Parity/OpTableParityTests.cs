namespace Adjoint.Tests.Parity;

/// <summary>Every row of the table of operations has PyTorch's value and gradients; what is asked there is what the row says.</summary>
public class OpTableParityTests
{
    private static readonly Dictionary<string, Op> Rows = OpTable.All.ToDictionary(op => op.Name);

    private static readonly ILookup<string, OpCase> Asked = Fixtures.Read<OpCase>("ops").ToLookup(@case => @case.Op);

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_gradients_are_PyTorchs(string name)
    {
        Op op = Rows[name];
        OpCase[] cases = [.. Asked[name]];
        cases.Length.ShouldBe(2, $"PyTorch was not asked about {name}: run tests/Parity/generate ops");
        cases.ShouldAllBe(
            @case => @case.Args[0].GetString() == op.Info.Torch,
            $"PyTorch was asked something else about {name}: run tests/Parity/generate ops");
        OpParity.Differences(cases, (x, _) => [op.Apply(x)], op.Info.Slack).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_asked_about_operations_that_are_not_there() =>
        Asked.Select(group => group.Key).Except(Rows.Keys).ShouldBeEmpty();
}
