using System.Runtime.CompilerServices;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>A compiled step of single numbers looks once before a run; what changes between calls is seen all the same.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledNumberTests
{
    /// <summary>A model of two numbers, whose step is called as it is, or compiled.</summary>
    private sealed class Neuron
    {
        internal Tensor W = Tensor.Scalar(0.5, requiresGrad: true), B = Tensor.Scalar(-0.25, requiresGrad: true);
        internal double Rate = 1;
        internal int Hooked;
        private readonly Func<Tensor, Tensor, Tensor> _step;
        private readonly Compiled? _compiled;

        internal Neuron(bool isCompiled)
        {
            Optimizer = new SGD([W, B], 0.05);
            _step = (x, t) =>
            {
                Optimizer.ZeroGrad();
                Tensor loss = ((W * x + B).Tanh() * Rate - t).Square();
                loss.Backward();
                Optimizer.Step();
                return loss.Detach();
            };
            if (!isCompiled) return;
            Compiled<Func<Tensor, Tensor, Tensor>> compiled = Compiled.Step(_step);
            (_step, _compiled) = (compiled.Call, compiled);
        }

        internal SGD Optimizer { get; }

        internal string Explain() => _compiled!.Explain();

        internal Tensor Step(double x, double t) => Step(Tensor.Scalar(x), Tensor.Scalar(t));

        internal Tensor Step(Tensor x, Tensor t) => _step(x, t);
    }

    private static void Compare(Neuron eager, Neuron compiled, Tensor one, Tensor other)
    {
        GraphRunTests.Compare([other, compiled.W, compiled.B], [one, eager.W, eager.B]);
        (compiled.W.Grad is null, compiled.B.Grad is null).ShouldBe((eager.W.Grad is null, eager.B.Grad is null));
        foreach ((Tensor p, Tensor q) in (IEnumerable<(Tensor, Tensor)>)[(compiled.W, eager.W), (compiled.B, eager.B)])
            if (q.Grad is { } grad) GraphRunTests.Compare([p.Grad!], [grad]);
        compiled.Hooked.ShouldBe(eager.Hooked);
    }

    // Calls both often enough for generated code, changes both in the middle, and goes on.
    private static string Between(Action<Neuron, int> change, int changes = 3)
    {
        Neuron eager = new(false), compiled = new(true);
        for (int round = 0; round <= changes; round++)
        {
            for (int i = 0; i < 60; i++)
            {
                (double x, double t) = (Math.Sin(i + round), Math.Cos(i * 3.0));
                Compare(eager, compiled, eager.Step(x, t), compiled.Step(x, t));
            }
            if (round == 0) Thread.Sleep(300);
            // Nobody looks at gradients.
            for (int i = 0; i < 20; i++) (_, _) = (eager.Step(i, 1), compiled.Step(i, 1));
            if (round == changes) break;
            change(eager, round);
            change(compiled, round);
        }
        return compiled.Explain();
    }

    [Fact]
    public void Nothing_changes()
    {
        string text = Between((_, _) => { });
        text.ShouldStartWith("1 captured, 1 captures");
        if (RuntimeFeature.IsDynamicCodeCompiled) text.ShouldContain("as straight-line code");
    }

    [Fact]
    public void Gradients_are_set_to_none_or_to_others_and_kept()
    {
        List<Tensor> held = [], copies = [];
        Between((n, round) =>
        {
            n.W.Grad = null;
            if (round == 1) n.B.Grad = Tensor.Scalar(7.0);
            if (round == 2) n.B.Grad!.MulInPlace(2);
            if (n.B.Grad is not { } grad) return;
            held.Add(grad);
            copies.Add(grad.Clone());
        });
        GraphRunTests.Compare(held, copies);
    }

    [Fact]
    public void Options_change() => Between((n, round) =>
    {
        ParamGroup group = n.Optimizer.ParamGroups[0];
        if (round == 0) group.Lr = 0.01;
        if (round == 1) group["weight_decay"] = 0.1;
        if (round == 2) group["maximize"] = true;
        if (round == 3) group["momentum"] = 0.5;
        if (round == 4) group["momentum"] = 0.0;
    }, 6);

    [Fact]
    public void Hooks_come_and_go()
    {
        Dictionary<Neuron, HookHandle> hooks = [];
        string text = Between((n, round) =>
        {
            if (round == 1) hooks[n].Remove();
            else hooks[n] = n.W.RegisterHook(g => { n.Hooked++; });
        });
        text.ShouldContain("hooks");
    }

    [Fact]
    public void Whether_gradients_are_wanted_changes() => Between((n, round) =>
    {
        n.B.Grad = null;
        n.B.RequiresGrad = round == 1;
    });

    [Fact]
    public void Variables_change() => Between((n, round) =>
    {
        if (round == 0) n.Rate = 0.5;
        if (round == 1) n.Rate = -0.0;
        if (round == 2) n.Rate = 2;
        if (round == 3) n.B = Tensor.Scalar(0.125, requiresGrad: true);
        if (round == 4) n.B = n.W;
    }, 6);

    [Fact]
    public void Elements_and_states_change() => Between((n, round) =>
    {
        using (Autograd.NoGrad())
        {
            if (round == 0) n.W.CopyInPlace(Tensor.Scalar(0.75));
            if (round == 1) n.B.MulInPlace(0.5);
        }
        if (round == 2) n.Optimizer.LoadStateDict(n.Optimizer.StateDict());
        if (round == 3) n.W.Detach().CopyFrom([0.1f]);
    }, 5);

    [Fact]
    public void Arguments_may_be_anything_with_one_element()
    {
        Neuron eager = new(false), compiled = new(true);
        Tensor row = Tensor.From([0.5f, 0.25f, 2f]), one = Tensor.Scalar(0.3), shared = Tensor.Scalar(1.5);
        shared.Detach().SharesStorageWith(shared).ShouldBeTrue();
        for (int round = 0; round < 4; round++)
        {
            Step(n => (one, one));
            Step(n => (one, shared));
            Step(n => (shared, one));
            Step(n => (shared, shared));
            Step(n => (row[1], row[2]));
            Step(n => (row[1], one));
            Step(n => (n.W.Detach(), one));
            Step(n => (one, n.B.Detach()));
            Step(n => (n.W.Grad!, one));
            Step(n => (n.W.Grad!, n.B.Grad!));
            Step(n => (Tensor.From([0.5f])[0], Tensor.Scalar(round)));
            Step(n => (Tensor.Scalar(0.5, DType.Float64), one));
            Step(n => (Tensor.Scalar(0.5), 0.25));
            Step(n => (0.5, 0.25));
            if (round == 1) Thread.Sleep(200);
            for (int i = 0; i < 50; i++) Step(n => (one, shared));
        }
        Should.Throw<ArgumentNullException>(() => compiled.Step(one, null!));

        void Step(Func<Neuron, (Tensor X, Tensor T)> arguments)
        {
            ((Tensor x, Tensor t), (Tensor x2, Tensor t2)) = (arguments(eager), arguments(compiled));
            Compare(eager, compiled, eager.Step(x, t), compiled.Step(x2, t2));
        }
    }

    [Fact]
    public void Numbers_of_the_call_may_stand_anywhere()
    {
        Func<Tensor, Tensor, Tensor> eager = (x, y) => (x - y).Exp() * x;
        var f = Compiled.Function(eager);
        Tensor one = Tensor.Scalar(0.3), two = Tensor.Scalar(0.3, DType.Float64);
        for (int i = 0; i < 100; i++)
        {
            double number = Math.Sin(i);
            foreach (Tensor x in (Tensor[])[one, two, Tensor.Scalar(i)])
            {
                GraphRunTests.Compare([f.Call(x, number)], [eager(x, number)]);
                GraphRunTests.Compare([f.Call(number, x)], [eager(number, x)]);
                GraphRunTests.Compare([f.Call(x, 3)], [eager(x, 3)]);
                if (i % 7 == 0) GraphRunTests.Compare([f.Call(x, one)], [eager(x, one)]);
            }
            if (i == 60) Thread.Sleep(200);
        }
    }

    [Fact]
    public void Modes_of_the_caller()
    {
        Func<Tensor, Tensor> eager = x => (x * 2 + 1).Exp();
        var f = Compiled.Function(eager);
        Tensor x = Tensor.Scalar(0.5);
        for (int i = 0; i < 60; i++)
        {
            GraphRunTests.Compare([f.Call(x)], [eager(x)]);
            using (Autograd.NoGrad()) GraphRunTests.Compare([f.Call(x)], [eager(x)]);
            using (Autograd.InferenceMode())
            {
                Tensor y = f.Call(x);
                y.IsInference.ShouldBeTrue();
                GraphRunTests.Compare([y], [eager(x)]);
            }
            Tensor grad = Tensor.Scalar(0.5, requiresGrad: true);
            f.Call(grad).Backward();
            GraphRunTests.Compare([grad.Grad!], [2 * eager(x)]);
            using (MemoryScope scope = Cpu.Memory.Scope()) scope.Keep(f.Call(x));
            if (i == 45) Thread.Sleep(200);
        }
    }

    [Fact]
    public void Results_are_tensors_of_their_own_and_nothing_else_is_allocated()
    {
        var f = Compiled.Function((Tensor x) => (x * 2 + 1).Tanh());
        Tensor x = Tensor.Scalar(0.5);
        Tensor first = f.Call(x), kept = first.Clone();
        for (int i = 0; i < 200; i++)
        {
            f.Call(x);
            if (i == 50) Thread.Sleep(300);
        }
        GraphRunTests.Compare([first], [kept]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Tensor.Scalar(0.5);
        long one = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        f.Call(x);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThanOrEqualTo(one);
    }

    [Fact]
    public void A_parameter_that_is_gone_is_an_error_and_nothing_has_changed()
    {
        Neuron n = new(true);
        for (int i = 0; i < 50; i++) n.Step(i, 1);
        Thread.Sleep(200);
        n.Step(1, 1);
        Tensor w = n.W.Detach().Clone();
        n.B.Dispose();
        for (int i = 0; i < 3; i++) Should.Throw<ObjectDisposedException>(() => n.Step(1, 1));
        GraphRunTests.Compare([n.W], [w]);
    }

    [Fact]
    public void Threads_have_numbers_of_their_own()
    {
        Func<Tensor, Tensor> eager = x =>
        {
            Tensor at = x.Detach().RequiresGradInPlace();
            return Autograd.Grad((at * at * at).Tanh(), at);
        };
        var f = Compiled.Function(eager);
        Tensor[] x = [.. Enumerable.Range(0, 100).Select(i => Tensor.Scalar(i / 50.0))], y = [.. x.Select(eager)];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                int at = (i * 7 + thread * 13) % x.Length;
                GraphRunTests.Compare([f.Call(x[at])], [y[at]]);
            }
        });
        Neuron shared = new(true);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int i = 0; i < 500; i++) float.IsFinite(shared.Step(0.5, 0.25).Item<float>()).ShouldBeTrue();
        });
        Math.Abs(shared.Step(0.5, 0.25).Item()).ShouldBeLessThan(0.2);
    }

    [Fact]
    public void A_long_chain_is_captured_in_a_time_that_grows_with_its_length()
    {
        Tensor w = Tensor.Scalar(0.999, requiresGrad: true), x = Tensor.Scalar(0.5);
        Func<Tensor, Tensor> eager = x =>
        {
            w.Grad = null;
            Tensor y = x;
            for (int i = 0; i < 20_000; i++) y = y * w + x;
            y.Backward();
            return y.Detach();
        };
        Tensor expected = eager(x), gradient = w.Grad!;
        var step = Compiled.Step(eager);
        for (int i = 0; i < 3; i++)
        {
            GraphRunTests.Compare([step.Call(x)], [expected]);
            GraphRunTests.Compare([w.Grad!], [gradient]);
        }
        step.Explain().ShouldStartWith("1 captured, 1 captures");
    }

    [Fact]
    public void A_long_chain_becomes_code_too_and_has_the_same_bits()
    {
        Tensor w = Tensor.Scalar(0.999, requiresGrad: true);
        Func<Tensor, Tensor> eager = x =>
        {
            w.Grad = null;
            Tensor y = x;
            for (int i = 0; i < 5_000; i++) y = (y * w + x).Sin();
            y.Backward();
            return y.Detach();
        };
        var step = Compiled.Step(eager);
        var random = new Random(1);
        for (int i = 0; i < 2_000 && !step.Explain().Contains("as straight-line code"); i++)
        {
            if (i > 60) Thread.Sleep(5);
            step.Call(Tensor.Scalar(random.NextDouble()));
        }
        if (RuntimeFeature.IsDynamicCodeCompiled) step.Explain().ShouldContain("as straight-line code");
        foreach (double x in (double[])[0.25, -3, 0, double.NaN, double.PositiveInfinity])
        {
            Tensor[] expected = [eager(Tensor.Scalar(x)), w.Grad!];
            GraphRunTests.Compare([step.Call(Tensor.Scalar(x)), w.Grad!], expected);
        }
    }

    [Fact]
    public void Where_runs_are_slower_the_function_is_called()
    {
        var trial = new ReplayTrial();
        long runs = 0;
        for (; runs < 100_000 && trial.Verdict is null; runs++)
            if (trial.IsTurn(runs)) trial.End(trial.IsOfFunction ? 1_000 : 1_090);
        trial.Verdict.ShouldBeNull();
        trial = new ReplayTrial();
        for (runs = 0; runs < 100_000 && trial.Verdict is null; runs++)
            if (trial.IsTurn(runs)) trial.End(trial.IsOfFunction ? 1_000 : 1_200);
        trial.Verdict.ShouldNotBeNull().ShouldContain("nothing to be gained");
        trial.Calls.ShouldBeLessThan(200);
    }

    [Fact]
    public void A_function_that_holds_much_and_computes_little_is_called_as_it_is()
    {
        var many = new (decimal One, Tensor? Two)[250];
        Func<Tensor, Tensor> eager = x => many.Length > 0 ? x + 1 : x;
        var f = Compiled.Function(eager);
        Tensor x = Tensor.From([1f, 2f]);
        for (int i = 0; i < 20_000; i++) f.Call(x);
        GraphRunTests.Compare([f.Call(x)], [eager(x)]);
        f.Explain().ShouldContain("nothing to be gained");
    }
}
