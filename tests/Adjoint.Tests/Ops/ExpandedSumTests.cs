namespace Adjoint.Tests.Ops;

/// <summary>Sums over what an expanded tensor repeats: it is multiplied, not laid out.</summary>
public class ExpandedSumTests
{
    [Fact]
    public void A_byte_that_is_repeated_two_thousand_million_times_is_added_up_without_memory()
    {
        Tensor x = Tensor.Full([1], 3, DType.UInt8).Expand(int.MaxValue);
        x.Sum().Item<long>().ShouldBe(3L * int.MaxValue);
        x.Sum(0, keepDim: true).Shape.ShouldBe(Shape.Of([1]));
        Tensor.Ones([1, 1], DType.Bool).Expand(2, 1_000_000_000).Sum().Item<long>().ShouldBe(2_000_000_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Only_the_reduced_dimensions_are_multiplied(int dim)
    {
        Tensor x = Tensor.Arange(4).To(DType.Int64).Reshape(4, 1, 1).Expand(4, 3, 2);
        x.Sum(dim).ToArray<long>().ShouldBe(x.Contiguous().Sum(dim).ToArray<long>());
        x.Sum([0, 2]).ToArray<long>().ShouldBe(x.Contiguous().Sum([0, 2]).ToArray<long>());
        x.Sum().Item<long>().ShouldBe(36);
    }
}
