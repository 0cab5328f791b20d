namespace Adjoint.Tests.Nn;

using Adjoint.Nn;

public class ContainerTests
{
    private sealed class Holder : Module
    {
        public ModuleList Blocks { get; } = [new Linear(1, 1), new Linear(1, 1, bias: false)];
        public ModuleDict Heads { get; } = new() { ["b"] = new Linear(1, 1), ["a"] = new ReLU() };
        public ParameterList Ps { get; } = new(Tensor.Ones(1), Tensor.Zeros(2));
        public ParameterDict Pd { get; } = new() { ["key"] = Tensor.Ones(1) };
    }

    [Fact]
    public void Names_are_places_and_keys() =>
        new Holder().NamedParameters().Select(p => p.Name)
            .ShouldBe(["blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "heads.b.weight", "heads.b.bias", "ps.0", "ps.1", "pd.key"]);

    [Fact]
    public void A_sequence_runs_its_modules_in_order()
    {
        var net = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
        net.Count.ShouldBe(3);
        net.Call(Tensor.Ones(5, 2)).Shape.ShouldBe(Shape.Of(5, 1));
        net[^1].ShouldBeSameAs(net[2]);
        net[1..].NamedModules().Select(m => m.Name).ShouldBe(["", "1", "2"]);
        Should.Throw<ArgumentOutOfRangeException>(() => net[3]);
    }

    [Fact]
    public void A_sequence_may_have_names_of_its_own()
    {
        var net = new Sequential(("fc", new Linear(2, 2)), ("act", (Module)new ReLU()));
        net.NamedChildren().Select(c => c.Name).ShouldBe(["fc", "act"]);
        Should.Throw<ArgumentException>(() => net.Append("fc", new ReLU()));
    }

    [Fact]
    public void A_list_renumbers_when_a_module_is_inserted()
    {
        var list = new ModuleList(new ReLU(), new Tanh());
        list.Insert(0, new Identity());
        list.NamedChildren().Select(c => $"{c.Name} {c.Module}").ShouldBe(["0 Identity()", "1 ReLU()", "2 Tanh()"]);
        list.RemoveAt(1);
        list.NamedChildren().Select(c => c.Name).ShouldBe(["0", "1"]);
        list[1..].Single().ShouldBeSameAs(list[^1]);
    }

    [Fact]
    public void A_linear_layer_and_its_relu_run_as_one_with_the_numbers_and_the_graph_of_two()
    {
        var layer = new Linear(5, 7);
        var net = new Sequential(layer, new ReLU());
        Tensor x = Tensor.Randn([3, 5], requiresGrad: true), other = x.Detach().Clone().RequiresGradInPlace();
        Tensor fused = net.Call(x), apart = layer.Call(other).Relu();
        fused.ToArray<float>().ShouldBe(apart.ToArray<float>());
        fused.GradFn!.Name.ShouldBe("ReluBackward0");
        fused.GradFn.NextFunctions[0].Node!.Name.ShouldBe("AddmmBackward0");

        (fused * fused).Sum().Backward();
        float[] weight = layer.Weight.Grad!.ToArray<float>();
        layer.ZeroGrad();
        (apart * apart).Sum().Backward();
        x.Grad!.ToArray<float>().ShouldBe(other.Grad!.ToArray<float>());
        weight.ShouldBe(layer.Weight.Grad!.ToArray<float>());
        using (Adjoint.Autograd.NoGrad()) net.Call(x).RequiresGrad.ShouldBeFalse();

        List<string> seen = [];
        using (layer.RegisterForwardHook((_, _, y) => { seen.Add(y.GradFn!.Name); return null; })) net.Call(x);
        seen.ShouldBe(["AddmmBackward0"]);
    }
}
