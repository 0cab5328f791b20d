namespace Adjoint.Tests.Tensors;

/// <summary>What is larger than any tensor is refused by an error that names the sizes, before memory is asked for.</summary>
public class SizeLimitTests
{
    private const int Most = int.MaxValue;

    // One byte, shown as often as a tensor can show it.
    private static Tensor Huge => Tensor.Ones([1], DType.UInt8).Expand(Most);

    private static Tensor Wide => Tensor.Ones(65536);

    public static TheoryData<string, string> Refused => new(Cases.Select(@case => (@case.Name, @case.Named)));

    private static readonly (string Name, string Named, Func<object> Call)[] Cases =
    [
        ("Zeros", "[65536, 65536]", () => Tensor.Zeros(65536, 65536)),
        ("Zeros of three", "[2147483647, 2147483647, 2147483647]", () => Tensor.Zeros(Most, Most, Most)),
        ("Zeros without elements", "[0, 65536, 65536]", () => Tensor.Zeros(0, 65536, 65536)),
        ("Rank", "65 dimensions", () => Tensor.Zeros([.. Enumerable.Repeat(1, 65)])),
        ("Eye", "[65536, 65536]", () => Tensor.Eye(65536)),
        ("Arange", "1,000,000,000,000", () => Tensor.Arange(0, 1e12)),
        ("Diag", "2147483650", () => Tensor.Ones(3).Diag(Most)),
        ("Diag below", "2147483651", () => Tensor.Ones(3).Diag(int.MinValue)),
        ("DiagEmbed", "[2, 2147483650, 2147483650]", () => Tensor.Ones(2, 3).DiagEmbed(Most)),
        ("Cat", "[2147483648]", () => Tensor.Cat([Huge, Tensor.Ones([1], DType.UInt8)])),
        ("HStack", "[4294967294]", () => Tensor.HStack([Huge, Huge])),
        ("VStack", "[2, 2147483647]", () => Tensor.VStack([Huge, Huge])),
        ("Stack", "[2, 2147483647]", () => Tensor.Stack([Huge, Huge])),
        ("Repeat", "[4294967296]", () => Wide.Repeat(65536)),
        ("Tile", "[4294967294]", () => Huge.Tile(2)),
        ("RepeatInterleave", "[4294967294]", () => Huge.RepeatInterleave(2, 0)),
        ("RepeatInterleave of rows", "[6442450941, 2]", () => Tensor.Ones(3, 2).RepeatInterleave(Most, 0)),
        ("Outer", "[65536, 65536]", () => Wide.Outer(Wide)),
        ("Broadcast", "[65536, 65536]", () => Wide.Unsqueeze(1) + Wide),
        ("Compare", "[65536, 65536]", () => Wide.Unsqueeze(1) > Wide),
        ("Where", "[65536, 65536]", () => Tensor.Where(Wide.Unsqueeze(1) > 0, Wide, Wide)),
        ("Expand", "[2147483647, 2]", () => Huge.Unsqueeze(1).Expand(-1, 2)),
        ("MeshGrid", "[65536, 65536]", () => Tensor.MeshGrid([Wide, Wide])),
        ("Mm", "[65536, 65536]", () => Wide.Unsqueeze(1).Mm(Wide.Unsqueeze(0))),
        ("Bmm", "[2, 65536, 65536]", () => Tensor.Ones(2, 65536, 1).Bmm(Tensor.Ones(2, 1, 65536))),
        ("Einsum", "[65536, 65536]", () => Tensor.Einsum("i,j->ij", Wide, Wide)),
        ("Unfold", "[2147450881, 32767]", () => Huge.Unfold(0, 32767, 1)),
        ("View", "[-1, 2147483647, 2147483647]", () => Tensor.Ones(4).View(-1, Most, Most)),
        ("Rand", "[65536, 65536]", () => Tensor.Rand(65536, 65536)),
        ("IndexSelect", "[65536, 65536]", () => Tensor.Ones(1, 65536).IndexSelect(0, Tensor.Zeros([65536], DType.Int64))),
        ("Index", "[65536, 65536]", () => Wide.Index(Tensor.Zeros([65536, 1], DType.Int64).Expand(65536, 65536))),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_no_tensor_holds_is_refused_by_its_sizes(string name, string named)
    {
        Exception error = Should.Throw<Exception>(Cases.Single(@case => @case.Name == name).Call);
        (error is ShapeException or ArgumentException).ShouldBeTrue($"{error.GetType().Name}: {error.Message}");
        error.Message.ShouldContain(named);
    }

    [Fact]
    public void Numbers_that_no_tensor_can_count_to_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Arange(0, double.PositiveInfinity)).Message.ShouldContain("finite");
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Arange(0, double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Arange(0, 1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Arange(0, 1, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Linspace(0, 1, -1)).ParamName.ShouldBe("steps");
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Eye(2, -1)).ParamName.ShouldBe("columns");
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Ones(0).Chunk(Most)).ParamName.ShouldBe("chunks");
        Should.Throw<ArgumentOutOfRangeException>(() => Tensor.Ones(3).TensorSplit(Most)).ParamName.ShouldBe("sections");
        Should.Throw<ArgumentOutOfRangeException>(() => Huge.Split(1)).Message.ShouldContain("2,147,483,647");
        Should.Throw<ShapeException>(() => Tensor.Ones(3).Split([Most, Most])).Message.ShouldContain("add up to 3");
        Should.Throw<ShapeException>(() => Tensor.Zeros(0).Amax([])).Message.ShouldStartWith("Amax:");
    }

    [Fact]
    public void Extreme_numbers_mean_what_they_say()
    {
        Tensor x = Tensor.Arange(6).Reshape(2, 3);
        x.Chunk(Most).Length.ShouldBe(2);
        x.Split(Most).Length.ShouldBe(1);
        x.Diagonal(int.MinValue).Shape.ShouldBe([0]);
        x.Diagonal(Most).Shape.ShouldBe([0]);
        x.Tril(Most).ToArray<long>().ShouldBe(x.ToArray<long>());
        x.Tril(int.MinValue).ToArray<long>().ShouldAllBe(v => v == 0);
        x.Clone().TrilInPlace(Most).ToArray<long>().ShouldBe(x.ToArray<long>());
        x.Clone().TriuInPlace(int.MinValue).ToArray<long>().ShouldBe(x.ToArray<long>());
        x.Slice(1, int.MinValue, Most, Most).ToArray<long>().ShouldBe([0, 3]);
        x.Slice(1, Most).Shape.ShouldBe([2, 0]);
        x.Unfold(1, 1, Most).Shape.ShouldBe([2, 1, 1]);
        x.Rot90(int.MinValue).ToArray<long>().ShouldBe(x.ToArray<long>());
        x.Roll(Most, 1).ToArray<long>().ShouldBe(x.Roll(Most % 3, 1).ToArray<long>());
        Should.Throw<TensorIndexException>(() => x.Narrow(1, 1, Most));
        Should.Throw<TensorIndexException>(() => x.Select(1, int.MinValue));
        Should.Throw<TensorIndexException>(() => x[^0]).Message.ShouldContain("^1");
        Should.Throw<ArgumentOutOfRangeException>(() => x.RepeatInterleave(-1, 0)).Message.ShouldContain("-1");
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(Most)]
    public void A_roll_is_undone_by_its_gradient(int shift)
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4, 5], requiresGrad: true), weights = Tensor.From([1.0, 10, 100, 1000, 10000]);
        (x.Roll(shift, 0) * weights).Sum().Backward();
        for (int i = 0; i < 5; i++)
            ((x.Detach().Roll(shift, 0) * weights).Sum().Item() - (x.Detach() * x.Grad!).Sum().Item()).ShouldBe(0);
    }

    /// <summary>A view may begin before the tensor it is made of.</summary>
    [Fact]
    public void A_strided_view_of_the_part_before_passes_no_gradient_and_reads_nothing_else()
    {
        Tensor storage = Tensor.From([1.0, 2, 3, 4, 5, 6], requiresGrad: true);
        Tensor part = (storage * 1).Slice(0, 3);
        Tensor before = part.AsStrided([4], [1], 1);
        before.ToArray<double>().ShouldBe([2, 3, 4, 5]);
        Tensor?[] gradients = Adjoint.Autograd.Grad([(before * Tensor.From([1.0, 10, 100, 1000])).Sum()], [part]);
        gradients[0]!.ToArray<double>().ShouldBe([100, 1000, 0]);
    }
}
