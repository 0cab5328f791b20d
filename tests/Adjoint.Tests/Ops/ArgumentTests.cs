using static Adjoint.TensorIndex;

namespace Adjoint.Tests.Ops;

/// <summary>Dimensions, indices and shapes that do not fit: refused before anything is computed, in words that name them.</summary>
public class ArgumentTests
{
    private static Tensor Grid => Tensor.Arange(0, 6, dtype: DType.Float32).Reshape(2, 3);

    private static Tensor Longs(params long[] values) => Tensor.From(values);

    [Fact] // 15.20
    public void Products_of_shapes_that_do_not_fit_are_refused()
    {
        Should.Throw<ShapeException>(() => Grid.Mm(Grid)).Message.ShouldContain("[2, 3]");
        Should.Throw<ShapeException>(() => Grid.MatMul(Grid));
        Should.Throw<ShapeException>(() => Grid[0].Mm(Grid));
        Should.Throw<ShapeException>(() => Grid.Bmm(Grid));
        Should.Throw<ShapeException>(() => Tensor.Ones(2).Dot(Tensor.Ones(3)));
        Should.Throw<ShapeException>(() => Grid.Dot(Grid));
        Should.Throw<ShapeException>(() => Tensor.Scalar(1).MatMul(Grid));
    }

    [Theory] // 15.21
    [InlineData(new[] { 3 }, new[] { 3 }, new int[0])]
    [InlineData(new[] { 2, 3 }, new[] { 3 }, new[] { 2 })]
    [InlineData(new[] { 2 }, new[] { 2, 3 }, new[] { 3 })]
    [InlineData(new[] { 2, 3 }, new[] { 3, 4 }, new[] { 2, 4 })]
    [InlineData(new[] { 5, 2, 3 }, new[] { 3 }, new[] { 5, 2 })]
    [InlineData(new[] { 2 }, new[] { 5, 2, 3 }, new[] { 5, 3 })]
    [InlineData(new[] { 5, 1, 2, 3 }, new[] { 4, 3, 2 }, new[] { 5, 4, 2, 2 })]
    public void The_rank_of_a_product_follows_its_operands(int[] left, int[] right, int[] result)
    {
        Tensor x = Tensor.Ones(Shape.Of(left), DType.Float64, requiresGrad: true),
            y = Tensor.Ones(Shape.Of(right), DType.Float64, requiresGrad: true);
        Tensor z = x.MatMul(y);
        z.Shape.ShouldBe(Shape.Of(result));
        z.Sum().Backward();
        x.Grad!.Shape.ShouldBe(x.Shape);
        y.Grad!.Shape.ShouldBe(y.Shape);
    }

    [Fact] // 15.22
    public void Reductions_take_negative_and_several_dimensions()
    {
        Grid.Sum(-1).ToArray<float>().ShouldBe([3, 12]);
        Grid.Sum([0, -1]).Item<float>().ShouldBe(15);
        Grid.Sum([0, 1], keepDim: true).Shape.ShouldBe([1, 1]);
        Grid.Sum([]).Item<float>().ShouldBe(15);
        Grid.Mean([]).Item<float>().ShouldBe(2.5f);
        Grid.Mean(-2, keepDim: true).ToArray<float>().ShouldBe([1.5f, 2.5f, 3.5f]);
        Tensor x = Grid.RequiresGradInPlace();
        (x.Sum([0, 1], keepDim: true) * 2.0).Backward();
        x.Grad!.ToArray<float>().ShouldBe([2, 2, 2, 2, 2, 2]);
    }

    [Fact] // 15.23
    public void Dimensions_out_of_range_or_repeated_are_refused()
    {
        Should.Throw<ShapeException>(() => Grid.Sum(2)).Message.ShouldContain("2");
        Should.Throw<ShapeException>(() => Grid.Softmax(-3));
        Should.Throw<ShapeException>(() => Grid.Unsqueeze(4));
        Should.Throw<ShapeException>(() => Grid.Transpose(0, 2));
        Should.Throw<ShapeException>(() => Tensor.Scalar(1).Sum(1));
        Should.Throw<ShapeException>(() => Grid.Sum([0, 0]));
        Should.Throw<ShapeException>(() => Grid.Sum([1, -1]));
        Should.Throw<ShapeException>(() => Grid.Permute(0, 0));
        Should.Throw<ShapeException>(() => Grid.Flip(1, 1));
    }

    [Fact] // 15.24
    public void Indices_out_of_range_are_refused()
    {
        Should.Throw<TensorIndexException>(() => Grid[2]).Message.ShouldContain("2");
        Should.Throw<TensorIndexException>(() => Grid[-3]);
        Should.Throw<TensorIndexException>(() => Grid[0, 0, 0]);
        Should.Throw<TensorIndexException>(() => Grid[Tensor.From([true, false, true])]);
        Should.Throw<TensorIndexException>(() => Grid[Longs(0, 2)]);
        Should.Throw<TensorIndexException>(() => Grid.IndexSelect(0, Longs(2)));
        Should.Throw<TensorIndexException>(() => Grid.Take(Longs(6)));
    }

    [Fact] // 15.25
    public void Steps_of_slices_are_positive()
    {
        Should.Throw<ArgumentException>(() => Grid[Slice(null, null, -1)]).Message.ShouldContain("Flip");
        Should.Throw<ArgumentException>(() => Grid.Slice(0, step: 0));
    }

    [Fact] // 15.27
    public void Gather_and_Scatter_check_their_index()
    {
        Should.Throw<DTypeException>(() => Grid.Gather(0, Tensor.Zeros(1, 3))).Message.ShouldContain("Int64");
        Should.Throw<ShapeException>(() => Grid.Gather(0, Longs(0)));
        Should.Throw<TensorIndexException>(() => Grid.Gather(0, Longs(5, 0, 0).Reshape(1, 3))).Message.ShouldContain("5");
        Should.Throw<DTypeException>(() => Grid.Scatter(0, Tensor.Zeros(1, 3), 1.0));
        Should.Throw<ShapeException>(() => Grid.Scatter(0, Longs(0), 1.0));
        Should.Throw<TensorIndexException>(() => Grid.Scatter(0, Longs(5, 0, 0).Reshape(1, 3), 1.0));
    }

    [Fact] // 15.28
    public void Tensors_to_join_must_fit()
    {
        Should.Throw<ShapeException>(() => Tensor.Cat([Grid, Tensor.Ones(2, 2)])).Message.ShouldContain("[2, 2]");
        Should.Throw<ShapeException>(() => Tensor.Stack([Tensor.Ones(2), Tensor.Ones(3)])).Message.ShouldContain("[3]");
        Should.Throw<ArgumentException>(() => Tensor.Cat([]));
        Should.Throw<ArgumentException>(() => Tensor.Stack([]));
        Tensor.Cat([Grid, Tensor.Zeros(0)]).Shape.ShouldBe([2, 3]);
    }
}
