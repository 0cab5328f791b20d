namespace Adjoint.Tests.Parity;

/// <summary>
/// Views, rearrangements, joins, indexing, gathering, scattering and casts have PyTorch's values, shapes, dtypes and gradients.
/// </summary>
public class ShapeParityTests
{
    private static OpCall One(Func<Tensor, Arguments, Tensor> call) => (x, a) => [call(x[0], a)];

    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["reshape"] = One((x, a) => x.Reshape(a.Ints(0))),
        ["permute"] = One((x, a) => x.Permute(a.Ints(0))),
        ["transpose"] = One((x, a) => x.Transpose(a.Int(0), a.Int(1))),
        ["t"] = One((x, _) => x.Transpose()),
        ["flatten"] = One((x, a) => x.Flatten(a.Int(0), a.Int(1))),
        ["unsqueeze"] = One((x, a) => x.Unsqueeze(a.Int(0))),
        ["squeeze"] = One((x, _) => x.Squeeze()),
        ["squeeze_dim"] = One((x, a) => x.Squeeze(a.Int(0))),
        ["expand"] = One((x, a) => x.Expand(a.Ints(0))),
        ["slice"] = One((x, a) => x.Slice(a.Int(0), a.Int(1), a.Int(2), a.Int(3))),
        ["select"] = One((x, a) => x.Select(a.Int(0), a.Int(1))),
        ["narrow"] = One((x, a) => x.Narrow(a.Int(0), a.Int(1), a.Int(2))),
        ["clone"] = One((x, _) => x.Clone()),
        ["contiguous"] = One((x, _) => x.Contiguous()),

        ["tril"] = One((x, a) => x.Tril(a.Int(0))),
        ["triu"] = One((x, a) => x.Triu(a.Int(0))),
        ["flip"] = One((x, a) => x.Flip(a.Ints(0))),
        ["roll"] = One((x, a) => x.Roll(a.Int(0), a.Int(1))),
        ["repeat"] = One((x, a) => x.Repeat(a.Ints(0))),

        ["cat"] = (x, a) => [Tensor.Cat(x, a.Int(0))],
        ["stack"] = (x, a) => [Tensor.Stack(x, a.Int(0))],
        ["split"] = (x, a) => x[0].Split(a.Int(0), a.Int(1)),
        ["chunk"] = (x, a) => x[0].Chunk(a.Int(0), a.Int(1)),
        ["unbind"] = (x, a) => x[0].Unbind(a.Int(0)),

        ["cumsum"] = One((x, a) => x.CumSum(a.Int(0))),
        ["index"] = (x, _) => [x[0].Index(x[1])],
        ["index_pair"] = (x, _) => [x[0].Index(x[1], x[2])],
        ["mask"] = (x, _) => [x[0].Index(x[1])],
        ["index_select"] = (x, a) => [x[0].IndexSelect(a.Int(0), x[1])],
        ["gather"] = (x, a) => [x[0].Gather(a.Int(0), x[1])],
        ["take"] = (x, _) => [x[0].Take(x[1])],
        ["scatter"] = (x, a) => [x[0].Scatter(a.Int(0), x[1], x[2])],
        ["scatter_add"] = (x, a) => [x[0].ScatterAdd(a.Int(0), x[1], x[2])],
        ["index_add"] = (x, a) => [x[0].IndexAdd(a.Int(0), x[1], x[2])],
        ["masked_select"] = (x, _) => [x[0].MaskedSelect(x[1])],

        ["to"] = One((x, a) => x.To(Enum.GetValues<DType>().Single(dtype => dtype.TorchName == a.Text(0)))),
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("shapes").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        OpParity.Differences(Cases[operation], Calls[operation]).Take(10).ShouldBeEmpty();
    }
}
