namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Tests.Ops;

public class LinearTests
{
    private static Tensor Sample(int seed, params ReadOnlySpan<int> sizes) =>
        Tensor.Randn(Shape.Of(sizes), DType.Float64, generator: new Generator(seed));

    [Fact]
    public void Inputs_of_any_rank_have_gradients()
    {
        FiniteDifferences.Check(v => F.Linear(v[0], v[1], v[2]), Sample(1, 5, 3), Sample(2, 4, 3), Sample(3, 4));
        FiniteDifferences.Check(v => F.Linear(v[0], v[1], v[2]), Sample(1, 2, 2, 3), Sample(2, 4, 3), Sample(3, 4));
        FiniteDifferences.Check(v => F.Linear(v[0], v[1], v[2]), Sample(1, 3), Sample(2, 4, 3), Sample(3, 4));
        FiniteDifferences.Check(v => F.Linear(v[0], v[1]), Sample(1, 5, 3), Sample(2, 4, 3));
    }

    [Fact]
    public void It_is_one_node()
    {
        var layer = new Linear(3, 4);
        Node node = layer.Call(Tensor.Ones(2, 3)).GradFn!;
        node.Name.ShouldBe("AddmmBackward0");
        node.NextFunctions.Select(e => e.Node?.Name).ShouldBe(["AccumulateGrad", null, "AccumulateGrad"]);
        new Linear(3, 4, bias: false).Call(Tensor.Ones(2, 3)).GradFn!.Name.ShouldBe("MmBackward0");
    }

    [Fact]
    public void A_wrong_width_is_an_error() =>
        Should.Throw<ShapeException>(() => new Linear(3, 2).Call(Tensor.Ones(4, 2))).Message
            .ShouldBe("Linear: the input of shape [4, 2] has 2 features, but the weight of shape [2, 3] expects 3. The input's last "
                + "dimension must equal the weight's.");

    [Fact]
    public void Empty_layers_are_possible()
    {
        new Linear(0, 2).Call(Tensor.Zeros(3, 0)).Shape.ShouldBe(Shape.Of(3, 2));
        new Linear(2, 0).Call(Tensor.Zeros(3, 2)).Shape.ShouldBe(Shape.Of(3, 0));
    }

    [Fact]
    public void Dropout_draws_the_mask_of_PyTorch_and_does_nothing_in_evaluation()
    {
        var layer = new Dropout(0.5, generator: new Generator(0));
        Tensor x = Tensor.Ones([8], requiresGrad: true);
        Tensor y = layer.Call(x);
        y.ToArray<float>().ShouldBe([0, 0, 2, 0, 0, 0, 2, 2]);
        y.Sum().Backward();
        x.Grad!.ToArray<float>().ShouldBe([0, 0, 2, 0, 0, 0, 2, 2]);
        layer.Eval();
        layer.Call(x).ShouldBeSameAs(x);
        x.Dropout(1).ToArray<float>().ShouldBe(new float[8]);
        Should.Throw<ArgumentOutOfRangeException>(() => new Dropout(1.5));
    }
}
