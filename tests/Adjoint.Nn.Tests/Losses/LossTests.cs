namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Tests.Ops;
using static Adjoint.Nn.F;

public class LossTests
{
    private static Tensor Sample(int seed, params ReadOnlySpan<int> sizes) =>
        Tensor.Randn(Shape.Of(sizes), DType.Float64, generator: new Generator(seed));

    private static (double[] Value, double[] Gradient) ValueAndGradient(Func<Tensor, Tensor> f, params double[] x)
    {
        Tensor leaf = Tensor.From(x, requiresGrad: true);
        Tensor y = f(leaf);
        y.Sum().Backward();
        return (y.ToArray<double>(), leaf.Grad!.ToArray<double>());
    }

    [Fact]
    public void Kinks_have_the_values_and_slopes_of_PyTorch()
    {
        Tensor zero = Tensor.Zeros([3], DType.Float64);
        var l1 = ValueAndGradient(x => L1Loss(x, zero, Reduction.None), 0, 1, -1);
        l1.Value.ShouldBe([0, 1, 1]);
        l1.Gradient.ShouldBe([0, 1, -1]);

        var smooth = ValueAndGradient(x => SmoothL1Loss(x, Tensor.Zeros([4], DType.Float64), Reduction.None), 0, 0.5, 1, 2);
        smooth.Value.ShouldBe([0, 0.125, 0.5, 1.5]);
        smooth.Gradient.ShouldBe([0, 0.5, 1, 1]);

        var huber = ValueAndGradient(x => HuberLoss(x, zero, Reduction.None, delta: 2), 1, 2, 3);
        huber.Value.ShouldBe([0.5, 2, 4]);
        huber.Gradient.ShouldBe([1, 2, 2]);

        var bce = ValueAndGradient(x => BinaryCrossEntropy(x, Tensor.Ones([2], DType.Float64), reduction: Reduction.None), 0, 1);
        bce.Value.ShouldBe([100, 0]);
        bce.Gradient.ShouldBe([-1e12, 0]);
    }

    [Fact]
    public void Scores_may_be_huge_and_positives_may_weigh_more()
    {
        BinaryCrossEntropyWithLogits(Tensor.From([1000.0, -1000]), Tensor.From([1.0, 0])).Item().ShouldBe(0);
        BinaryCrossEntropyWithLogits(Tensor.Zeros([1]), Tensor.Ones([1]), posWeight: Tensor.From([3f])).Item().ShouldBe(2.07944, 1e-5);
    }

    public static TheoryData<string, Reduction> Cases
    {
        get
        {
            var cases = new TheoryData<string, Reduction>();
            foreach (string loss in new[] { "mse", "l1", "smooth", "huber", "bce", "logits", "kl" })
                foreach (Reduction reduction in Enum.GetValues<Reduction>()) cases.Add(loss, reduction);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_of_input_and_target_agree_with_differences(string loss, Reduction reduction)
    {
        Tensor x = Sample(1, 2, 3), t = Sample(2, 2, 3);
        if (loss is "bce" or "kl") t = t.Sigmoid();
        if (loss is "bce") x = x.Sigmoid();
        Action<Func<Tensor[], Tensor>, Tensor[]> check = loss is "l1" ? FiniteDifferences.CheckFirst : FiniteDifferences.Check;
        check(v => loss switch
        {
            "mse" => MseLoss(v[0], v[1], reduction),
            "l1" => L1Loss(v[0], v[1], reduction),
            "smooth" => SmoothL1Loss(v[0], v[1], reduction, 0.7),
            "huber" => HuberLoss(v[0], v[1], reduction, 0.7),
            "bce" => BinaryCrossEntropy(v[0], v[1], reduction: reduction),
            "logits" => BinaryCrossEntropyWithLogits(v[0], v[1], reduction: reduction),
            _ => KlDiv(v[0], v[1], reduction),
        }, [x, t]);
    }

    [Fact]
    public void Targets_promote()
    {
        Tensor x = Tensor.Ones([2, 3], requiresGrad: true);
        Tensor loss = MseLoss(x, Tensor.Zeros([2, 3], DType.Float64));
        loss.DType.ShouldBe(DType.Float64);
        loss.Backward();
        x.Grad!.DType.ShouldBe(DType.Float32);
        x.Grad!.ToArray<float>().ShouldAllBe(g => Math.Abs(g - 1f / 3) < 1e-6f);
    }

    [Fact]
    public void Modules_compute_what_functions_do()
    {
        Tensor x = Sample(1, 4), t = Sample(2, 4);
        new MSELoss().Call(x, t).Item().ShouldBe(MseLoss(x, t).Item());
        new SmoothL1Loss(Reduction.Sum, 2).Call(x, t).Item().ShouldBe(SmoothL1Loss(x, t, Reduction.Sum, 2).Item());
        new MSELoss().Call(x.RequiresGradInPlace(), t).GradFn!.Name.ShouldBe("MseLossBackward0");
        Should.Throw<ArgumentOutOfRangeException>(() => new MSELoss((Reduction)7));
    }

    [Fact]
    public void Softmax_is_stable_and_its_gradients_agree_with_differences()
    {
        var large = ValueAndGradient(x => x.Softmax(0).Select(0, 0), 1000, 0);
        large.Value.ShouldBe([1]);
        large.Gradient.ShouldBe([0, 0]);
        Tensor.From([1000.0, 0]).LogSoftmax(0).ToArray<double>().ShouldBe([0, -1000]);
        FiniteDifferences.Check(v => v[0].Softmax(1), Sample(1, 2, 3, 2));
        FiniteDifferences.Check(v => v[0].LogSoftmax(-1), Sample(1, 2, 3));
    }

    /// <summary>Forward mode and reverse mode agree on Jᵀ·1 · v.</summary>
    [Theory]
    [InlineData("mse")]
    [InlineData("cross entropy")]
    [InlineData("linear")]
    [InlineData("smooth l1 none")]
    public void Tangents_agree_with_gradients(string loss)
    {
        Tensor x = Sample(1, 3, 4), v = Sample(2, 3, 4), t = Sample(3, 3, 4), weight = Sample(4, 5, 4), bias = Sample(5, 5);
        Tensor f(Tensor input) => loss switch
        {
            "mse" => MseLoss(input, t),
            "cross entropy" => CrossEntropy(input, Tensor.From([0L, 3, 1]), labelSmoothing: 0.1),
            "linear" => Linear(input, weight, bias),
            _ => SmoothL1Loss(input, t, Reduction.None),
        };
        Tensor leaf = x.Clone().RequiresGradInPlace();
        f(leaf).Sum().Backward();
        Transforms.Jvp(f, x, v).Jvp.Sum().Item().ShouldBe((leaf.Grad! * v).Sum().Item(), 1e-12);
    }
}
