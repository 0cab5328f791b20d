namespace Adjoint.Tests.Parity;

using Adjoint.Nn;
using Adjoint.Tests.RandomNumbers;

/// <summary>The adaptive softmax is PyTorch's; RMSNorm, which PyTorch 1.13 has not, is the formula of its paper in double precision.</summary>
[Collection(DefaultGenerator.Collection)]
public class AdaptiveSoftmaxParityTests
{
    private static readonly Dictionary<string, LayerCase.Make> Layers = new()
    {
        ["adaptive/all"] = d => new AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], dtype: d),
        ["adaptive/head"] = d => new AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], headBias: true, dtype: d),
        ["adaptive/last"] = d => new AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], 2, dtype: d),
        ["adaptive/one"] = d => new AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], 2, dtype: d),
        ["adaptive/log_prob"] = d => new AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], 2, dtype: d),
    };

    private static readonly LayerCase[] Cases = [.. Fixtures.Read<LayerCase>("adaptive_softmax")];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_is_PyTorchs(string name) => Cases.Single(c => c.Name == name).Differences(Layers[name], Run).ShouldBeEmpty();

    private static Tensor?[] Run(Module layer, Tensor[] x)
    {
        var softmax = (AdaptiveLogSoftmaxWithLoss)layer;
        if (x.Length == 1) return [softmax.LogProb(x[0]), softmax.Predict(x[0])];
        (Tensor output, Tensor loss) = softmax.Call(x[0], x[1]);
        return [output, loss];
    }

    [Fact]
    public void Rms_norm_is_the_formula_of_its_paper()
    {
        double[] x = [1, -2, 3, 0.5, 0, 4], w = [2, 1, -1];
        var layer = new RMSNorm(3, 1e-3, dtype: DType.Float64);
        using (Autograd.NoGrad()) layer.Weight!.CopyInPlace(Tensor.From(w));
        double[] expected = [.. x.Select((v, i) => v / Math.Sqrt(x[(i / 3 * 3)..(i / 3 * 3 + 3)].Sum(u => u * u) / 3 + 1e-3) * w[i % 3])];
        double[] y = layer.Call(Tensor.From(x, [2, 3])).ToArray<double>();
        for (int i = 0; i < y.Length; i++) y[i].ShouldBe(expected[i], 1e-14);
        Ops.FiniteDifferences.Check(v => F.RmsNorm(v[0], [3], v[1]), Tensor.From(x, [2, 3]), Tensor.From(w));
        layer.ToString().ShouldBe("RMSNorm((3,), eps=0.001, elementwise_affine=True)");
        new RMSNorm([2, 3], elementwiseAffine: false).ToString().ShouldBe("RMSNorm((2, 3), eps=None, elementwise_affine=False)");
        Should.Throw<ShapeException>(() => layer.Call(Tensor.Ones([2, 4], DType.Float64))).Message.ShouldStartWith("RmsNorm: ");
        Should.Throw<DTypeException>(() => layer.Call(Tensor.Ones(2, 3))).Message.ShouldStartWith("RmsNorm: weight");
    }

    [Fact]
    public void What_does_not_fit_an_adaptive_softmax_is_refused_by_name()
    {
        foreach (int[] cutoffs in (int[][])[[], [0], [5, 3], [3, 3], [12], [3, 13]])
            Should.Throw<ArgumentException>(() => new AdaptiveLogSoftmaxWithLoss(6, 12, cutoffs)).ParamName.ShouldBe("cutoffs");
        var layer = new AdaptiveLogSoftmaxWithLoss(6, 12, [3]);
        Tensor x = Tensor.Randn([2, 6]);
        Should.Throw<TensorIndexException>(() => layer.Call(x, Tensor.From(new long[] { 1, 12 }))).Message.ShouldStartWith("AdaptiveLogSoftmaxWithLoss: target");
        Should.Throw<ShapeException>(() => layer.Call(x, Tensor.From(new long[] { 1 }))).Message.ShouldStartWith("AdaptiveLogSoftmaxWithLoss: ");
        Should.Throw<DTypeException>(() => layer.Call(x, Tensor.Ones(2))).Message.ShouldStartWith("AdaptiveLogSoftmaxWithLoss: target");
        Should.Throw<ShapeException>(() => layer.LogProb(x[0])).Message.ShouldStartWith("LogProb: input");
    }
}
