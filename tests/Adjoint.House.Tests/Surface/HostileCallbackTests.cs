using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Surface;

/// <summary>What a caller's own function, hook, module, dataset or stream does wrong is told where it happens.</summary>
public class HostileCallbackTests
{
    [Fact]
    public void A_function_whose_forward_gives_null_says_so()
    {
        Tensor x = Tensor.Ones([2], requiresGrad: true);
        Should.Throw<AutogradException>(() => new Rule { Result = _ => null! }.Apply(new[] { x })).Message.ShouldContain(
            "Forward must return tensors");
        Should.Throw<AutogradException>(() => new Rule { Result = _ => [null!] }.Apply(new[] { x })).Message.ShouldContain(
            "Forward must return tensors");
    }

    [Fact]
    public void A_function_whose_backward_or_tangent_gives_null_says_so()
    {
        Tensor x = Tensor.Ones([2], requiresGrad: true);
        Tensor y = new Rule { Gradients = _ => null! }.Apply(new[] { x })[0];
        Should.Throw<AutogradException>(() => y.Sum().Backward()).Message.ShouldContain("Backward returned null");
        Should.Throw<AutogradException>(
            () => Transforms.Jvp(z => new Rule { Tangents = _ => null! }.Apply(new[] { z })[0], x, Tensor.Ones(2)))
            .Message.ShouldContain("Jvp returned null");
    }

    [Fact]
    public void A_function_that_asks_for_what_it_did_not_save_says_so()
    {
        Tensor x = Tensor.Ones([2], requiresGrad: true);
        var rule = new Rule();
        rule.Gradients = _ => [rule.At(3)];
        Should.Throw<ArgumentOutOfRangeException>(() => rule.Apply(new[] { x })[0].Sum().Backward()).Message.ShouldContain(
            "saved tensor 3");
    }

    [Fact]
    public void A_module_whose_forward_gives_null_says_so_with_hooks_and_without()
    {
        var net = new Empty();
        Should.Throw<InvalidOperationException>(() => net.Call(Tensor.Ones(2))).Message.ShouldContain(
            "Empty: Forward must return a tensor");
        net.RegisterForwardHook((_, _, y) => y);
        Should.Throw<InvalidOperationException>(() => net.Call(Tensor.Ones(2))).Message.ShouldContain(
            "Empty: Forward must return a tensor");
        Should.Throw<ArgumentNullException>(() => net.Call(null!)).ParamName.ShouldBe("input");
    }

    [Fact]
    public void Hooks_that_give_null_or_other_shapes_are_named()
    {
        var layer = new Adjoint.Nn.Linear(2, 3);
        using (layer.RegisterForwardPreHook((_, _) => [null!]))
            Should.Throw<InvalidOperationException>(() => layer.Call(Tensor.Ones(4, 2))).Message.ShouldContain("pre-hook");
        using (layer.RegisterFullBackwardHook((_, _, _) => [Tensor.Ones(7)]))
        {
            Tensor y = layer.Call(Tensor.Ones([4, 2], requiresGrad: true));
            Should.Throw<ShapeException>(() => y.Sum().Backward()).Message.ShouldContain("backward hook of Linear");
        }
        Tensor x = Tensor.Ones([2], requiresGrad: true);
        x.RegisterHook(_ => Tensor.Ones(7));
        Should.Throw<TensorException>(() => (x * 2).Sum().Backward()).Message.ShouldContain("hook");
    }

    [Fact]
    public void A_hook_that_throws_leaves_the_engine_as_it_was()
    {
        Tensor x = Tensor.Ones([2], requiresGrad: true);
        HookHandle handle = x.RegisterHook(g => throw new Samples.CallersException());
        Should.Throw<Samples.CallersException>(() => (x * 2).Sum().Backward());
        handle.Remove();
        x.GradOrNull.ShouldBeNull();
        (x * 2).Sum().Backward();
        x.Grad!.ToArray<float>().ShouldBe([2, 2]);
    }

    [Fact]
    public void A_hook_may_run_another_backward_and_remove_itself()
    {
        Tensor x = Tensor.Ones([2], requiresGrad: true), other = Tensor.Ones([2], requiresGrad: true);
        HookHandle handle = null!;
        handle = x.RegisterHook(g =>
        {
            // Hooks run without recording, as in PyTorch.
            using (Autograd.EnableGrad()) (other * 5).Sum().Backward();
            handle.Remove();
            x.RegisterHook(_ => throw new Samples.CallersException());
            return null;
        });
        (x * 2).Sum().Backward();
        x.Grad!.ToArray<float>().ShouldBe([2, 2]);
        other.Grad!.ToArray<float>().ShouldBe([5, 5]);
        Should.Throw<Samples.CallersException>(() => (x * 2).Sum().Backward());
    }

    [Fact]
    public void Modules_that_hold_themselves_print_list_and_are_refused_when_called()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(2, 2));
        var inner = new Sequential();
        inner.Add(net);
        net.Add(inner);
        net.Parameters().Count().ShouldBe(2);
        net.ToString().ShouldContain("...");
        net.Train().Eval();
        net.StateDict().Count.ShouldBe(2);
        net.Apply(_ => { });
        Should.Throw<AutogradException>(() => net.Call(Tensor.Ones(1, 2))).Message.ShouldContain("within themselves");

        var list = new ModuleList(new Adjoint.Nn.Linear(2, 2));
        list.Add(list);
        list.ToString().ShouldContain("...");
        list.Parameters().Count().ShouldBe(2);
        var named = new ModuleDict { ["self"] = list };
        list.Add(named);
        named["again"] = named;
        named.ToString().ShouldContain("...");
        named.NamedModules().Count().ShouldBeLessThan(5);
    }

    [Fact]
    public void A_closure_without_a_loss_is_refused() =>
        Should.Throw<InvalidOperationException>(() =>
            new SGD([Tensor.Ones([2], requiresGrad: true)]).Step(() => null!)).Message.ShouldContain("closure");

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_dataset_that_gives_null_or_throws_is_told_at_its_batch(int prefetch)
    {
        Should.Throw<InvalidOperationException>(() =>
            new DataLoader(new Broken(_ => null!), batchSize: 2, prefetch: prefetch).ToList()).Message.ShouldContain("example 0");
        Should.Throw<InvalidOperationException>(() =>
            new DataLoader(new Broken(i => [i == 1 ? null! : Tensor.Ones(1)]), batchSize: 2, prefetch: prefetch)
            .ToList()).Message.ShouldContain("example 1");
        Should.Throw<InvalidOperationException>(() =>
            new DataLoader(new Broken(_ => null!), batchSize: null, prefetch: prefetch).ToList()).Message.ShouldContain("example 0");
        Should.Throw<Samples.CallersException>(
            () => new DataLoader(new Broken(_ => throw new Samples.CallersException()), prefetch: prefetch).ToList());
    }

    [Fact]
    public void A_saved_state_that_fits_not_is_refused_and_changes_nothing()
    {
        Tensor p = Tensor.Ones([2], requiresGrad: true);
        var adam = new Adam([p], lr: 0.5);
        p.Sum().Backward();
        adam.Step();
        OptimizerState state = adam.StateDict();
        float[] mean = ((Tensor)state.State[0]["exp_avg"]!).ToArray<float>();

        Should.Throw<ShapeException>(() => adam.LoadStateDict(With("exp_avg", Tensor.Ones(7)))).Message.ShouldContain("exp_avg");
        Should.Throw<ArgumentException>(() => adam.LoadStateDict(With("exp_avg", null))).ParamName.ShouldBe("state");
        Should.Throw<ArgumentException>(() => adam.LoadStateDict(With("step", "three"))).ParamName.ShouldBe("state");
        var options = new Dictionary<string, object?>(state.ParamGroups[0].Options) { ["lr"] = double.NaN };
        Should.Throw<ArgumentException>(() => adam.LoadStateDict(state with { ParamGroups = [new(options, [0])] })).ParamName.ShouldBe(
            "lr");

        adam.ParamGroups[0].Lr.ShouldBe(0.5);
        ((Tensor)adam.StateDict().State[0]["exp_avg"]!).ToArray<float>().ShouldBe(mean);
        adam.LoadStateDict(With("step", 3));
        adam.Step();

        OptimizerState With(string name, object? value) =>
            state with
            {
                State =
                new Dictionary<int, IReadOnlyDictionary<string, object?>>
                {
                    [0] =
                    new Dictionary<string, object?>(state.State[0]) { [name] = value }
                }
            };
    }

    [Fact]
    public void A_schedule_that_gives_no_rate_is_refused_and_changes_nothing()
    {
        var sgd =
            new SGD([new ParamGroup([Tensor.Ones([2], requiresGrad: true)]), new ParamGroup([Tensor.Ones([2], requiresGrad: true)])],
                lr: 0.5);
        var schedule = new LambdaLR(sgd, [_ => 0.5, epoch => epoch == 0 ? 1 : -1]);
        Should.Throw<InvalidOperationException>(schedule.Step).Message.ShouldContain("group 1");
        schedule.LastEpoch.ShouldBe(0);
        schedule.LastLr.ToArray().ShouldBe([0.25, 0.5]);
    }

    [Fact]
    public void A_stream_that_breaks_off_gives_its_own_error()
    {
        var tensors = new Dictionary<string, Tensor> { ["a"] = Tensor.Ones(100) };
        Should.Throw<IOException>(() => SafeTensors.Save(new Full(50), tensors)).Message.ShouldBe("full");
    }

    private sealed class Rule : Function
    {
        internal Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Result { get; init; } = x => [x[0] * 2];

        internal Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>> Gradients { get; set; } = g => [g[0]! * 2];

        internal Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>> Tangents { get; init; } = t => [t[0]! * 2];

        internal Tensor? At(int index) => Saved(index);

        protected override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs) => Result(inputs);

        protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> gradients) => Gradients(gradients);

        protected override IReadOnlyList<Tensor?> Jvp(IReadOnlyList<Tensor?> tangents) => Tangents(tangents);
    }

    private sealed class Empty : Module
    {
        protected override Tensor Forward(Tensor input) => null!;
    }

    private sealed class Broken(Func<int, Tensor[]> example) : Dataset
    {
        public override int Count => 4;

        public override Tensor[] this[int index] => example(index);
    }

    private sealed class Full(int room) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > room) throw new IOException("full");
            base.Write(buffer, offset, count);
        }
    }
}
