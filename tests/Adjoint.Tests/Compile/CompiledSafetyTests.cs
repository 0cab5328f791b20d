using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>Runs that throw, run at once or come between loads, and what they allocate.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledSafetyTests
{
    private sealed class Model
    {
        private readonly Func<Tensor, Tensor, Tensor> _step;

        internal Model(bool isCompiled)
        {
            Rng.ManualSeed(3);
            Net = new Sequential(new Adjoint.Nn.Linear(4, 8), new BatchNorm1d(8), new ReLU(), new Adjoint.Nn.Linear(8, 3));
            Optimizer = new Adam(Net.Parameters(), 0.01);
            var drawn = new Generator(5);
            Func<Tensor, Tensor, Tensor> step = (x, t) =>
            {
                Optimizer.ZeroGrad();
                Tensor loss = F.CrossEntropy(Net.Call(x).Dropout(0.1, generator: drawn), t);
                loss.Backward();
                Optimizer.Step();
                return loss;
            };
            _step = isCompiled ? Compiled.Step(step).Call : step;
            Drawn = drawn;
        }

        internal Sequential Net { get; }

        internal Adam Optimizer { get; }

        internal Generator Drawn { get; }

        internal Tensor Step(Tensor x, Tensor t) => _step(x, t);

        internal string State() => string.Join("\n", [
            .. Net.StateDict().Select(s => $"{s.Key} {string.Join(" ", GraphRunTests.Bits(s.Value))}"),
            .. Net.Parameters().Select(p => p.Grad is { } g ? string.Join(" ", GraphRunTests.Bits(g)) : "none"),
            .. Optimizer.StateDict().State.SelectMany(s => s.Value.Select(v =>
                $"{s.Key} {v.Key} {(v.Value is Tensor t ? string.Join(" ", GraphRunTests.Bits(t)) : v.Value)}")),
            Convert.ToHexString(Drawn.GetState())]);
    }

    [Fact]
    public void A_run_that_throws_leaves_everything_as_it_was()
    {
        var eager = new Model(isCompiled: false);
        var compiled = new Model(isCompiled: true);
        Tensor x = Tensor.Rand(6, 4), good = Tensor.From([0L, 1, 2, 0, 1, 2]), bad = Tensor.From([0L, 1, 2, 0, 1, 3]);
        for (int i = 0; i < 4; i++)
        {
            Tensor expected = eager.Step(x, good), actual = compiled.Step(x, good);
            GraphRunTests.Compare([actual], [expected.Detach()]);
            string before = compiled.State();
            Should.Throw<TensorIndexException>(() => compiled.Step(x, bad));
            compiled.State().ShouldBe(before);
        }
        compiled.State().ShouldBe(eager.State());
    }

    [Fact]
    public void Options_that_make_no_sense_change_nothing()
    {
        var compiled = new Model(isCompiled: true);
        Tensor x = Tensor.Rand(6, 4), t = Tensor.From([0L, 1, 2, 0, 1, 2]);
        compiled.Step(x, t);
        string before = compiled.State();
        Should.Throw<ArgumentException>(() => compiled.Optimizer.ParamGroups[0].Options["lr"] = -1.0);
        compiled.State().ShouldBe(before);
        compiled.Step(x, t);
        compiled.State().ShouldNotBe(before);
    }

    [Fact]
    public void Loads_between_steps_are_taken_over()
    {
        var eager = new Model(isCompiled: false);
        var compiled = new Model(isCompiled: true);
        Tensor t = Tensor.From([0L, 1, 2, 0, 1, 2]);
        foreach (Model model in (Model[])[eager, compiled])
        {
            Rng.ManualSeed(9);
            for (int i = 0; i < 3; i++) model.Step(Tensor.Rand(6, 4), t);
            var saved = model.Net.StateDict().ToDictionary(s => s.Key, s => s.Value.Clone());
            OptimizerState state = model.Optimizer.StateDict();
            var other = new Model(isCompiled: false);
            other.Optimizer.LoadStateDict(state);
            for (int i = 0; i < 2; i++) model.Step(Tensor.Rand(6, 4), t);
            model.Net.LoadStateDict(saved);
            model.Optimizer.LoadStateDict(other.Optimizer.StateDict());
            for (int i = 0; i < 2; i++) model.Step(Tensor.Rand(5, 4), t[..5]);
        }
        compiled.State().ShouldBe(eager.State());
    }

    [Fact]
    public void Several_threads_run_one_function_at_once()
    {
        Tensor w = Tensor.Rand(32, 32);
        Func<Tensor, Tensor> eager = x => (x.MatMul(w).Relu() * 2 - x).Tanh().Sum(0);
        var f = Compiled.Function(eager);
        Tensor[] all = [.. Enumerable.Range(0, 16).Select(_ => Tensor.Rand(8, 32))];
        Tensor[] expected = [.. all.Select(eager)];
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            GraphRunTests.Bits(f.Call(all[i % 16])).ShouldBe(GraphRunTests.Bits(expected[i % 16])));
        f.Explain().ShouldStartWith("1 captured, 1 captures");
    }

    [Fact]
    public void Threads_train_models_of_their_own()
    {
        Tensor x = Tensor.Rand(6, 4), t = Tensor.From([0L, 1, 2, 0, 1, 2]);
        var eager = new Model(isCompiled: false);
        for (int i = 0; i < 30; i++) eager.Step(x, t);
        Model[] models = [.. Enumerable.Range(0, 4).Select(_ => new Model(isCompiled: true))];
        Parallel.ForEach(models, model => { for (int i = 0; i < 30; i++) model.Step(x, t); });
        foreach (Model model in models) model.State().ShouldBe(eager.State());
    }

    [Fact]
    public void A_step_of_numbers_allocates_nothing()
    {
        Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(0.1, requiresGrad: true);
        Tensor v = Tensor.Scalar(0.5, requiresGrad: true), c = Tensor.Scalar(0.1, requiresGrad: true);
        SGD optimizer = new([w, b], 0.01, weightDecay: 0.1), other = new([v, c], 0.01, weightDecay: 0.1);
        Tensor x = Tensor.Scalar(2.0), t = Tensor.Scalar(1.0);
        var step = Compiled.Step((Tensor x, Tensor t) =>
        {
            optimizer.ZeroGrad();
            (w * x + b - t).Square().Backward();
            optimizer.Step();
        });
        for (int i = 0; i < 500; i++)
        {
            step.Call(x, t);
            other.ZeroGrad();
            (v * x + c - t).Square().Backward();
            other.Step();
            // In the middle of it the code is swapped in.
            if (i % 50 == 0) Thread.Sleep(10);
        }
        GraphRunTests.Compare([w.Detach(), b.Detach(), w.Grad!, b.Grad!], [v.Detach(), c.Detach(), v.Grad!, c.Grad!]);
        step.Call(x, t);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) step.Call(x, t);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        step.Explain().ShouldContain("operations on numbers");
    }

    [Fact]
    public void A_long_chain_of_numbers_has_the_same_bits()
    {
        Tensor w = Tensor.Scalar(0.999, requiresGrad: true);
        Func<Tensor, Tensor> eager = x =>
        {
            w.Grad = null;
            Tensor y = x;
            for (int i = 0; i < 700; i++) y = (y * w + x).Sin();
            y.Backward();
            return y;
        };
        var step = Compiled.Step(eager);
        for (int i = 0; i < 60; i++)
        {
            Tensor x = Tensor.Scalar(0.01 * i), actual = step.Call(x), gradient = w.Grad!;
            Tensor expected = eager(x);
            GraphRunTests.Compare([actual, gradient], [expected, w.Grad!]);
            if (i == 45) Thread.Sleep(500);
        }
    }

    [Fact]
    public void Two_optimizers_and_two_passes_leave_what_they_do()
    {
        string[] states = [.. new[] { false, true }.Select(isCompiled =>
        {
            Rng.ManualSeed(2);
            var first = new Adjoint.Nn.Linear(3, 3);
            var second = new Adjoint.Nn.Linear(3, 3);
            SGD one = new(first.Parameters(), 0.1, momentum: 0.9), two = new(second.Parameters(), 0.1);
            Action<Tensor> step = x =>
            {
                one.ZeroGrad();
                second.Call(first.Call(x)).Square().Sum().Backward();
                one.Step();
                two.ZeroGrad();
                (second.Call(first.Call(x)) - 1).Square().Sum().Backward();
                two.Step();
            };
            if (isCompiled) step = Compiled.Step(step).Call;
            for (int i = 0; i < 4; i++) step(Tensor.Rand(2, 3));
            return string.Join(" ", first.Parameters().Concat(second.Parameters()).SelectMany(p => GraphRunTests.Bits(p).Concat(GraphRunTests.Bits(p.Grad!))));
        })];
        states[1].ShouldBe(states[0]);
    }

    [Fact]
    public void What_a_scope_left_is_refused_by_a_capture_as_outside_and_has_no_memory_without_elements()
    {
        Tensor none = null!, some = null!;
        Cpu.Memory.Scope(() =>
        {
            (none, some) = (Tensor.Zeros(0, 3) + 1, Tensor.Zeros(2, 3) + 1);
            return none.Sum();
        });
        var ofNone = Compiled.Function((Tensor x) => x + none.Sum());
        for (int i = 0; i < 3; i++) ofNone.Call(Tensor.From([1f])).Item<float>().ShouldBe(1 + none.Sum().Item<float>());
        Should.Throw<ObjectDisposedException>(() => some.Sum());
        Should.Throw<ObjectDisposedException>(() => Compiled.Function((Tensor x) => x + some.Sum()).Call(Tensor.From([1f])));
    }
}
