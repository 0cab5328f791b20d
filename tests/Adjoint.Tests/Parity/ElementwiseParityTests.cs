using Adjoint.Tests.Ops;

namespace Adjoint.Tests.Parity;

/// <summary>
/// Element-wise operations have PyTorch's values and gradients: inside their domains, at kinks and poles, over every layout.
/// </summary>
public class ElementwiseParityTests
{
    private static OpCall Unary(Func<Tensor, Tensor> call) => (x, _) => [call(x[0])];

    private static OpCall Unary(Func<Tensor, Arguments, Tensor> call) => (x, a) => [call(x[0], a)];

    private static OpCall Binary(Func<Tensor, Tensor, Tensor> call) => (x, _) => [call(x[0], x[1])];

    private static OpCall Binary(Func<Tensor, Tensor, Arguments, Tensor> call) => (x, a) => [call(x[0], x[1], a)];

    /// <summary>What is called otherwise than by the name of a row.</summary>
    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["add"] = Binary((x, y) => x + y),
        ["sub"] = Binary((x, y) => x - y),
        ["mul"] = Binary((x, y) => x * y),
        ["div"] = Binary((x, y) => x / y),
        ["neg"] = Unary(x => -x),
        ["add_number"] = Unary((x, a) => x + a.Number(0)),
        ["sub_number"] = Unary((x, a) => x - a.Number(0)),
        ["mul_number"] = Unary((x, a) => x * a.Number(0)),
        ["div_number"] = Unary((x, a) => x / a.Number(0)),
        ["number_sub"] = Unary((x, a) => a.Number(0) - x),
        ["number_div"] = Unary((x, a) => a.Number(0) / x),
        ["number_pow"] = Unary((x, a) => x.Word("pow_of_number", a.Number(0))),
        ["lerp_number"] = Binary((x, y, a) => x.Word("lerp", y, a.Number(0))),

        ["round_decimals"] = Unary((x, a) => x.Round((int)a.Number(0))),
        ["logit_eps"] = Unary((x, a) => x.Word("logit", a.Number(0))),

        ["where"] = (x, _) => [Tensor.Where(x[0], x[1], x[2])],
        ["masked_fill"] = (x, a) => [x[0].MaskedFill(x[1], a.Number(0))],
        ["eq"] = Binary((x, y) => x.Eq(y)),
        ["ne"] = Binary((x, y) => x.Ne(y)),
        ["lt"] = Binary((x, y) => x < y),
        ["le"] = Binary((x, y) => x <= y),
        ["gt"] = Binary((x, y) => x > y),
        ["ge"] = Binary((x, y) => x >= y),
        ["isnan"] = Unary(x => x.IsNaN()),
        ["isinf"] = Unary(x => x.IsInf()),
        ["isfinite"] = Unary(x => x.IsFinite()),
        ["logical_and"] = Binary((x, y) => x & y),
        ["logical_or"] = Binary((x, y) => x | y),
        ["logical_xor"] = Binary((x, y) => x ^ y),
        ["logical_not"] = Unary(x => !x),

        ["gelu_tanh"] = Unary(x => x.Gelu(GeluApproximation.Tanh)),
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("elementwise").ToLookup(@case => @case.Op);

    /// <summary>PyTorch is also asked about operations that are not here.</summary>
    public static TheoryData<string> Operations => [.. Names];

    /// <summary>Every operation that PyTorch is asked about, and how it is called.</summary>
    internal static IEnumerable<(string Name, OpCall Call)> All => Names.Select(name => (name, Call(name)));

    private static IEnumerable<string> Names =>
        Calls.Keys.Union(Cases.Select(group => group.Key).Where(name => Words.Row(name) is not null));

    private static OpCall Call(string operation) => Calls.GetValueOrDefault(operation)
        ?? ((x, a) => [x[0].Word(operation, [.. x.Skip(1), .. Enumerable.Range(0, a.Count).Select(i => (object?)a.NumberOrNull(i))])]);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        double slack = Words.Row(operation)?.Info.Slack ?? 1;
        OpParity.Differences(Cases[operation], Call(operation), slack).Take(10).ShouldBeEmpty();
    }
}
