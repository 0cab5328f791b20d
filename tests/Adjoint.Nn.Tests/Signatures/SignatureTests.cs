using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Signatures;

using Linear = Adjoint.Nn.Linear;

/// <summary>Modules that take and give what they like.</summary>
public class SignatureTests
{
    private static Tensor X => Tensor.From([[1f, 2f], [3f, 4f]]);

    private sealed record Encoded(Tensor Mean, Tensor Spread, string Name);

    /// <summary>A record out.</summary>
    private sealed class Encoder : Module<Tensor, Encoded>
    {
        public readonly Linear mean = new(2, 3), spread = new(2, 3);

        protected override Encoded Forward(Tensor input) => new(mean.Call(input), spread.Call(input).Exp(), "code");
    }

    /// <summary>A record in.</summary>
    private sealed class Decoder : Module<Encoded, Tensor>
    {
        public readonly Linear back = new(3, 2);

        protected override Tensor Forward(Encoded input) => back.Call(input.Mean + input.Spread);
    }

    /// <summary>An optional argument.</summary>
    private sealed class Masked : Module<Tensor, Tensor?, Tensor>
    {
        public new Tensor Call(Tensor x) => Call(x, null);

        protected override Tensor Forward(Tensor x, Tensor? mask) => mask is null ? x * 2 : x * mask;
    }

    /// <summary>Arguments that are no tensors, and a number out.</summary>
    private sealed class Counter : Module<string, int[], double, int, long>
    {
        protected override long Forward(string word, int[] places, double scale, int more) =>
            (long)(word.Length * places.Length * scale) + more;
    }

    /// <summary>A state that goes in and comes out.</summary>
    private sealed class Cell : Module<Tensor, (Tensor H, Tensor C), (Tensor Y, (Tensor H, Tensor C) State)>
    {
        public readonly Linear gate = new(2, 2);

        protected override (Tensor Y, (Tensor H, Tensor C) State) Forward(Tensor x, (Tensor H, Tensor C) state)
        {
            Tensor h = (gate.Call(x) + state.H).Tanh(), c = state.C + h;
            return (c, (h, c));
        }
    }

    private sealed class Three : Module<Tensor, Tensor, Tensor, Tensor>
    {
        protected override Tensor Forward(Tensor a, Tensor b, Tensor c) => a + b * c;
    }

    /// <summary>The long form of what the short form says.</summary>
    private sealed class Plain : Module<Tensor, Tensor>
    {
        public readonly Tensor scale = Tensor.Scalar(3).AsParameter();

        protected override Tensor Forward(Tensor input) => input * scale;
    }

    private sealed class Parts : Module<IReadOnlyList<Tensor>, Dictionary<string, Tensor>>
    {
        protected override Dictionary<string, Tensor> Forward(IReadOnlyList<Tensor> input) =>
            new() { ["sum"] = input.Sum(), ["first"] = input[0] };
    }

    [Fact]
    public void They_are_called_with_their_own_arguments()
    {
        new Encoder().Call(X).Name.ShouldBe("code");
        new Masked().Call(X).ElementsEqual(X * 2).ShouldBeTrue();
        new Masked().Call(X, X).ElementsEqual(X * X).ShouldBeTrue();
        new Counter().Call("four", [1, 2], 1.5, 1).ShouldBe(13);
        new Three().Call(X, X, X).ElementsEqual(X + X * X).ShouldBeTrue();
        (Tensor y, (Tensor h, Tensor c)) = new Cell().Call(X, (Tensor.Zeros(2, 2), Tensor.Zeros(2, 2)));
        y.ElementsEqual(h).ShouldBeTrue();
        c.ElementsEqual(y).ShouldBeTrue();
        new Parts().Call([X, X])["sum"].ElementsEqual(X * 2).ShouldBeTrue();
    }

    [Fact]
    public void They_are_modules_in_all_else()
    {
        var net = new Encoder();
        net.NamedParameters().Select(p => p.Name).ShouldBe(["mean.weight", "mean.bias", "spread.weight", "spread.bias"]);
        net.Eval().mean.Training.ShouldBeFalse();
        net.Double().Call(X.Double()).Mean.DType.ShouldBe(DType.Float64);
        var list = new ModuleList(net, new Masked());
        list.Parameters().Count().ShouldBe(4);
        new Cell().ToString().ShouldBe("Cell(\n  (gate): Linear(in_features=2, out_features=2, bias=True)\n)");
    }

    [Fact]
    public void Where_the_types_fit_they_stand_in_containers()
    {
        var plain = new Plain();
        int seen = 0;
        plain.RegisterForwardHook((_, y) =>
        {
            seen++;
            return y;
        });
        new Sequential(plain, new ReLU()).Call(X).ElementsEqual(X * 3).ShouldBeTrue();
        seen.ShouldBe(1);
        Should.Throw<ArgumentException>(() => new Sequential(new Masked())).Message.ShouldContain("Then");

        var encoder = new Encoder();
        Module<Tensor, Tensor> whole = new Sequential(new ReLU()).Then(encoder).Then(new Decoder()).Then(new Sequential(new Tanh()));
        whole.Call(X).Shape.ShouldBe([2, 2]);
        whole.NamedParameters().First().Name.ShouldBe("0.0.1.mean.weight");
        whole.Call(X).Sum().Backward();
        encoder.mean.Weight.Grad.ShouldNotBeNull();
        Module asModule = new Encoder();
        Should.Throw<ArgumentException>(() => asModule.Then(new Plain())).Message.ShouldContain("Encoder");
        Should.Throw<NotSupportedException>(() => asModule.Call(X)).Message.ShouldContain("takes Tensor and gives Encoded");
        Should.Throw<NotSupportedException>(() => ((Module)new Plain()).Call(X, X)).Message.ShouldContain("two tensors");
    }

    [Fact]
    public void Hooks_of_the_values_see_and_replace_them()
    {
        var net = new Masked();
        List<string> order = [];
        net.RegisterForwardPreHook(input =>
        {
            order.Add("before");
            return (input.Item1 + 1, input.Item2);
        });
        HookHandle after = net.RegisterForwardHook((input, output) =>
        {
            order.Add($"after {input.Item2 is null}");
            return output - 1;
        });
        net.Call(X).ElementsEqual((X + 1) * 2 - 1).ShouldBeTrue();
        order.ShouldBe(["before", "after True"]);
        after.Remove();
        net.Call(X).ElementsEqual((X + 1) * 2).ShouldBeTrue();
    }

    [Fact]
    public void Hooks_of_tensors_see_those_in_the_values()
    {
        var cell = new Cell();
        Tensor[]? inputs = null;
        List<Tensor> outputs = [];
        cell.RegisterForwardPreHook((_, given) =>
        {
            inputs = given;
            return [given[0] * 0, given[1], given[2]];
        });
        cell.RegisterForwardHook((_, _, output) =>
        {
            outputs.Add(output);
            return output + 1;
        });
        (Tensor y, (Tensor h, Tensor c)) = cell.Call(X, (Tensor.Ones(2, 2), Tensor.Zeros(2, 2)));
        inputs!.Length.ShouldBe(3);
        outputs.Count.ShouldBe(3);
        h.ElementsEqual((cell.gate.Bias! + 1).Tanh().Expand(2, 2) + 1).ShouldBeTrue();
        y.ElementsEqual(outputs[0] + 1).ShouldBeTrue();
        c.ElementsEqual(outputs[2] + 1).ShouldBeTrue();

        // What is replaced in a record is another record.
        var encoder = new Encoder();
        encoder.RegisterForwardHook((_, _, output) => output.ZerosLike());
        Encoded code = encoder.Call(X);
        code.Mean.Sum().Item().ShouldBe(0);
        code.Name.ShouldBe("code");
        var wrong = new Cell();
        wrong.RegisterForwardPreHook((_, given) => [given[0]]);
        Should.Throw<InvalidOperationException>(() => wrong.Call(X, (X, X))).Message.ShouldContain("called with 3 tensors");
    }

    [Fact]
    public void Backward_hooks_have_the_gradients_of_all_tensors()
    {
        var cell = new Cell();
        Tensor x = X.RequiresGradInPlace(), h0 = Tensor.Zeros(2, 2);
        Tensor?[]? into = null, from = null;
        cell.RegisterFullBackwardHook((_, gradIn, gradOut) =>
        {
            (into, from) = (gradIn, gradOut);
            return null;
        });
        (Tensor y, (Tensor h, _)) = cell.Call(x, (h0, h0));
        (y.Sum() + 2 * h.Sum()).Backward();
        into!.Length.ShouldBe(3);
        into[0]!.ElementsEqual(x.Grad!).ShouldBeTrue();
        into[1].ShouldBeNull();
        from!.Length.ShouldBe(3);
        from[0]!.ElementsEqual(Tensor.Ones(2, 2)).ShouldBeTrue();
        from[1]!.ElementsEqual(Tensor.Full([2, 2], 2)).ShouldBeTrue();
    }

    [Fact]
    public void Hooks_of_all_modules_see_them_too()
    {
        List<string> seen = [];
        Module of = new Encoder();
        using (Module.RegisterGlobalForwardHook((module, inputs, _) =>
        {
            if (ReferenceEquals(module, of)) seen.Add($"{inputs.Length}");
            return null;
        }))
            ((Encoder)of).Call(X);
        seen.ShouldBe(["1", "1"]);
    }
}
