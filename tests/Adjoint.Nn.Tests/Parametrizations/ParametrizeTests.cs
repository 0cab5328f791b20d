#pragma warning disable ADJ0003 // a parametrized weight takes any tensor, of which its originals are made

namespace Adjoint.Tests.Nn.Parametrized;

using Adjoint.Nn;
using Adjoint.Optim;

/// <summary>Parameters that are computed from others: in layers of ours and of a program, assigned, removed, copied, and misused.</summary>
public class ParametrizeTests
{
    private sealed class Doubled : Module, IRightInverse
    {
        protected override Tensor Forward(Tensor x) => 2 * x;

        public IReadOnlyList<Tensor> RightInverse(Tensor value) => [value / 2];
    }

    private sealed class Product : Module<IReadOnlyList<Tensor>, Tensor>, IRightInverse
    {
        protected override Tensor Forward(IReadOnlyList<Tensor> input) => input[0] * input[1];

        public IReadOnlyList<Tensor> RightInverse(Tensor value) => [value, value.OnesLike()];
    }

    private sealed class Flat : Module
    {
        protected override Tensor Forward(Tensor x) => x.Flatten();
    }

    private sealed class Own : Module
    {
        private readonly Tensor _scale = Tensor.From(new float[] { 1, 2 }).AsParameter();
        private readonly List<Tensor> _more = [Tensor.Ones(2).AsParameter()];

        public Tensor Scale => _scale;

        protected override Tensor Forward(Tensor x) => x * _scale + _more[0];
    }

    [Fact]
    public void Between_calls_a_property_is_computed_anew()
    {
        var layer = new Linear(2, 2);
        float[] before = layer.Weight.ToArray<float>();
        Parametrize.RegisterParametrization(layer, "weight", new Doubled());
        layer.Weight.ToArray<float>().ShouldBe(before);
        using (Autograd.NoGrad()) Parametrize.List(layer, "weight").Originals[0].FillInPlace(1);
        layer.Weight.ToArray<float>().ShouldBe([2, 2, 2, 2]);
        layer.Weight.GradFn.ShouldNotBeNull();
        layer.Weight = Tensor.Full([2, 2], 6);
        Parametrize.List(layer, "weight").Originals[0].ToArray<float>().ShouldBe([3, 3, 3, 3]);
        layer.Call(Tensor.Ones(1, 2)).Shape.ShouldBe(Shape.Of(1, 2));
        layer.Weight.ToArray<float>().ShouldBe([6, 6, 6, 6]);
    }

    [Fact]
    public void A_module_of_a_program_reads_its_field_as_ever()
    {
        var own = new Own();
        var optimizer = new SGD(own.Parameters(), 0.5);
        Parametrize.RegisterParametrization(own, "scale", new Doubled());
        own.StateDict().Keys.ShouldBe(["more.0", "parametrizations.scale.original"]);
        own.Call(Tensor.Ones(2)).ToArray<float>().ShouldBe([2, 3]);
        own.Call(Tensor.Ones(2)).Sum().Backward();
        own.GetParameter("parametrizations.scale.original").Grad!.ToArray<float>().ShouldBe([2, 2]);
        optimizer.Step();      // the original is the parameter that it was
        own.Call(Tensor.Ones(2)).ToArray<float>().ShouldBe([2 * (0.5f - 1) + 0.5f, 2 * (1 - 1) + 0.5f]);
        own.ToString().ShouldStartWith("ParametrizedOwn(\n  (parametrizations): ModuleDict(\n    (scale): ParametrizationList(\n      (0): Doubled()");
        Parametrize.RemoveParametrizations(own, "scale");
        own.StateDict().Keys.ShouldBe(["scale", "more.0"]);
        own.Scale.IsParameter.ShouldBeTrue();
        own.Call(Tensor.Ones(2)).ToArray<float>().ShouldBe([2 * (0.5f - 1) + 0.5f, 0.5f]);
    }

    [Fact]
    public void A_copy_has_parametrizations_of_its_own()
    {
        var net = new Sequential(new Linear(2, 2), new ReLU(), new Linear(2, 3));
        Parametrize.RegisterParametrization(net[0], "weight", new Product());
        Tensor x = Tensor.Randn([3, 2]), y = net.Call(x);
        Module copy = net.DeepCopy();
        copy.Call(x).ToArray<float>().ShouldBe(y.ToArray<float>());
        using (Autograd.NoGrad()) net.GetParameter("0.parametrizations.weight.original0").FillInPlace(0);
        copy.Call(x).ToArray<float>().ShouldBe(y.ToArray<float>());
        net.Call(x).ToArray<float>().ShouldNotBe(y.ToArray<float>());
    }

    [Fact]
    public void The_weights_of_a_recurrent_layer_can_be_parametrized()
    {
        var gru = new GRU(2, 3, dtype: DType.Float64);
        Tensor x = Tensor.Randn([4, 1, 2], DType.Float64), y = gru.Call(x).Output;
        Parametrizations.WeightNorm(gru, "weight_hh_l0");
        gru.Call(x).Output.AllClose(y, 1e-12, 1e-12).ShouldBeTrue();
        gru.StateDict().Keys.ShouldContain("parametrizations.weight_hh_l0.original1");
        gru.Call(x).Output.Sum().Backward();
        gru.GetParameter("parametrizations.weight_hh_l0.original0").Grad.ShouldNotBeNull();
        gru.DeepCopy().Parameters().Count().ShouldBe(5);
        Parametrize.RemoveParametrizations(gru, "weight_hh_l0");
        gru.Call(x).Output.AllClose(y, 1e-12, 1e-12).ShouldBeTrue();
    }

    [Fact]
    public void Functional_calls_and_conversions_reach_the_originals()
    {
        var layer = new Linear(2, 1, bias: false);
        Parametrize.RegisterParametrization(layer, "weight", new Doubled());
        Tensor x = Tensor.Ones(1, 2);
        layer.FunctionalCall(new Dictionary<string, Tensor> { ["parametrizations.weight.original"] = Tensor.Full([1, 2], 3) }, x).Item().ShouldBe(12);
        layer.To(DType.Float64);
        layer.Call(x.To(DType.Float64)).DType.ShouldBe(DType.Float64);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_changes()
    {
        var layer = new Linear(2, 2);
        float[] before = layer.Weight.ToArray<float>();
        Should.Throw<ArgumentException>(() => Parametrize.RegisterParametrization(layer, "wait", new Doubled())).Message.ShouldStartWith(
            "RegisterParametrization: Linear has no parameter or buffer \"wait\" of its own; it has weight, bias.");
        Should.Throw<ShapeException>(() => Parametrize.RegisterParametrization(layer, "weight", new Flat())).Message.ShouldStartWith("RegisterParametrization: ");
        Should.Throw<ArgumentException>(() => Parametrize.RegisterParametrization(new Own(), "more.0", new Doubled())).Message.ShouldContain("Hold it in a field");
        Should.Throw<ArgumentException>(() => Parametrize.RemoveParametrizations(layer, "weight")).Message.ShouldContain("has no parametrization");
        Should.Throw<ArgumentException>(() => Parametrizations.SpectralNorm(layer, "wait")).Message.ShouldStartWith("SpectralNorm: ");
        Should.Throw<ShapeException>(() => Parametrizations.WeightNorm(layer, dim: 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Parametrizations.SpectralNorm(layer, nPowerIterations: 0)).ParamName.ShouldBe("nPowerIterations");
        layer.StateDict().Keys.ShouldBe(["weight", "bias"]);
        layer.Weight.ToArray<float>().ShouldBe(before);
        Parametrize.RegisterParametrization(layer, "weight", new Product());
        Should.Throw<ShapeException>(() => Parametrize.RegisterParametrization(layer, "weight", new Flat()));
        Parametrize.List(layer, "weight").Parametrizations.Count.ShouldBe(1);
        Should.Throw<ArgumentException>(() => Parametrize.RemoveParametrizations(layer, "weight", leaveParametrized: false)).ParamName.ShouldBe("leaveParametrized");
        Parametrize.RegisterParametrization(layer, "weight", new Tanh());
        Should.Throw<NotSupportedException>(() => layer.Weight = Tensor.Zeros(2, 2)).Message.ShouldStartWith("Linear.Weight: cannot be assigned");
    }
}
