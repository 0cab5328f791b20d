#pragma warning disable ADJ0004 // what holds modules in places that nobody looks into is what is tested
using Adjoint.Nn;
using Adjoint.Optim;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Signatures;

using Linear = Adjoint.Nn.Linear;

public class DeepCopyTests
{
    private static Tensor X => Tensor.From([[1f, 2f], [3f, 4f]]);

    private sealed record Named(string Name, Linear Layer);

    private sealed class Rich : Module
    {
        public readonly Linear fc = new(2, 2), again;
        public readonly List<Linear> list = [new(2, 2)];
        public readonly Dictionary<string, Module> named = new() { ["relu"] = new ReLU(), ["fc"] = new Linear(2, 2) };
        public readonly SortedDictionary<int, Named> sorted = new() { [3] = new("three", new Linear(2, 2)) };
        public readonly Linear[,] grid = { { new(2, 2) } };
        public readonly (Tensor, string) pair = (Tensor.Ones(2).AsBuffer(), "a");
        public readonly int[] sizes = [1, 2];
        public readonly HashSet<string> words = ["x"];
        public readonly Func<Tensor, Tensor> activation, method;
        public Tensor count = Tensor.Zeros(1).AsBuffer();

        public Rich()
        {
            again = fc;
            activation = F.Relu;
            method = Doubled;
        }

        private Tensor Doubled(Tensor x) => fc.Call(x) * 2;

        protected override Tensor Forward(Tensor input)
        {
            count = count + 1;
            return activation(method(input)) + list[0].Call(input) + named["fc"].Call(input) + grid[0, 0].Call(input);
        }
    }

    [Fact]
    public void A_copy_computes_the_same_and_shares_nothing()
    {
        var net = new Rich();
        net.Call(X).Sum().Backward();
        // SortedDictionary keeps its nodes to itself.
        Should.Throw<NotSupportedException>(() => net.DeepCopy()).Message.ShouldContain("Rich.sorted");
    }

    private sealed class Whole : Module
    {
        public readonly Linear fc = new(2, 2), again;
        public readonly List<Linear> list = [new(2, 2)];
        public readonly Dictionary<string, Module> named = new() { ["relu"] = new ReLU(), ["fc"] = new Linear(2, 2) };
        public readonly Dictionary<string, Tensor> tensors = new() { ["b"] = Tensor.Ones(2).AsBuffer() };
        public readonly Linear[,] grid = { { new(2, 2) } };
        public readonly (Tensor, string) pair = (Tensor.Ones(2).AsBuffer(), "a");
        public readonly Named record = new("r", new Linear(2, 2));
        public readonly int[] sizes = [1, 2];
        public readonly HashSet<string> words = ["x"];
        public readonly Sequential body = new(new Linear(2, 2), new BatchNorm1d(2));
        public readonly Func<Tensor, Tensor> activation = F.Relu, method;

        public Whole() => (again, method) = (fc, Doubled);

        private Tensor Doubled(Tensor x) => fc.Call(x) * 2;

        protected override Tensor Forward(Tensor input) => activation(method(input)) + list[0].Call(input) + named["fc"].Call(input)
            + grid[0, 0].Call(input) + record.Layer.Call(input) + body.Call(input) * tensors["b"] * pair.Item1;
    }

    [Fact]
    public void Nothing_of_a_copy_is_the_originals()
    {
        Whole net = new Whole().Eval();
        net.Call(X).Sum().Backward();
        Whole copy = net.DeepCopy();
        copy.Call(X).ElementsEqual(net.Call(X)).ShouldBeTrue();
        copy.Training.ShouldBeFalse();
        copy.again.ShouldBeSameAs(copy.fc);
        copy.named["fc"].ShouldNotBeSameAs(net.named["fc"]);
        copy.sizes.ShouldNotBeSameAs(net.sizes);
        copy.words.Contains("x").ShouldBeTrue();
        copy.NamedParameters().Select(p => p.Name).ShouldBe(net.NamedParameters().Select(p => p.Name));
        foreach (((_, Tensor a), (_, Tensor b)) in net.NamedParameters().Zip(copy.NamedParameters()))
        {
            b.SharesStorageWith(a).ShouldBeFalse();
            b.IsParameter.ShouldBeTrue();
            (b.Grad is null).ShouldBe(a.Grad is null);
        }
        Tensor before = net.Call(X);
        new SGD(copy.Parameters(), 1).Step();
        foreach (Tensor buffer in copy.Buffers()) using (Autograd.NoGrad()) buffer.ZeroInPlace();
        net.Call(X).ElementsEqual(before).ShouldBeTrue();
        copy.Call(X).ElementsEqual(before).ShouldBeFalse();
    }

    [Fact]
    public void Hooks_go_with_a_copy_and_those_that_come_later_do_not()
    {
        int calls = 0, later = 0;
        var fc = new Linear(2, 2);
        fc.RegisterForwardHook((_, _, _) =>
        {
            calls++;
            return null;
        });
        Linear copy = fc.DeepCopy();
        copy.RegisterForwardHook((_, _, _) =>
        {
            later++;
            return null;
        });
        copy.Call(X);
        (calls, later).ShouldBe((1, 1));
        fc.Call(X);
        (calls, later).ShouldBe((2, 1));

        Module<Tensor, Tensor> chain = fc.Then(new Plain()), other = chain.DeepCopy();
        ((Linear)other.GetSubmodule("0")).Weight.ShouldNotBeSameAs(fc.Weight);
        using (Autograd.NoGrad()) fc.Weight.ZeroInPlace();
        other.Call(X).ElementsEqual(chain.Call(X)).ShouldBeFalse();
        int typed = 0;
        var plain = new Plain();
        plain.RegisterForwardHook((_, y) =>
        {
            typed++;
            return y;
        });
        plain.DeepCopy().Call(X);
        plain.Call(X);
        typed.ShouldBe(2);
    }

    private sealed class Plain : Module<Tensor, Tensor>
    {
        protected override Tensor Forward(Tensor input) => input + 1;
    }

    private sealed class Closing : Module
    {
        public readonly Linear fc = new(2, 2);
        public readonly Func<Tensor, Tensor> f;

        public Closing()
        {
            Linear own = fc;
            f = x => own.Call(x);
        }
    }

    private sealed class Hashed : Module
    {
        public readonly Dictionary<Module, int> order = new() { [new ReLU()] = 1 };
        public readonly Lazy<Tensor> late = new(Tensor.Ones(2));
    }

    [Fact]
    public void What_would_be_shared_in_silence_is_refused_by_name()
    {
        Should.Throw<NotSupportedException>(() => new Closing().DeepCopy()).Message.ShouldContain("Closing.f");
        Should.Throw<NotSupportedException>(() => new Hashed().DeepCopy()).Message.ShouldContain("Hashed.");
    }

    private sealed class Shifted : Module
    {
        public readonly Array layers = Array.CreateInstance(typeof(Linear), [2], [5]);

        protected override Tensor Forward(Tensor input) => input;
    }

    [Fact]
    public void An_array_that_begins_elsewhere_is_copied_as_it_lies()
    {
        var module = new Shifted();
        module.layers.SetValue(new Linear(2, 2), 6);
        Shifted copy = module.DeepCopy();
        copy.layers.GetLowerBound(0).ShouldBe(5);
        copy.layers.GetValue(5).ShouldBeNull();
        copy.layers.GetValue(6).ShouldBeOfType<Linear>().ShouldNotBeSameAs(module.layers.GetValue(6));
    }
}
