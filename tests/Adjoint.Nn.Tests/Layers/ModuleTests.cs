namespace Adjoint.Tests.Nn;

using Adjoint.Nn;

public class ModuleTests
{
    private sealed class Block(int width) : Module
    {
        private readonly Linear _inner = new(width, width);
        public ReLU Act { get; } = new();
        protected override Tensor Forward(Tensor input) => Act.Call(_inner.Call(input));
    }

    private sealed class Net : Module
    {
        private readonly Linear fc1 = new(3, 4);
        private readonly Tensor scale = Tensor.Ones(4).AsParameter();
        private readonly Tensor runningMean = Tensor.Zeros(4).AsBuffer();
        private readonly Tensor scratch = Tensor.Zeros(2).AsBuffer(persistent: false);
        private readonly Tensor plain = Tensor.Zeros(2);
        public Block Body { get; } = new(4);
        public Linear? Missing { get; }
        public Linear Fc2 { get; set; } = new(4, 2, bias: false);
        protected override Tensor Forward(Tensor input) =>
            Fc2.Call(Body.Call(fc1.Call(input) * scale + runningMean)) + plain.Sum() + scratch.Sum();
    }

    [Fact]
    public void Parameters_are_found_in_fields_and_properties_with_the_names_of_PyTorch() =>
        new Net().NamedParameters().Select(p => p.Name)
            .ShouldBe(["scale", "fc1.weight", "fc1.bias", "body.inner.weight", "body.inner.bias", "fc2.weight"]);

    [Fact]
    public void The_state_holds_parameters_then_buffers_of_each_module_without_transient_ones() =>
        new Net().StateDict().Keys
            .ShouldBe(["scale", "running_mean", "fc1.weight", "fc1.bias", "body.inner.weight", "body.inner.bias", "fc2.weight"]);

    [Fact]
    public void Modules_are_walked_depth_first()
    {
        var net = new Net();
        net.NamedModules().Select(m => m.Name).ShouldBe(["", "fc1", "body", "body.inner", "body.act", "fc2"]);
        net.NamedChildren().Select(m => m.Name).ShouldBe(["fc1", "body", "fc2"]);
        net.NamedBuffers().Select(b => b.Name).ShouldBe(["running_mean", "scratch"]);
        List<string> visited = [];
        net.Apply(m => visited.Add(m.GetType().Name));
        visited.ShouldBe(["Linear", "Linear", "ReLU", "Block", "Linear", "Net"]);
    }

    [Fact]
    public void Training_mode_reaches_all_descendants()
    {
        var net = new Net();
        net.Modules().ShouldAllBe(m => m.Training);
        net.Eval().ShouldBeSameAs(net);
        net.Modules().ShouldAllBe(m => !m.Training);
        net.Train().Modules().ShouldAllBe(m => m.Training);
    }

    [Fact]
    public void A_shared_parameter_is_listed_once_and_saved_under_each_name()
    {
        var first = new Linear(2, 2);
        var net = new Sequential(first, new Linear(2, 2) { Weight = first.Weight });
        net.NamedParameters().Select(p => p.Name).ShouldBe(["0.weight", "0.bias", "1.bias"]);
        net.StateDict().Keys.ShouldBe(["0.weight", "0.bias", "1.weight", "1.bias"]);
    }

    [Fact]
    public void A_state_is_copied_into_the_same_tensors()
    {
        Net from = new(), to = new();
        Tensor weight = to.Fc2.Weight;
        LoadReport report = to.LoadStateDict(from.StateDict());
        report.MissingKeys.ShouldBeEmpty();
        to.Fc2.Weight.ShouldBeSameAs(weight);
        weight.ToArray<float>().ShouldBe(from.Fc2.Weight.ToArray<float>());
        weight.RequiresGrad.ShouldBeTrue();
    }

    [Fact]
    public void Names_and_shapes_that_do_not_fit_are_errors_and_change_nothing()
    {
        var net = new Linear(2, 3);
        float[] before = net.Weight.ToArray<float>();
        var state = new Dictionary<string, Tensor> { ["weight"] = Tensor.Zeros(3, 2), ["zz"] = Tensor.Zeros(1) };
        Should.Throw<StateDictException>(() => net.LoadStateDict(state)).Message.ShouldBe(
            "LoadStateDict: the state does not fit Linear. Unexpected key(s): \"zz\". Missing key(s): \"bias\". Use strict: false to "
            + "load what fits by name.");
        net.Weight.ToArray<float>().ShouldBe(before);

        LoadReport report = net.LoadStateDict(state, strict: false);
        report.MissingKeys.ShouldBe(["bias"]);
        report.UnexpectedKeys.ShouldBe(["zz"]);
        net.Weight.ToArray<float>().ShouldBe(new float[6]);

        Should.Throw<StateDictException>(
            () => net.LoadStateDict(new Dictionary<string, Tensor> { ["weight"] = Tensor.Zeros(5, 5) }, strict: false))
            .Message.ShouldContain("Size mismatch for weight: the state has shape [5, 5], the module [3, 2].");
    }

    [Fact]
    public void Conversion_keeps_the_tensors_and_leaves_integers()
    {
        var net = new Net();
        Tensor weight = net.Fc2.Weight;
        net.Call(Tensor.Ones(1, 3)).Sum().Backward();
        net.To(DType.Float64);
        net.Fc2.Weight.ShouldBeSameAs(weight);
        weight.DType.ShouldBe(DType.Float64);
        weight.Grad!.DType.ShouldBe(DType.Float64);
        net.Call(Tensor.Ones([1, 3], DType.Float64)).DType.ShouldBe(DType.Float64);
    }

    [Fact]
    public void Gradients_are_cleared_and_parameters_frozen()
    {
        var net = new Net();
        net.Call(Tensor.Ones(1, 3)).Sum().Backward();
        net.ZeroGrad(setToNone: false);
        net.Parameters().ShouldAllBe(p => p.Grad!.ToArray<float>().All(g => g == 0));
        net.ZeroGrad();
        net.Parameters().ShouldAllBe(p => p.Grad == null);
        net.RequiresGradInPlace(false).Parameters().ShouldAllBe(p => !p.RequiresGrad);
    }

    [Fact]
    public void Hooks_see_and_replace_inputs_and_outputs_in_order()
    {
        var net = new Identity();
        List<string> calls = [];
        HookHandle pre = net.RegisterForwardPreHook((_, x) => { calls.Add("pre"); return [x[0] + 1]; });
        HookHandle post = net.RegisterForwardHook((_, x, y) => { calls.Add("post"); return y * x[0]; });
        using (Module.RegisterGlobalForwardPreHook((m, _) => { if (m == net) calls.Add("global"); return null; }))
            net.Call(Tensor.Scalar(2)).Item().ShouldBe(9);
        calls.ShouldBe(["global", "pre", "post"]);
        pre.Remove();
        post.Remove();
        net.Call(Tensor.Scalar(2)).Item().ShouldBe(2);
    }

    [Fact]
    public void Modules_print_as_in_PyTorch()
    {
        new Net().ToString().ShouldBe("""
            Net(
              (fc1): Linear(in_features=3, out_features=4, bias=True)
              (body): Block(
                (inner): Linear(in_features=4, out_features=4, bias=True)
                (act): ReLU()
              )
              (fc2): Linear(in_features=4, out_features=2, bias=False)
            )
            """.ReplaceLineEndings("\n"));
        new Dropout().ToString().ShouldBe("Dropout(p=0.5, inplace=False)");
        new LeakyReLU().ToString().ShouldBe("LeakyReLU(negative_slope=0.01)");
        new ELU().ToString().ShouldBe("ELU(alpha=1.0)");
        new Flatten().ToString().ShouldBe("Flatten(start_dim=1, end_dim=-1)");
        new Softmax(1).ToString().ShouldBe("Softmax(dim=1)");
        new Identity().ToString().ShouldBe("Identity()");
    }

    [Fact]
    public void A_module_without_forward_says_so() =>
        Should.Throw<NotSupportedException>(() => new ModuleList(new Identity()).Call(Tensor.Ones(1))).Message.ShouldContain(
            "ModuleList has no Forward");

    [Fact]
    public void Backward_hooks_see_both_gradients_and_may_replace_those_of_the_inputs()
    {
        var layer = new Linear(2, 1, bias: false);
        Init.Constant(layer.Weight, 3);
        List<string> seen = [];
        layer.RegisterFullBackwardHook((m, gradInput, gradOutput) =>
        {
            m.ShouldBeSameAs(layer);
            seen.Add($"{(gradInput[0] is { } g ? string.Join(" ", g.ToArray<float>()) : "none")}; {gradOutput[0]!.Item()}");
            return gradInput[0] is null ? null : [Tensor.Full([1, 2], 10)];
        });
        layer.Call(Tensor.Ones(1, 2)).Sum().Backward();
        Tensor x = Tensor.Ones([1, 2], requiresGrad: true);
        layer.Call(x).Sum().Backward();
        seen.ShouldBe(["none; 1", "3 3; 1"]);
        x.Grad!.ToArray<float>().ShouldBe([10, 10]);
        layer.Weight.Grad!.ToArray<float>().ShouldBe([2, 2]);
        Should.Throw<AutogradException>(() => layer.Call(x).AddInPlace(1));
    }

    [Fact]
    public void Parameters_become_a_vector_and_come_back()
    {
        var layer = new Linear(2, 3);
        Tensor vector = ParameterVector.From(layer.Parameters());
        vector.Shape.ShouldBe(Shape.Of(9));
        ParameterVector.CopyTo(vector.Detach() * 2, layer.Parameters());
        ParameterVector.From(layer.Parameters()).ToArray<float>().ShouldBe((vector.Detach() * 2).ToArray<float>());
        layer.Weight.IsLeaf.ShouldBeTrue();
        Should.Throw<ShapeException>(() => ParameterVector.CopyTo(Tensor.Zeros(8), layer.Parameters()));
    }
}
