namespace Adjoint.Tests.Printing;

/// <summary>What the fixtures cannot tell: that a tensor prints the elements it shows and the history it has.</summary>
public class ToStringTests
{
    [Fact]
    public void A_result_names_its_node()
    {
        Tensor x = Tensor.From([1f, 2f, 3f], requiresGrad: true), y = Tensor.From([4f, 5f, 6f], requiresGrad: true);
        x.ToString().ShouldBe("tensor([1., 2., 3.], requires_grad=True)");
        (x + y).ToString().ShouldBe("tensor([5., 7., 9.], grad_fn=<AddBackward0>)");
        (x + y).Sum().ToString().ShouldBe("tensor(21., grad_fn=<SumBackward0>)");
    }

    [Fact]
    public void A_view_prints_what_it_shows()
    {
        Tensor x = Tensor.From([0.0, 1, 2, 3, 4, 5], [2, 3]);
        x.AsStrided([3, 2], [1, 3]).ToString().ShouldBe("tensor([[0., 3.],\n        [1., 4.],\n        [2., 5.]], dtype=torch.float64)");
        x.AsStrided([2], [2], 1).ToString().ShouldBe("tensor([1., 3.], dtype=torch.float64)");
    }

    [Theory]
    [InlineData(DType.Float32, "tensor([0., 1.])")]
    [InlineData(DType.Float64, "tensor([0., 1.], dtype=torch.float64)")]
    [InlineData(DType.Int32, "tensor([0, 1], dtype=torch.int32)")]
    [InlineData(DType.Int64, "tensor([0, 1])")]
    [InlineData(DType.UInt8, "tensor([0, 1], dtype=torch.uint8)")]
    [InlineData(DType.Bool, "tensor([False,  True])")]
    public void Every_dtype_prints(DType dtype, string text) => Tensor.From([0f, 1f]).To(dtype).ToString().ShouldBe(text);

    [Fact]
    public void Options_are_taken_from_the_argument() =>
        Tensor.From([1.5f]).ToString(PrintOptions.Default with { Precision = 2 }).ShouldBe("tensor([1.50])");
}
