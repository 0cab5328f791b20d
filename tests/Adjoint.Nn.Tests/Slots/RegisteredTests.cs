using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Nn;

public class RegisteredTests
{
    private sealed class Named : Module
    {
        public readonly Adjoint.Nn.Linear Fc = new(2, 2, generator: new Generator(1));

        public Named(int count)
        {
            for (int i = 0; i < count; i++) RegisterParameter($"scale_{i}", Tensor.Full([1], i + 1).AsParameter());
            RegisterBuffer("seen", Tensor.Zeros(1));
            RegisterBuffer("cache", Tensor.Zeros(1), persistent: false);
            RegisterModule("head", new Adjoint.Nn.Linear(2, 1, generator: new Generator(2)));
        }

        protected override Tensor Forward(Tensor input) =>
            GetSubmodule("head").Call(Fc.Call(input) * GetParameter("scale_1")) + GetBuffer("seen");
    }

    [Fact]
    public void What_is_registered_by_name_is_held_as_fields_are()
    {
        var net = new Named(2);
        net.StateDict().Keys.ShouldBe(["scale_0", "scale_1", "seen", "fc.weight", "fc.bias", "head.weight", "head.bias"]);
        net.NamedParameters().Select(p => p.Name).ShouldBe(["scale_0", "scale_1", "fc.weight", "fc.bias", "head.weight", "head.bias"]);
        net.NamedParameters(recurse: false).Select(p => p.Name).ShouldBe(["scale_0", "scale_1"]);
        net.NamedParameters("net", recurse: false).Select(p => p.Name).ShouldBe(["net.scale_0", "net.scale_1"]);
        net.NamedBuffers().Select(b => b.Name).ShouldBe(["seen", "cache"]);
        net.NamedChildren().Select(c => c.Name).ShouldBe(["fc", "head"]);

        Tensor x = Tensor.Ones(1, 2);
        net.Call(x).Sum().Backward();
        net.GetParameter("scale_1").Grad.ShouldNotBeNull();
        var optimizer = new SGD(net.Parameters(), lr: 0.1);
        optimizer.Step();

        Named copy = net.DeepCopy();
        copy.GetParameter("scale_1").ShouldNotBeSameAs(net.GetParameter("scale_1"));
        copy.Call(x).ToArray<float>().ShouldBe(net.Call(x).ToArray<float>());
        using (Autograd.NoGrad()) copy.GetParameter("scale_1").ZeroInPlace();
        copy.Call(x).ToArray<float>().ShouldNotBe(net.Call(x).ToArray<float>());
        net.FunctionalCall(new Dictionary<string, Tensor> { ["scale_1"] = Tensor.Zeros(1) }, x).ToArray<float>()
            .ShouldBe(copy.Call(x).ToArray<float>());
        net.GetParameter("scale_1").Detach().ToArray<float>()[0].ShouldNotBe(0);
        net.Double().GetBuffer("seen").DType.ShouldBe(DType.Float64);
        new Named(2).LoadStateDict(net.StateDict()).MissingKeys.ShouldBeEmpty();
        net.ToString().ShouldContain("(head): Linear(");
    }

    [Fact]
    public void A_name_that_is_taken_or_no_name_is_refused()
    {
        var net = new Named(1);
        foreach (string name in (string[])["", "a.b", "fc", "scale_0", "head"])
            Should.Throw<ArgumentException>(() => net.RegisterBuffer(name, Tensor.Ones(1)));
        Should.Throw<SlotException>(() => net.RegisterParameter("w", Tensor.Ones(1))).Message.ShouldContain("AsParameter()");
        Should.Throw<SlotException>(() => net.RegisterBuffer("b", Tensor.Ones(1).AsParameter()));
        Should.Throw<ArgumentException>(() => new Adjoint.Nn.Linear(2, 2).RegisterBuffer("weight", Tensor.Ones(1)));
    }

    [Fact]
    public void A_shared_parameter_is_listed_as_often_as_asked()
    {
        var shared = new Adjoint.Nn.Linear(2, 2);
        var net = new Sequential(shared, new ReLU(), shared);
        net.NamedParameters().Count().ShouldBe(2);
        net.NamedParameters(removeDuplicate: false).Select(p => p.Name).ShouldBe(["0.weight", "0.bias", "2.weight", "2.bias"]);
    }

    [Fact]
    public void Hooks_around_the_state_rename_it()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(2, 1), new ReLU());
        List<string> calls = [];
        net[0].RegisterStateDictPreHook((_, prefix) => calls.Add($"before {prefix}"));
        using HookHandle handle = net[0].RegisterStateDictHook((_, state, prefix) =>
        {
            calls.Add($"after {prefix}");
            state.Remove(prefix + "weight", out Tensor? weight);
            state["renamed"] = weight!;
        });
        net.RegisterStateDictHook((_, state, _) => calls.Add($"all {state.Count}"));
        OrderedDictionary<string, Tensor> saved = net.StateDict();
        saved.Keys.ShouldBe(["0.bias", "renamed"]);
        calls.ShouldBe(["before 0.", "after 0.", "all 2"]);

        var other = new Sequential(new Adjoint.Nn.Linear(2, 1), new ReLU());
        Should.Throw<StateDictException>(() => other.LoadStateDict(saved));
        LoadReport? seen = null;
        other[0].RegisterLoadStateDictPreHook((_, state, prefix) =>
        {
            if (state.Remove("renamed", out Tensor? weight)) state[prefix + "weight"] = weight;
        });
        other[0].RegisterLoadStateDictPostHook((_, report) => seen = report);
        other.LoadStateDict(saved);
        seen.ShouldNotBeNull().MissingKeys.ShouldBeEmpty();
        saved.Count.ShouldBe(2);
        other.GetParameter("0.weight").Detach().ToArray<float>().ShouldBe(net.GetParameter("0.weight").Detach().ToArray<float>());
        handle.Remove();
        net.StateDict().Keys.ShouldBe(["0.weight", "0.bias"]);
        other.DeepCopy().LoadStateDict(saved);
    }
}
