using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>Threads that call one step at once, and threads with steps of their own.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledThreadTests
{
    private const int Threads = 8;

    /// <summary>Whole numbers add up to the same in any order, so one change that is lost is seen.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40_000)]
    public void No_change_of_a_step_is_lost(int elements)
    {
        const int Calls = 400;
        Tensor w = Tensor.Zeros([elements], DType.Float64, requiresGrad: true), count = Tensor.Zeros(Shape.Scalar, DType.Float64);
        var optimizer = new SGD([w], lr: 1);
        var step = Compiled.Step((Tensor x) =>
        {
            optimizer.ZeroGrad();
            (w * x).Sum().Backward();
            optimizer.Step();
            count.AddInPlace(1);
        });
        Run(thread =>
        {
            for (int i = 0; i < Calls; i++)
            {
                double value = thread + 1 + i % 3;
                // Two shapes: the other one is captured while runs of the first are under way.
                step.Call(Tensor.Full(i > 10 && i % 5 == 0 ? [1, elements] : [elements], value, DType.Float64));
            }
        });
        double sum = Enumerable.Range(0, Threads).Sum(thread => Enumerable.Range(0, Calls).Sum(i => thread + 1.0 + i % 3));
        count.Item().ShouldBe(Threads * Calls);
        w.Detach().ToArray<double>().ShouldAllBe(value => value == -sum);
    }

    [Fact]
    public void A_neuron_is_trained_by_threads_at_once()
    {
        Tensor w = Tensor.Scalar(0.0, requiresGrad: true);
        var optimizer = new SGD([w], lr: 1);
        var step = Compiled.Step((Tensor x) =>
        {
            optimizer.ZeroGrad();
            (w * x).Backward();
            optimizer.Step();
        });
        Tensor[] xs = [.. Enumerable.Range(0, Threads).Select(i => Tensor.Scalar(i + 1.0))];
        // One thread by itself, so that the first is the first; then all.
        for (int i = 0; i < 100; i++) step.Call(xs[0]);
        Thread.Sleep(50);
        Run(thread => { for (int i = 0; i < 20_000; i++) step.Call(xs[thread]); });
        w.Item().ShouldBe(-(100 + 20_000.0 * 36));
    }

    [Fact]
    public void Threads_that_train_one_model_leave_what_one_thread_leaves()
    {
        Tensor x = Tensor.Randn(6, 4), t = Tensor.From([0L, 1, 2, 0, 1, 2]);
        (Sequential eager, Func<Tensor> step) = Model(isCompiled: false);
        (Sequential net, Func<Tensor> compiled) = Model(isCompiled: true);
        for (int i = 0; i < Threads * 60; i++) step();
        Run(_ => { for (int i = 0; i < 60; i++) compiled(); });
        GraphRunTests.Compare([.. net.Parameters().Concat(net.Buffers())], [.. eager.Parameters().Concat(eager.Buffers())]);

        (Sequential, Func<Tensor>) Model(bool isCompiled)
        {
            Rng.ManualSeed(9);
            var net = new Sequential(new Adjoint.Nn.Linear(4, 16), new BatchNorm1d(16), new ReLU(), new Adjoint.Nn.Linear(16, 3));
            var optimizer = new Adam(net.Parameters(), 0.01);
            Func<Tensor> f = () =>
            {
                optimizer.ZeroGrad();
                Tensor loss = F.CrossEntropy(net.Call(x), t);
                loss.Backward();
                optimizer.Step();
                return loss;
            };
            return (net, isCompiled ? Compiled.Step(f).Call : f);
        }
    }

    [Fact]
    public void Threads_with_heads_of_their_own_read_one_body()
    {
        var body = new Sequential(new Adjoint.Nn.Linear(4, 16), new Tanh());
        foreach (Tensor p in body.Parameters()) p.RequiresGrad = false;
        Tensor x = Tensor.Randn(6, 4), t = Tensor.From([0L, 1, 2, 0, 1, 2]);
        Adjoint.Nn.Linear[] heads = new Adjoint.Nn.Linear[Threads], expected = new Adjoint.Nn.Linear[Threads];
        for (int i = 0; i < Threads; i++)
        {
            (heads[i], expected[i]) = (new Adjoint.Nn.Linear(16, 3), new Adjoint.Nn.Linear(16, 3));
            expected[i].LoadStateDict(heads[i].StateDict());
            Train(expected[i], isCompiled: false);
        }
        Run(thread => Train(heads[thread], isCompiled: true));
        for (int i = 0; i < Threads; i++) GraphRunTests.Compare([.. heads[i].Parameters()], [.. expected[i].Parameters()]);

        void Train(Adjoint.Nn.Linear head, bool isCompiled)
        {
            var optimizer = new AdamW(head.Parameters(), 0.01);
            Action f = () =>
            {
                optimizer.ZeroGrad();
                F.CrossEntropy(head.Call(body.Call(x)), t).Backward();
                optimizer.Step();
            };
            Action step = isCompiled ? Compiled.Step(f).Call : f;
            for (int i = 0; i < 100; i++) step();
        }
    }

    // What a thread throws is the test's.
    private static void Run(Action<int> work)
    {
        Exception? failure = null;
        using var start = new Barrier(Threads);
        Thread[] all = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread one in all) one.Start();
        foreach (Thread one in all) one.Join();
        if (failure is not null) throw new InvalidOperationException("A thread failed.", failure);
    }
}
