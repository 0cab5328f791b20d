using Adjoint.Nn;
using Adjoint.Optim;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Signatures;

using Linear = Adjoint.Nn.Linear;

/// <summary>Ten programs with modules that are no tensor in, tensor out.</summary>
public class UnusualModuleTests
{
    private static Tensor X => Tensor.From([[1f, 2f, 3f], [4f, 5f, 6f]]) / 6;

    private static double Trained(Module net, Func<Tensor> loss, int steps = 60)
    {
        var optimizer = new Adam(net.Parameters(), 0.05);
        double last = 0;
        for (int i = 0; i < steps; i++)
        {
            optimizer.ZeroGrad();
            Tensor value = loss();
            value.Backward();
            optimizer.Step();
            last = value.Item();
        }
        return last;
    }

    // 1. A record out, draws inside, a copy that follows the weights.
    private sealed record Coded(Tensor Reconstruction, Tensor Mean, Tensor LogVariance)
    {
        public Tensor Loss(Tensor x) => F.MseLoss(Reconstruction, x) + 0.01 * (Mean.Square() + LogVariance.Exp() - LogVariance - 1).Mean();
    }

    private sealed class Autoencoder(Generator generator) : Module<Tensor, Coded>
    {
        private readonly Linear _mean = new(3, 2, generator: generator), _spread = new(3, 2, generator: generator), _back = new(2, 3, generator: generator);

        protected override Coded Forward(Tensor x)
        {
            Tensor mean = _mean.Call(x), spread = _spread.Call(x);
            Tensor code = Training ? mean + (0.5 * spread).Exp() * mean.RandnLike(generator: generator) * 0.1 : mean;
            return new Coded(_back.Call(code), mean, spread);
        }
    }

    [Fact]
    public void An_autoencoder_gives_a_record_and_a_copy_follows_it()
    {
        Autoencoder net = new Autoencoder(new Generator(3)).Train(), average = net.DeepCopy().Eval();
        average.Training.ShouldBeFalse();
        double before = net.Call(X).Loss(X).Item();
        Trained(net, () => net.Call(X).Loss(X)).ShouldBeLessThan(before / 4);
        using (Autograd.NoGrad())
            foreach (var (own, of) in average.Parameters().Zip(net.Parameters())) own.CopyInPlace(0.1 * own + 0.9 * of);
        average.Call(X).Loss(X).Item().ShouldBeLessThan(before);
        using var folder = new TemporaryFolder();
        Autoencoder loaded = new Autoencoder(new Generator(9)).Load(net.Save(folder.File("net.safetensors")) is { } ? folder.File("net.safetensors") : "").Eval();
        loaded.Call(X).Reconstruction.ElementsEqual(net.Eval().Call(X).Reconstruction).ShouldBeTrue();
    }

    // 2. An optional state that is a record of a struct; steps over a sequence.
    private readonly record struct Memory(Tensor Hidden, int Steps);

    private sealed class Remembering : Module<Tensor, Memory?, (Tensor Y, Memory State)>
    {
        public readonly Linear cell = new(5, 2, generator: new Generator(1));

        protected override (Tensor Y, Memory State) Forward(Tensor x, Memory? state)
        {
            Tensor before = state?.Hidden ?? Tensor.Zeros(x.Shape[0], 2);
            Tensor hidden = cell.Call(Tensor.Cat([x, before], 1)).Tanh();
            return (hidden, new Memory(hidden, (state?.Steps ?? 0) + 1));
        }
    }

    [Fact]
    public void A_cell_starts_without_a_state_and_hooks_see_the_tensors_in_it()
    {
        var cell = new Remembering();
        List<int> given = [];
        cell.RegisterForwardPreHook((_, tensors) =>
        {
            given.Add(tensors.Length);
            return null;
        });
        Memory? state = null;
        Tensor y = X;
        for (int i = 0; i < 3; i++) (y, state) = cell.Call(X, state);
        state!.Value.Steps.ShouldBe(3);
        given.ShouldBe([1, 2, 2]);
        y.Sum().Backward();
        cell.GetParameter("cell.weight").Grad!.Abs().Sum().Item().ShouldBeGreaterThan(0);
    }

    // 3. Words in: no tensor goes in at all.
    private sealed class Bag(params string[] words) : Module<string[], Tensor>
    {
        private readonly Dictionary<string, int> _places = words.Index().ToDictionary(w => w.Item, w => w.Index);
        private readonly Embedding _vectors = new(words.Length, 2, generator: new Generator(5));

        protected override Tensor Forward(string[] sentence) =>
            _vectors.Call(Tensor.From(sentence.Select(word => (long)_places[word]).ToArray())).Mean(0);
    }

    [Fact]
    public void A_bag_of_words_takes_text_and_learns()
    {
        var net = new Bag("good", "bad", "film");
        (string[], double)[] data = [(["good", "film"], 1), (["bad", "film"], -1)];
        Trained(net, () => data.Select(d => (net.Call(d.Item1).Sum() - d.Item2).Square()).Aggregate((a, b) => a + b)).ShouldBeLessThan(0.01);
        Should.Throw<KeyNotFoundException>(() => net.Call(["new"]));
        net.Double().Call(["good"]).DType.ShouldBe(DType.Float64);
    }

    // 4. A dictionary out, of heads that are looked up by name.
    private sealed class Heads : Module<Tensor, IReadOnlyDictionary<string, Tensor>>
    {
        public readonly Sequential body = new(new Linear(3, 4, generator: new Generator(2)), new Tanh());
        public readonly ModuleDict heads = new() { ["class"] = new Linear(4, 2), ["box"] = new Linear(4, 4) };

        protected override IReadOnlyDictionary<string, Tensor> Forward(Tensor x)
        {
            Tensor features = body.Call(x);
            return heads.ToDictionary(head => head.Key, head => head.Value.Call(features));
        }
    }

    [Fact]
    public void Heads_are_found_by_name_and_their_results_pass_hooks()
    {
        var net = new Heads();
        int seen = 0;
        net.RegisterForwardHook((_, _, output) =>
        {
            seen++;
            return output * 0;
        });
        IReadOnlyDictionary<string, Tensor> y = net.Call(X);
        (seen, y["class"].Shape[1], y["box"].Abs().Sum().Item()).ShouldBe((2, 2, 0));
        net.GetSubmodule("heads.box").ShouldBeSameAs(net.heads["box"]);
        net.GetParameter("body.0.weight").Shape.ShouldBe([4, 3]);
        Should.Throw<KeyNotFoundException>(() => net.GetSubmodule("heads.mask")).Message.ShouldContain("heads.box");
    }

    // 5. One module in two places, called with two tensors: its parameters are there once.
    private sealed class Twins : Module<Tensor, Tensor, Tensor>
    {
        public readonly Linear left, right;

        public Twins() => left = right = new Linear(3, 2, generator: new Generator(4));

        protected override Tensor Forward(Tensor a, Tensor b) => (left.Call(a) - right.Call(b)).Square().Sum(1);
    }

    [Fact]
    public void Twins_share_their_weights_also_in_a_copy_and_in_a_file()
    {
        var net = new Twins();
        net.Parameters().Count().ShouldBe(2);
        Twins copy = net.DeepCopy();
        copy.left.ShouldBeSameAs(copy.right);
        copy.left.ShouldNotBeSameAs(net.left);
        net.StateDict().Keys.ShouldBe(["left.weight", "left.bias", "right.weight", "right.bias"]);
        using var folder = new TemporaryFolder();
        using (Autograd.NoGrad()) net.left.Weight.MulInPlace(2);
        net.Save(folder.File("twins"));
        copy.Load(folder.File("twins")).Call(X, X.Flip(0)).ElementsEqual(net.Call(X, X.Flip(0))).ShouldBeTrue();
    }

    // 6. A function as an input, and a generic module around any other.
    private sealed class Around<TInner>(TInner inner) : Module<Tensor, Func<Tensor, Tensor>, Tensor> where TInner : Module
    {
        public TInner Inner { get; } = inner;

        protected override Tensor Forward(Tensor x, Func<Tensor, Tensor> after) => after(Inner.Call(x)) + x;
    }

    [Fact]
    public void A_generic_module_takes_a_function()
    {
        Around<Sequential> net = new Around<Sequential>(new Sequential(new Linear(3, 3), new Dropout(0.5))).Eval();
        net.Inner[1].Training.ShouldBeFalse();
        Tensor y = net.Call(X, t => t.Relu());
        y.ElementsEqual(net.Inner.Call(X).Relu() + X).ShouldBeTrue();
        Around<Sequential> wide = net.DeepCopy().To(DType.Float64).Train();
        wide.Call(X.Double(), t => t).DType.ShouldBe(DType.Float64);
        net.Inner[0].GetParameter("weight").DType.ShouldBe(DType.Float32);
        net.NamedParameters().Select(p => p.Name).ShouldBe(["inner.0.weight", "inner.0.bias"]);
    }

    // 7. Experts in a list, chosen by numbers that are no tensors.
    private sealed class Experts : Module<Tensor, int[], Tensor>
    {
        public readonly ModuleList experts = new(Enumerable.Range(0, 3).Select(i => new Linear(3, 2, generator: new Generator(i))));

        protected override Tensor Forward(Tensor x, int[] chosen) => Tensor.Stack([.. chosen.Select((e, i) => experts[e].Call(x[i]))]);
    }

    [Fact]
    public void Only_the_experts_that_were_chosen_get_gradients()
    {
        var net = new Experts();
        net.Call(X, [2, 0]).Sum().Backward();
        net.experts.Select(e => e.GetParameter("weight").Grad is not null).ShouldBe([true, false, true]);
        Tensor?[]? gradients = null;
        net.RegisterFullBackwardHook((_, gradIn, gradOut) =>
        {
            gradients = gradOut;
            return null;
        });
        net.Call(X, [1, 1]).Sum().Backward();
        gradients!.ShouldHaveSingleItem()!.Shape.ShouldBe([2, 2]);
        net.ZeroGrad();
        net.Parameters().ShouldAllBe(p => p.Grad == null);
    }

    // 8. Nested parts in, a tuple of a list and a number out, in a chain.
    private sealed class Split : Module<Tensor, (List<Tensor> Parts, int Count)>
    {
        protected override (List<Tensor> Parts, int Count) Forward(Tensor x) => ([.. x.Unbind()], x.Shape[0]);
    }

    private sealed class Joined : Module<(List<Tensor> Parts, int Count), Tensor>
    {
        public readonly Tensor weight = Tensor.Scalar(2).AsParameter();

        protected override Tensor Forward((List<Tensor> Parts, int Count) input) =>
            input.Parts.Aggregate((a, b) => a + b) * weight / input.Count;
    }

    [Fact]
    public void Odd_parts_stand_in_a_chain_that_is_a_layer()
    {
        Module<Tensor, Tensor> chain = new Split().Then(new Joined());
        var net = new Sequential(chain, new ReLU());
        net.Call(X).ElementsEqual((X.Sum(0) * 2 / 2).Relu()).ShouldBeTrue();
        net.NamedParameters().Single().Name.ShouldBe("0.1.weight");
        net.ToString().ShouldContain("Split()");
        chain.RegisterForwardHook((input, output) => output - output);
        net.Call(X).Abs().Sum().Item().ShouldBe(0);
    }

    // 9. A module that is told its sizes by what it sees first, and keeps what it saw.
    private sealed class Centred : Module<Tensor, bool, Tensor>
    {
        private Tensor? _mean;

        protected override Tensor Forward(Tensor x, bool observe)
        {
            if (observe) _mean = (_mean is null ? x.Mean(0) : 0.5 * _mean + 0.5 * x.Mean(0)).Detach().AsBuffer();
            return _mean is null ? x : x - _mean;
        }
    }

    [Fact]
    public void What_a_module_saw_is_a_buffer_from_then_on()
    {
        var net = new Centred();
        net.Buffers().ShouldBeEmpty();
        net.Call(X, true).Sum(0).Abs().Sum().Item().ShouldBe(0, 1e-6);
        net.StateDict().Keys.ShouldBe(["mean"]);
        net.Call(X * 3, true);
        net.GetBuffer("mean").ElementsEqual(0.5 * X.Mean(0) + 0.5 * (X * 3).Mean(0)).ShouldBeTrue();
        net.To(DType.Float64).GetBuffer("mean").DType.ShouldBe(DType.Float64);
        // A copy has its own.
        Centred copy = net.DeepCopy();
        copy.Call(X.Double() * 0, true);
        net.GetBuffer("mean").ElementsEqual(copy.GetBuffer("mean")).ShouldBeFalse();
    }

    // 10. Other parameters for one call, of a module of four arguments.
    private sealed class Weighted : Module<Tensor, Tensor?, double, string, Tensor>
    {
        public readonly Linear layer = new(3, 2, generator: new Generator(8));

        protected override Tensor Forward(Tensor x, Tensor? mask, double scale, string how)
        {
            Tensor y = layer.Call(x) * scale;
            if (mask is not null) y = y * mask;
            return how switch { "sum" => y.Sum(), "mean" => y.Mean(), _ => throw new ArgumentException($"\"{how}\" is neither sum nor mean.", nameof(how)) };
        }
    }

    [Fact]
    public void A_call_with_other_parameters_leaves_its_own()
    {
        var net = new Weighted();
        Tensor zero = Tensor.Zeros([2, 3], requiresGrad: true);
        Tensor y = net.FunctionalCall(new Dictionary<string, Tensor> { ["layer.weight"] = zero, ["layer.bias"] = Tensor.Ones(2) }, () => net.Call(X, null, 2, "sum"));
        y.Item().ShouldBe(8);
        y.Backward();
        zero.Grad!.Sum().Item().ShouldBe(2 * 2 * X.Sum().Item(), 1e-5);
        net.Call(X, Tensor.Zeros(2, 2), 1, "mean").Item().ShouldBe(0);
        Should.Throw<ArgumentException>(() => net.Call(X, null, 1, "max")).Message.ShouldContain("neither");
        net.GetParameter("layer.weight").Abs().Sum().Item().ShouldBeGreaterThan(0);
        Module plain = net;
        Should.Throw<NotSupportedException>(() => plain.Call(X)).Message.ShouldContain("Weighted");
    }
}
