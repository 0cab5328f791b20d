using Adjoint.Distributions;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Nn.Distributions;

/// <summary>Distributions are PyTorch's: what is drawn to the bit, densities, entropies and their gradients.</summary>
public class DistributionTests
{
    private sealed record DistributionCase(
        string Name, string Kind, Dictionary<string, TensorValue> Parameters, int[] SampleShape, TensorValue Drawn,
        TensorValue DrawnSingle, TensorValue At, TensorValue LogProb, TensorValue Entropy, Dictionary<string, TensorValue> Grads)
    {
        internal static Distribution Make(string kind, Dictionary<string, Tensor> p) => kind == "Normal"
            ? new Normal(p["loc"], p["scale"]) : new Categorical(p.GetValueOrDefault("probs"), p.GetValueOrDefault("logits"));
    }

    private static readonly DistributionCase[] Cases = [.. Fixtures.Read<DistributionCase>("distributions")];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_distribution_is_PyTorchs(string name)
    {
        DistributionCase c = Cases.Single(c => c.Name == name);
        Dictionary<string, Tensor> leaves = c.Parameters.ToDictionary(p => p.Key, p => p.Value.ToTensor(requiresGrad: true));
        Distribution distribution = DistributionCase.Make(c.Kind, leaves);
        Shape times = Shape.Of(c.SampleShape);
        Tensor drawn = distribution.Sample(times, new Generator(11));
        drawn.RequiresGrad.ShouldBeFalse();
        Close(drawn, c.Drawn, 1e-15);
        Distribution single = DistributionCase.Make(c.Kind, c.Parameters.ToDictionary(p => p.Key, p => p.Value.ToTensor().Float()));
        Close(single.Sample(times, new Generator(11)).Double(), c.DrawnSingle, 2e-7);
        Tensor density = distribution.LogProb(c.At.ToTensor()), entropy = distribution.Entropy();
        Close(density, c.LogProb, 1e-13);
        Close(entropy, c.Entropy, 1e-13);
        ((OpParity.Upstream(density) * density).Sum() + (OpParity.Upstream(entropy) * entropy).Sum()).Backward();
        foreach ((string key, TensorValue grad) in c.Grads) Close(leaves[key].Grad!, grad, 1e-12);
    }

    [Fact]
    public void A_sample_of_a_normal_one_can_be_differentiated()
    {
        Tensor mu = Tensor.From([1.0, 2.0], requiresGrad: true), sigma = Tensor.From([0.5, 2.0], requiresGrad: true);
        Tensor z = new Normal(mu, sigma).Rsample([3], new Generator(1));
        z.Shape.ShouldBe([3, 2]);
        z.Sum().Backward();
        mu.Grad!.ToArray<double>().ShouldBe([3, 3]);
        Tensor noise = (z.Detach() - mu.Detach()) / sigma.Detach();
        sigma.Grad!.ToArray<double>().Zip(noise.Sum(0).ToArray<double>()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-12);
        new Normal(0, 1).Cdf(Tensor.Scalar(0)).Item().ShouldBe(0.5);
    }

    [Fact]
    public void A_step_along_a_policy_is_compiled()
    {
        Tensor w = Tensor.From([0.1, -0.3, 0.2], requiresGrad: true), action = Tensor.From([2L]);
        Func<Tensor> loss = () =>
        {
            w.Grad = null;
            var policy = new Categorical(logits: w);
            Tensor l = (-policy.LogProb(action) - policy.Entropy()).Sum();
            l.Backward();
            return l;
        };
        double plain = loss().Item();
        double[] grad = w.Grad!.ToArray<double>();
        var step = Compiled.Step(loss);
        for (int i = 0; i < 3; i++) step.Call().Item().ShouldBe(plain);
        w.Grad!.ToArray<double>().ShouldBe(grad);
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        Should.Throw<ArgumentException>(() => new Categorical());
        Should.Throw<ArgumentException>(() => new Categorical(Tensor.Ones(2), Tensor.Ones(2)));
        Should.Throw<ArgumentException>(() => new Categorical(Tensor.From([0.5, -0.5]))).Message.ShouldContain("negative");
        Should.Throw<ArgumentException>(() => new Categorical(Tensor.Zeros(3))).Message.ShouldContain("0");
        Should.Throw<ArgumentException>(() => new Categorical(logits: Tensor.From([double.NaN, 1])));
        Should.Throw<ShapeException>(() => new Categorical(Tensor.Ones(2, 0)));
        Should.Throw<ShapeException>(() => new Categorical(Tensor.Scalar(1)));
        Should.Throw<DTypeException>(() => new Categorical(Tensor.From([1L, 2L])));
        Should.Throw<ArgumentOutOfRangeException>(() => new Categorical(Tensor.Ones(3)).LogProb(Tensor.From([3L])))
            .Message.ShouldContain("0 to 2");
        Should.Throw<ArgumentException>(() => new Normal(0, 0)).Message.ShouldContain("above 0");
        Should.Throw<ArgumentException>(() => new Normal(0, double.NaN));
        Should.Throw<ShapeException>(() => new Normal(Tensor.Ones(2), Tensor.Ones(3)));
        new Categorical(Tensor.Ones(2, 3)).Sample([0]).Shape.ShouldBe([0, 2]);
        new Categorical(Tensor.Ones(2, 3)).Mean.ToArray<float>().ShouldAllBe(x => float.IsNaN(x));
    }

    private static void Close(Tensor x, TensorValue expected, double tolerance)
    {
        x.Shape.ShouldBe(Shape.Of(expected.Shape));
        double[] actual = x.To(DType.Float64).ToArray<double>(), numbers = expected.Numbers;
        for (int i = 0; i < actual.Length; i++) actual[i].ShouldBe(numbers[i], tolerance * Math.Max(1, Math.Abs(numbers[i])), $"element {i}");
    }
}
