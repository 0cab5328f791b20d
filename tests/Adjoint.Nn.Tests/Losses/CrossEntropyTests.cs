namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Tests.Ops;
using static Adjoint.Nn.F;

public class CrossEntropyTests
{
    private static Tensor Logits => Tensor.From([1.0, 2, 3, 1, 2, 3], [2, 3]);

    private static Tensor Targets => Tensor.From([0L, 2]);

    private static Tensor Weights => Tensor.From([1.0, 2, 4]);

    [Fact]
    public void Reductions_give_the_values_of_PyTorch()
    {
        double[] each = CrossEntropy(Logits, Targets, reduction: Reduction.None).ToArray<double>();
        each[0].ShouldBe(2.40761, 1e-5);
        each[1].ShouldBe(0.407606, 1e-5);
        CrossEntropy(Logits, Targets).Item().ShouldBe(1.40761, 1e-5);
        CrossEntropy(Logits, Targets, reduction: Reduction.Sum).Item().ShouldBe(2.81521, 1e-5);
    }

    [Fact]
    public void The_mean_divides_by_the_weights_of_the_targets()
    {
        CrossEntropy(Logits, Targets, Weights).Item().ShouldBe(0.807606, 1e-5);
        CrossEntropy(Logits, Targets, Weights, reduction: Reduction.Sum).Item().ShouldBe(4.03803, 1e-5);
    }

    [Fact]
    public void Ignored_targets_count_for_nothing()
    {
        Tensor x = Logits.RequiresGradInPlace();
        Tensor loss = CrossEntropy(x, Tensor.From([0L, -100]));
        loss.Item().ShouldBe(2.40761, 1e-5);
        loss.Backward();
        x.Grad!.ToArray<double>()[3..].ShouldBe([0, 0, 0]);
        CrossEntropy(Logits, Tensor.From([-100L, -100])).Item().ShouldBe(double.NaN);
        CrossEntropy(Logits, Tensor.From([-100L, -100]), reduction: Reduction.Sum).Item().ShouldBe(0);
    }

    [Fact]
    public void Label_smoothing_mixes_in_the_uniform_distribution()
    {
        CrossEntropy(Logits, Targets, labelSmoothing: 0.1).Item().ShouldBe(1.40761, 1e-5);
        CrossEntropy(Logits, Targets, Weights, labelSmoothing: 0.1).Item().ShouldBe(0.818222, 1e-5);
        CrossEntropy(Logits, Tensor.From([0L, -100]), labelSmoothing: 0.1).Item().ShouldBe(2.30761, 1e-5);
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    [InlineData(Reduction.None)]
    public void Gradients_agree_with_differences(Reduction reduction)
    {
        Generator generator = new(3);
        Tensor x = Tensor.Randn([2, 3, 4], DType.Float64, generator: generator), t = Tensor.RandInt(0, 3, [2, 4], generator: generator);
        Tensor p = Tensor.Randn([2, 3, 4], DType.Float64, generator: generator).Softmax(1);
        FiniteDifferences.Check(v => CrossEntropy(v[0], t, Weights, reduction: reduction, labelSmoothing: 0.2), x);
        FiniteDifferences.Check(v => CrossEntropy(v[0], v[1], Weights, reduction: reduction, labelSmoothing: 0.2), x, p);
        FiniteDifferences.Check(
            v => CrossEntropy(v[0], Tensor.Scalar(2, DType.Int64), reduction: reduction), x.Select(0, 0).Select(1, 0).Contiguous());
    }

    [Fact]
    public void The_graph_is_that_of_PyTorch()
    {
        Tensor x = Logits.RequiresGradInPlace();
        Node loss = CrossEntropy(x, Targets).GradFn!;
        loss.Name.ShouldBe("NllLossBackward0");
        loss.NextFunctions[0].Node!.Name.ShouldBe("LogSoftmaxBackward0");
    }

    [Fact]
    public void Errors_say_what_does_not_fit()
    {
        Should.Throw<TensorIndexException>(() => CrossEntropy(Logits, Tensor.From([0L, 3]))).Message.ShouldContain(
            "target 3 is out of bounds");
        Should.Throw<ShapeException>(() => CrossEntropy(Logits, Tensor.From([0L]))).Message.ShouldContain("batch of 2");
        Should.Throw<DTypeException>(() => CrossEntropy(Logits, Tensor.From([0.0, 1])));
        Should.Throw<ArgumentException>(() => CrossEntropy(Logits, Logits, ignoreIndex: 1)).Message.ShouldContain("ignoreIndex");
    }
}
