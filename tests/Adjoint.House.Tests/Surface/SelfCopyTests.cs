namespace Adjoint.Tests.Surface;

/// <summary>A tensor that is written while it is read: the result is as if it had been read before.</summary>
public class SelfCopyTests
{
    [Fact]
    public void A_part_may_be_copied_to_an_overlapping_part()
    {
        Tensor x = Tensor.Arange(6);
        x[1..] = x[..^1];
        x.ToArray<long>().ShouldBe([0, 0, 1, 2, 3, 4]);
        x = Tensor.Arange(6);
        x[..^1] = x[1..];
        x.ToArray<long>().ShouldBe([1, 2, 3, 4, 5, 5]);
        x = Tensor.Arange(9).Reshape(3, 3);
        x.CopyInPlace(x.T);
        x.ToArray<long>().ShouldBe([0, 3, 6, 1, 4, 7, 2, 5, 8]);
        x = Tensor.Arange(3);
        x[..] = x.Flip(0);
        x.ToArray<long>().ShouldBe([2, 1, 0]);
    }

    [Fact]
    public void A_tensor_may_be_its_own_operand()
    {
        Tensor x = Tensor.From([1f, 2, 3, 4]).Reshape(2, 2);
        x.AddInPlace(x.T);
        x.ToArray<float>().ShouldBe([2, 5, 5, 8]);
        x.CopyInPlace(x);
        x.SubInPlace(x[0]);
        x.ToArray<float>().ShouldBe([0, 0, 3, 3]);
        x.IndexPutInPlace([Tensor.From([1L, 0])], x);
        x.ToArray<float>().ShouldBe([3, 3, 0, 0]);
        x.IndexAddInPlace(0, Tensor.From([0L, 0]), x);
        x.ToArray<float>().ShouldBe([6, 6, 0, 0]);
        x.MulInPlace(x[0, 0]);
        x.ToArray<float>().ShouldBe([36, 36, 0, 0]);
    }

    [Fact]
    public void What_shows_one_element_many_times_is_not_written()
    {
        Tensor x = Tensor.Ones(1).Expand(3);
        Should.Throw<TensorException>(() => x.AddInPlace(Tensor.From([1f, 2, 3])));
        Should.Throw<TensorException>(() => x.CopyInPlace(Tensor.From([1f, 2, 3])));
    }

    [Fact]
    public void A_tensor_cannot_be_its_own_gradient_or_data_of_another_shape()
    {
        Tensor x = Tensor.Ones([2], requiresGrad: true);
        Should.Throw<TensorException>(() => x.Grad = x);
        Should.Throw<TensorException>(() => x.Grad = Tensor.Ones(3));
        Should.Throw<TensorException>(() => x.Grad = Tensor.Ones([2], DType.Float64));
    }
}
