namespace Adjoint.Tests.Tensors;

/// <summary>Golden bits are those PyTorch draws after <c>manual_seed</c> with the same seed.</summary>
public class RandomTests
{
    private static string[] Hex(Tensor x) => [.. x.ToArray<float>().Select(v => BitConverter.SingleToUInt32Bits(v).ToString("x8"))];

    [Fact]
    public void Streams_are_those_of_PyTorch()
    {
        Hex(Tensor.Rand([3], generator: new Generator(0))).ShouldBe(["3efe1558", "3f44aa2f", "3db533a8"]);
        Hex(Tensor.Randn([2, 2], generator: new Generator(1))).ShouldBe(["3f294e60", "3e88aa47", "3d7ca14b", "3f1f0ea7"]);
        Hex(Tensor.Randn([4, 4], generator: new Generator(1)))[..4].ShouldBe(["bfc346ba", "bf400f31", "bf276b4b", "bfce0399"]);
        Tensor.RandInt(0, 10, [5], generator: new Generator(0)).ToArray<long>().ShouldBe([4, 9, 3, 0, 3]);
        Tensor.RandPerm(6, generator: new Generator(0)).ToArray<long>().ShouldBe([2, 5, 3, 0, 1, 4]);
        Tensor.Empty([8]).BernoulliInPlace(0.5, new Generator(0)).ToArray<float>().ShouldBe([0, 0, 1, 0, 0, 0, 1, 1]);
        Tensor.Full([8], 0.5).Bernoulli(new Generator(0)).ToArray<float>().ShouldBe([1, 0, 1, 1, 1, 0, 1, 0]);
        Tensor.From([1f, 2, 3]).Multinomial(5, replacement: true, new Generator(0)).ToArray<long>().ShouldBe([2, 2, 1, 2, 2]);
    }

    [Fact]
    public void A_tensor_that_requires_grad_is_a_leaf()
    {
        Tensor x = Tensor.Rand([2, 2], requiresGrad: true);
        x.IsLeaf.ShouldBeTrue();
        x.RandnLike().RequiresGrad.ShouldBeFalse();
        x.RandLike(DType.Float64).DType.ShouldBe(DType.Float64);
    }

    [Fact]
    public void Changes_in_place_count_as_versions_and_leaves_are_protected()
    {
        Tensor x = Tensor.Zeros(4);
        x.UniformInPlace(2, 3).ToArray<float>().ShouldAllBe(v => v >= 2 && v < 3);
        x.Version.ShouldBe(1);
        Tensor leaf = Tensor.Zeros([4], requiresGrad: true);
        Should.Throw<AutogradException>(() => leaf.NormalInPlace());
        (leaf * 1).NormalInPlace().Sum().Backward();
        leaf.Grad!.ToArray<float>().ShouldBe(new float[4]);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Should.Throw<ArgumentException>(() => Tensor.RandInt(5, 5, [2]));
        Should.Throw<ArgumentException>(() => Tensor.RandInt(0, 300, [2], DType.UInt8)).Message.ShouldContain("do not fit UInt8");
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.RandPerm(-1));
        Should.Throw<DTypeException>(() => Tensor.Rand([2], DType.Int64));
    }
}
