using Adjoint.Nn;
using Adjoint.Tests.Kernels;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Layers;

/// <summary>
/// What PyTorch's activations and dropouts take as <c>inplace</c>: the bits and gradients are those without it, in the input's memory.
/// </summary>
[Collection(ThreadCount.Collection)]
public class InPlaceLayerTests
{
    private static readonly Dictionary<string, (Func<bool, Module> Layer, Func<Tensor, bool, Tensor> Function, string Text)> Layers = new()
    {
        ["Threshold"] = (p => new Threshold(1, 2, p), (x, p) => F.Threshold(x, 1, 2, p), "Threshold(threshold=1.0, value=2.0, inplace=True)"),
        ["ReLU"] = (p => new ReLU(p), (x, p) => F.Relu(x, p), "ReLU(inplace=True)"),
        ["RReLU"] = (p => new RReLU(inplace: p), (x, p) => F.Rrelu(x, training: true, inplace: p),
            "RReLU(lower=0.125, upper=0.3333333333333333, inplace=True)"),
        ["Hardtanh"] = (p => new Hardtanh(inplace: p), (x, p) => F.Hardtanh(x, inplace: p),
            "Hardtanh(min_val=-1.0, max_val=1.0, inplace=True)"),
        ["ReLU6"] = (p => new ReLU6(p), (x, p) => F.Relu6(x, p), "ReLU6(inplace=True)"),
        ["Hardsigmoid"] = (p => new Hardsigmoid(p), (x, p) => F.Hardsigmoid(x, p), "Hardsigmoid()"),
        ["SiLU"] = (p => new SiLU(p), (x, p) => F.Silu(x, p), "SiLU(inplace=True)"),
        ["Mish"] = (p => new Mish(p), (x, p) => F.Mish(x, p), "Mish(inplace=True)"),
        ["Hardswish"] = (p => new Hardswish(p), (x, p) => F.Hardswish(x, p), "Hardswish()"),
        ["ELU"] = (p => new ELU(inplace: p), (x, p) => F.Elu(x, inplace: p), "ELU(alpha=1.0, inplace=True)"),
        ["CELU"] = (p => new CELU(inplace: p), (x, p) => F.Celu(x, inplace: p), "CELU(alpha=1.0, inplace=True)"),
        ["SELU"] = (p => new SELU(p), (x, p) => F.Selu(x, p), "SELU(inplace=True)"),
        ["LeakyReLU"] = (p => new LeakyReLU(0.2, p), (x, p) => F.LeakyRelu(x, 0.2, p), "LeakyReLU(negative_slope=0.2, inplace=True)"),
        ["Dropout"] = (p => new Dropout(0.5, p), (x, p) => F.Dropout(x, 0.5, true, p), "Dropout(p=0.5, inplace=True)"),
        ["Dropout of all"] = (p => new Dropout(1, p), (x, p) => F.Dropout(x, 1, true, p), "Dropout(p=1.0, inplace=True)"),
        ["Dropout1d"] = (p => new Dropout1d(0.5, p), (x, p) => F.Dropout1d(x, 0.5, true, p), "Dropout1d(p=0.5, inplace=True)"),
        ["Dropout2d"] = (p => new Dropout2d(0.5, p), (x, p) => F.Dropout2d(x, 0.5, true, p), "Dropout2d(p=0.5, inplace=True)"),
        ["Dropout3d"] = (p => new Dropout3d(0.5, p), (x, p) => F.Dropout3d(x.Unsqueeze(0), 0.5, true, p).Squeeze(0),
            "Dropout3d(p=0.5, inplace=True)"),
        ["AlphaDropout"] = (p => new AlphaDropout(0.1, p), (x, p) => F.AlphaDropout(x, 0.1, true, p), "AlphaDropout(p=0.1, inplace=True)"),
        ["FeatureAlphaDropout"] =
            (p => new FeatureAlphaDropout(0.1, p), (x, p) => F.FeatureAlphaDropout(x, 0.1, true, p),
            "FeatureAlphaDropout(p=0.1, inplace=True)"),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void In_place_it_gives_the_same_to_the_bit(string name)
    {
        (Func<bool, Module> layer, Func<Tensor, bool, Tensor> function, string text) = Layers[name];
        layer(true).ToString().ShouldBe(text);
        layer(false).ToString().ShouldNotContain("inplace=True");
        foreach (Func<Tensor, bool, Tensor> f in new[] { (x, p) => layer(p).Call(Batched(x)), function })
        {
            Tensor w = (Tensor.Arange(24, dtype: DType.Float64) - 11.5).Mul(0.37).Reshape(2, 3, 4).RequiresGradInPlace();
            (Tensor y, Tensor g) = Run(f, w, false, out _);
            (Tensor yInPlace, Tensor gInPlace) = Run(f, w, true, out Tensor input);
            yInPlace.ToArray<double>().ShouldBe(y.ToArray<double>());
            gInPlace.ToArray<double>().ShouldBe(g.ToArray<double>());
            input.ToArray<double>().ShouldBe(y.ToArray<double>(), "the input itself is changed");
        }

        Tensor Batched(Tensor x) => name == "Dropout3d" ? x.Unsqueeze(0) : x;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_leaf_that_requires_grad_is_not_changed(string name)
    {
        Tensor x = Tensor.Ones([2, 3, 4], requiresGrad: true);
        Should.Throw<AutogradException>(() => Layers[name].Function(x, true)).Message.ShouldContain("leaf");
        x.Sum().Item().ShouldBe(24);
    }

    [Theory]
    [InlineData("Dropout")]
    [InlineData("Dropout2d")]
    [InlineData("AlphaDropout")]
    public void In_evaluation_a_dropout_leaves_its_input(string name)
    {
        Tensor x = Tensor.Ones([2, 3, 4], requiresGrad: true);
        Layers[name].Layer(true).Eval().Call(x).ShouldBeSameAs(x);
    }

    [Fact]
    public void In_a_sequence_it_is_a_compiled_step_and_one_of_training()
    {
        var net = new Sequential(
            new Adjoint.Nn.Linear(4, 8, generator: new Generator(1)), new ReLU(inplace: true), new Adjoint.Nn.LayerNorm(8),
            new SiLU(inplace: true), new Adjoint.Nn.Linear(8, 2, generator: new Generator(2)));
        var plain = new Sequential(net[0], new ReLU(), net[2], new SiLU(), net[4]);
        Tensor x = Tensor.Rand([5, 4], generator: new Generator(3));
        using (Autograd.NoGrad()) net.Call(x).ToArray<float>().ShouldBe(plain.Call(x).ToArray<float>());
        net.Call(x).Square().Sum().Backward();
        float[][] grads = [.. net.Parameters().Select(p => p.Grad!.ToArray<float>())];
        net.ZeroGrad();
        plain.Call(x).Square().Sum().Backward();
        for (int i = 0; i < grads.Length; i++) grads[i].ShouldBe(plain.Parameters().ElementAt(i).Grad!.ToArray<float>());
        var compiled = Compiled.Step((Tensor a) =>
        {
            net.ZeroGrad();
            Tensor loss = net.Call(a).Square().Sum();
            loss.Backward();
            return loss;
        });
        for (int i = 0; i < 3; i++) compiled.Call(x).Item().ShouldBe(plain.Call(x).Square().Sum().Item());
        for (int i = 0; i < grads.Length; i++) grads[i].ShouldBe(net.Parameters().ElementAt(i).Grad!.ToArray<float>());
    }

    private static (Tensor Y, Tensor Gradient) Run(Func<Tensor, bool, Tensor> f, Tensor w, bool inPlace, out Tensor input)
    {
        w.Grad = null;
        Rng.ManualSeed(4);
        input = w * 1;
        Tensor y = f(input, inPlace);
        (y * Tensor.Arange(24, dtype: DType.Float64).Reshape(y.Shape)).Sum().Backward();
        return (y, w.Grad!);
    }
}
