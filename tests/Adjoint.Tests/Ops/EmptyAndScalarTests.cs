namespace Adjoint.Tests.Ops;

/// <summary>Tensors without elements and tensors without dimensions.</summary>
public class EmptyAndScalarTests
{
    private static Tensor Nothing => Tensor.Zeros([0], DType.Float64, requiresGrad: true);

    [Fact] // 15.7
    public void Reductions_of_nothing_have_their_neutral_values()
    {
        Nothing.Sum().Item<double>().ShouldBe(0);
        Nothing.Prod().Item<double>().ShouldBe(1);
        double.IsNaN(Nothing.Mean().Item<double>()).ShouldBeTrue();
        Nothing.LogSumExp(0).Item<double>().ShouldBe(double.NegativeInfinity);
        Tensor.Zeros(2, 0).Sum(1).ToArray<float>().ShouldBe([0, 0]);
        Tensor.Zeros(0, 3).Prod(0).ToArray<float>().ShouldBe([1, 1, 1]);
    }

    [Fact] // 15.7
    public void The_gradient_of_nothing_is_empty()
    {
        foreach (
            Func<Tensor, Tensor> f in new Func<Tensor, Tensor>[] { x => x.Sum(), x => x.Prod(), x => x.Mean(), x => (x * 2.0).Exp().Sum() })
        {
            Tensor x = Nothing;
            f(x).Backward();
            x.Grad!.Shape.ShouldBe([0]);
        }
    }

    [Fact] // 15.8
    public void Extremes_of_nothing_are_refused()
    {
        Tensor x = Tensor.Zeros(0);
        Should.Throw<ShapeException>(() => x.Max()).Message.ShouldContain("[0]");
        Should.Throw<ShapeException>(() => x.Min());
        Should.Throw<ShapeException>(() => x.Amax([]));
        Should.Throw<ShapeException>(() => x.ArgMax());
        Should.Throw<ShapeException>(() => x.ArgMin(0));
        Should.Throw<ShapeException>(() => x.Max(0));
        Should.Throw<ShapeException>(() => x.KthValue(1));
        Tensor.Zeros(0, 3).Max(1).Values.Shape.ShouldBe([0]);
        Tensor.Zeros(0, 3).Amax([1]).Shape.ShouldBe([0]);
        double.IsNaN(Nothing.Median().Item<double>()).ShouldBeTrue();
    }

    [Fact] // 15.10
    public void A_tensor_without_dimensions_holds_one_number()
    {
        Tensor x = Tensor.Scalar(3.0, DType.Float64);
        x.NDim.ShouldBe(0);
        x.NumEl.ShouldBe(1);
        x.Item<double>().ShouldBe(3);
        Tensor v = Tensor.From([1.0, 2]);
        v.Sum().NDim.ShouldBe(0);
        v.Max().NDim.ShouldBe(0);
        v[1].NDim.ShouldBe(0);
        v[1].Item<double>().ShouldBe(2);
        x.Unsqueeze(0).Shape.ShouldBe([1]);
        x.Sum(0).Item<double>().ShouldBe(3);
        x.Max(-1).Values.NDim.ShouldBe(0);
        x.Softmax(0).Item<double>().ShouldBe(1);
    }

    [Fact] // 15.11
    public void A_tensor_without_dimensions_has_no_rows()
    {
        Tensor x = Tensor.Scalar(3.0);
        Should.Throw<ShapeException>(() => { foreach (Tensor _ in x) { } });
        Should.Throw<TensorIndexException>(() => x[0]);
    }

    [Theory]
    [InlineData(new[] { 0 }, 0, new[] { 2, 0 })]
    [InlineData(new[] { 0, 3 }, 1, new[] { 0, 2, 3 })]
    [InlineData(new[] { 3, 0 }, -1, new[] { 3, 0, 2 })]
    public void Tensors_without_elements_stack_and_pass_gradients_back(int[] sizes, int dim, int[] expected)
    {
        Tensor x = Tensor.Zeros(Shape.Of(sizes), requiresGrad: true), y = Tensor.Stack([x, x], dim);
        y.Shape.ShouldBe(Shape.Of(expected));
        y.Sum().Backward();
        x.Grad!.Shape.ShouldBe(x.Shape);
    }

    [Fact]
    public void A_row_of_a_matrix_without_columns_can_be_assigned()
    {
        Tensor x = Tensor.Zeros([3, 0]);
        x[2] = Tensor.Zeros([0]);
        x.Shape.ShouldBe([3, 0]);
        x.Version.ShouldBe(1);
    }
}
