using Adjoint.Tests.Ops;

namespace Adjoint.Tests.Parity;

/// <summary>2.1–2.4, 2.6, 2.9: the nodes behind an expression have PyTorch's names, edges and output numbers.</summary>
public class GraphParityTests
{
    internal sealed record Case(string Expression, string? Name, int Output, System.Text.Json.JsonElement[][] Next);

    // The leaves of tests/Parity/graph_fixtures.py; c does not require grad.
    private static readonly Tensor x = Tensor.From([0.5, 1.5, 2.5, 0.25], [2, 2], requiresGrad: true);
    private static readonly Tensor y = Tensor.From([1.0, 3.0, 0.75, 2.0], [2, 2], requiresGrad: true);
    private static readonly Tensor v = Tensor.From([1.0, 2.0], requiresGrad: true);
    private static readonly Tensor c = Tensor.From([3.0, 1.0, 2.0, 4.0], [2, 2]);

    private static readonly Tensor mask = Tensor.From([true, false, false, true], [2, 2]);
    private static readonly Tensor index = Tensor.From([0L, 1]);
    private static readonly Tensor squareIndex = Tensor.From([0L, 1, 1, 0], [2, 2]);

    /// <summary>What is more than one element-wise operation by the name of its row.</summary>
    private static readonly Dictionary<string, Func<Tensor>> Expressions = new()
    {
        ["x + y"] = () => x + y,
        ["x - y"] = () => x - y,
        ["x * y"] = () => x * y,
        ["x / y"] = () => x / y,
        ["-x"] = () => -x,
        ["x + 5"] = () => x + 5,
        ["5 + x"] = () => 5 + x,
        ["x - 2"] = () => x - 2,
        ["2 - x"] = () => 2 - x,
        ["x * 2"] = () => x * 2,
        ["x / 2"] = () => x / 2,
        ["2 / x"] = () => 2 / x,
        ["x + c"] = () => x + c,
        ["c * x"] = () => c * x,
        ["c - x"] = () => c - x,
        ["x * x"] = () => x * x,
        ["x + v"] = () => x + v,
        ["x.exp() + x"] = () => x.Exp() + x,
        ["(x * y) + (x * 2)"] = () => (x * y) + (x * 2),
        ["x ** 2"] = () => x.Pow(2),
        ["x ** 3"] = () => x.Pow(3),
        ["x ** 0.5"] = () => x.Pow(0.5),
        ["x ** y"] = () => x.Pow(y),
        ["2 ** x"] = () => x.Word("pow_of_number", 2),
        ["add alpha"] = () => x.Add(y, 2),
        ["sub alpha"] = () => x.Sub(y, 2),

        ["sum"] = () => x.Sum(),
        ["sum(0)"] = () => x.Sum(0),
        ["mean"] = () => x.Mean(),
        ["mean(0)"] = () => x.Mean(0),
        ["prod"] = () => x.Prod(),
        ["prod(0)"] = () => x.Prod(0),
        ["max"] = () => x.Max(),
        ["max(0)"] = () => x.Max(0).Values,
        ["min"] = () => x.Min(),
        ["min(0)"] = () => x.Min(0).Values,
        ["amax(0)"] = () => x.Amax([0]),
        ["amin(0)"] = () => x.Amin([0]),
        ["logsumexp(0)"] = () => x.LogSumExp(0),
        ["var(0)"] = () => x.Var([0]),
        ["std(0)"] = () => x.Std([0]),
        ["norm"] = () => x.Norm(),
        ["median"] = () => x.Median(),
        ["cumsum(0)"] = () => x.CumSum(0),
        ["cumprod(0)"] = () => x.CumProd(0),
        ["sort"] = () => x.Sort().Values,
        ["topk"] = () => x.TopK(1).Values,
        ["where"] = () => Tensor.Where(mask, x, y),
        ["where number"] = () => Tensor.Where(mask, x, 0),
        ["masked_fill"] = () => x.MaskedFill(mask, 0.0),
        ["x[index]"] = () => x.Index(index),
        ["x[mask]"] = () => x.Index(mask),
        ["index_select"] = () => x.IndexSelect(0, index),
        ["gather"] = () => x.Gather(0, squareIndex),
        ["take"] = () => x.Take(index),
        ["masked_select"] = () => x.MaskedSelect(mask),
        ["scatter"] = () => x.Scatter(0, squareIndex, y),
        ["scatter_add"] = () => x.ScatterAdd(0, squareIndex, y),
        ["index_add"] = () => x.IndexAdd(0, index, y),
        ["clamp(0, 1)"] = () => x.Clamp(0, 1),
        ["clamp_min"] = () => x.Word("clamp_min", 0),
        ["clamp_max"] = () => x.Word("clamp_max", 0),
        ["clone"] = () => x.Clone(),
        ["detach"] = () => x.Detach(),
        ["fmod number"] = () => x.Fmod(2),
        ["remainder number"] = () => x.Remainder(2),
        ["lerp number"] = () => x.Word("lerp", y, 0.3),
        ["gelu tanh"] = () => x.Gelu(GeluApproximation.Tanh),
        ["threshold"] = () => x.Word("threshold", 0.5, 0),

        ["view"] = () => x.View(4),
        ["reshape view"] = () => x.Reshape(4),
        ["reshape copy"] = () => x.Transpose().Reshape(4),
        ["flatten"] = () => x.Flatten(),
        ["t"] = () => x.Transpose(),
        ["transpose"] = () => x.Transpose(0, 1),
        ["permute"] = () => x.Permute(1, 0),
        ["squeeze"] = () => x.Squeeze(),
        ["squeeze(0)"] = () => x.Squeeze(0),
        ["unsqueeze"] = () => x.Unsqueeze(0),
        ["expand"] = () => v.Expand(2, 2),
        ["narrow"] = () => x.Narrow(0, 0, 1),
        ["select"] = () => x.Select(0, 0),
        ["x[0:1]"] = () => x.Slice(0, 0, 1),
        ["cat"] = () => Tensor.Cat([x, y]),
        ["stack"] = () => Tensor.Stack([x, y]),
        ["split"] = () => x.Split(1)[1],
        ["chunk"] = () => x.Chunk(2)[1],
        ["unbind"] = () => x.Unbind()[1],
        ["repeat"] = () => x.Repeat(2, 1),
        ["flip"] = () => x.Flip(0),
        ["roll"] = () => x.Roll(1, 0),
        ["tril"] = () => x.Tril(),
        ["triu"] = () => x.Triu(),
        ["diagonal"] = () => x.Diagonal(),
        ["float"] = () => x.To(DType.Float32),
        ["contiguous copy"] = () => x.Transpose().Contiguous(),

        ["x += in place"] = () => x.Clone().AddInPlace(y),
        ["x *= in place"] = () => x.Clone().MulInPlace(y),
        ["zero in place"] = () => x.Clone().ZeroInPlace(),
        ["copy in place"] = () => Tensor.Zeros([2, 2], DType.Float64).CopyInPlace(x),
    };

    /// <summary>Where we part from PyTorch 1.13, knowingly.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        // 2.x records a reshape that needs no copy as a view.
        ["reshape view"] = "ViewBackward0 output 0: AccumulateGrad 0",
        ["flatten"] = "ViewBackward0 output 0: AccumulateGrad 0",

        // One operation for a tensor and a number on the left: a number is an edge without a node, as in x + 5.
        ["2 - x"] = "RsubBackward1 output 0: AccumulateGrad 0, none 0",
        ["rsub"] = "RsubBackward1 output 0: AccumulateGrad 0, AccumulateGrad 0",

        // The product of everything is that of the flattened tensor.
        ["prod"] = "ProdBackward0 output 0: ViewBackward0 0",

        // A number is a parameter of the node, not an edge.
        ["2 ** x"] = "PowBackward1 output 0: AccumulateGrad 0",

        // One operation for what PyTorch composes.
        ["softsign"] = "SoftsignBackward0 output 0: AccumulateGrad 0",
        ["tanhshrink"] = "TanhshrinkBackward0 output 0: AccumulateGrad 0",

        // Filling is copying a number.
        ["zero in place"] = "ZeroBackward0 output 0: CloneBackward0 0, none 0",
    };

    private static readonly Dictionary<string, Case> Cases = Fixtures.Read<Case>("graph").ToDictionary(@case => @case.Expression);

    // asked there with a tensor of weights
    public static TheoryData<string> Names =>
        [.. Expressions.Keys.Union(Cases.Keys.Where(name => name != "lerp" && Words.Row(name) is not null))];

    private static Tensor Run(string expression) => Expressions.TryGetValue(expression, out Func<Tensor>? call) ? call()
        : Words.Row(expression) is UnaryRow ? x.Word(expression) : x.Word(expression, y);

    [Theory] // 2.1, 2.2, 2.3, 2.4, 2.6, 2.9
    [MemberData(nameof(Names))]
    public void Nodes_are_named_and_joined_as_in_PyTorch(string expression)
    {
        Case expected = Cases[expression];
        Tensor result = Run(expression);

        Describe(result)
            .ShouldBe(Different.GetValueOrDefault(expression) ?? $"{expected.Name} output {expected.Output}: "
                + string.Join(", ", expected.Next.Select(edge => $"{edge[0].GetString() ?? "none"} {edge[1].GetInt32()}")));
    }

    private static string Describe(Tensor result) =>
        $"{result.GradFn?.Name} output {result.OutputNr}: "
        + string.Join(", ", (result.GradFn?.NextFunctions ?? []).Select(edge => $"{edge.Node?.Name ?? "none"} {edge.InputNr}"));
}
