using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>What the library itself holds, and threads.</summary>
public partial class MemoryScopeTests
{
    public static TheoryData<string> Optimizers => ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "Rprop", "ASGD", "Lion"];

    private static Optimizer Make(string name, IEnumerable<Tensor> parameters) => name switch
    {
        "SGD" => new SGD(parameters, lr: 0.1, momentum: 0.9),
        "Adam" => new Adam(parameters, amsgrad: true),
        "AdamW" => new AdamW(parameters),
        "RMSprop" => new RMSprop(parameters, momentum: 0.5, centered: true),
        "Adagrad" => new Adagrad(parameters),
        "Rprop" => new Rprop(parameters),
        "ASGD" => new ASGD(parameters),
        "Lion" => new Lion(parameters),
        "Adadelta" => new Adadelta(parameters),
        "Adamax" => new Adamax(parameters),
        "NAdam" => new NAdam(parameters),
        _ => new RAdam(parameters),
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Training_in_scopes_gives_the_same_bits(string name)
    {
        Train(true).ShouldBe(Train(false));

        float[] Train(bool scoped)
        {
            Rng.ManualSeed(3);
            var net = new Sequential(
                new Adjoint.Nn.Linear(40, 60), new BatchNorm1d(60), new ReLU(), new Dropout(0.2), new Adjoint.Nn.Linear(60, 30));
            Tensor x = Tensor.Randn(50, 40), y = Tensor.Randn(50, 30);
            Optimizer optimizer = Make(name, net.Parameters());
            for (int step = 0; step < 6; step++)
            {
                using MemoryScope? scope = scoped ? Cpu.Memory.Scope() : null;
                optimizer.ZeroGrad(setToNone: step % 2 == 0);
                F.MseLoss(net.Call(x), y).Backward();
                optimizer.Step();
                if (scoped) Overwrite();
            }
            net.Eval();
            return [.. net.Parameters().SelectMany(p => p.Detach().ToArray<float>()), .. net.Call(x).Detach().ToArray<float>()];
        }
    }

    [Fact]
    public void Modules_optimizers_and_datasets_made_inside_outlive_the_scope()
    {
        Sequential net;
        Optimizer optimizer;
        TensorDataset data;
        Tensor x = Tensor.Rand(64, 100);
        OptimizerState state;
        using (Cpu.Memory.Scope())
        {
            net = new Sequential(new Adjoint.Nn.Linear(100, 100), new BatchNorm1d(100), new Adjoint.Nn.Linear(100, 50));
            optimizer = new Adam(net.Parameters());
            net.Call(x).Sum().Backward();
            optimizer.Step();
            state = optimizer.StateDict();
            data = new TensorDataset(Tensor.Rand(100, 20));
            net.Double();
            net.Float();
        }
        Overwrite();
        Sequential copy;
        using (Cpu.Memory.Scope()) copy = net.DeepCopy();
        Overwrite();
        copy.Call(x).Sum().Item().ShouldBe(net.Call(x).Sum().Item());
        using (Cpu.Memory.Scope()) optimizer.LoadStateDict(state);
        Overwrite();
        optimizer.Step();
        foreach (Batch batch in new DataLoader(data, batchSize: 10, shuffle: true, prefetch: 2))
            batch.Tensors[0].Max().Item().ShouldBeLessThan(1);
        foreach (Tensor p in net.Parameters()) p.IsFinite().All().Item().ShouldBe(1);
    }

    private sealed class Assigned : Module
    {
        internal Tensor Weight = Tensor.Zeros(Many).AsParameter();
        internal Tensor Seen = Tensor.Zeros(Many).AsBuffer();
        internal Tensor? Last;

        protected override Tensor Forward(Tensor input)
        {
            Last = input * 2;
            Seen = Last.AsBuffer();
            return Last * Weight;
        }
    }

    [Fact]
    public void What_is_assigned_as_a_buffer_or_parameter_stays_and_what_a_field_holds_says_it_is_gone()
    {
        var net = new Assigned();
        Tensor before;
        using (Cpu.Memory.Scope())
        {
            net = new Assigned { Weight = Made().AsParameter() };
            net.Call(Made());
            before = net.Last!;
        }
        IsStill(net.Weight.Detach(), 2);
        IsStill(net.Seen, 4);
        IsStill(before, 4); // the same memory
        using (Cpu.Memory.Scope()) net.Last = Made();
        IsGone(net.Last);
    }

    [Fact]
    public void Another_threads_tensors_are_not_the_scopes()
    {
        Tensor? theirs = null, met = Made();
        using (Cpu.Memory.Scope())
        {
            met = Made();
            var thread = new Thread(() =>
            {
                theirs = Made();
                met.Sum();
            });
            thread.Start();
            thread.Join();
        }
        IsStill(theirs!, 2);
        IsStill(met, 2);
    }

    [Fact]
    public void A_thread_that_comes_too_late_is_told()
    {
        Tensor y;
        using (Cpu.Memory.Scope()) y = Made();
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                y.Sum();
            }
            catch (ObjectDisposedException e)
            {
                error = e;
            }
        });
        thread.Start();
        thread.Join();
        error.ShouldNotBeNull().Message.ShouldContain("scope");
    }

    [Fact]
    public async Task After_an_await_the_code_is_in_the_scope_and_nothing_of_others_is_given_back()
    {
        Tensor before, after;
        using (Cpu.Memory.Scope())
        {
            before = Made();
            await Task.Yield();
            await Task.Delay(5, TestContext.Current.CancellationToken);
            before.Sum().Item().ShouldBe(2 * Many);
            after = Made();
            after.Sum().Item().ShouldBe(2 * Many);
        }
        // Whichever threads they were: gone or whole, and never anything else.
        foreach (Tensor x in (Tensor[])[before, after])
        {
            try
            {
                IsStill(x, 2);
            }
            catch (ObjectDisposedException)
            {
            }
        }
        // No thread of the pool is left in the scope.
        Tensor[] made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Made())));
        foreach (Tensor x in made) IsStill(x, 2);
    }

    [Fact]
    public void Threads_with_scopes_of_their_own_over_shared_tensors_see_only_right_numbers()
    {
        Tensor shared = Made();
        var errors = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(t => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 300; i++)
                {
                    Tensor kept;
                    using (MemoryScope scope = Cpu.Memory.Scope())
                    {
                        Tensor y = shared * t;
                        kept = i % 3 == 0 ? scope.Keep(y + i) : y;
                        (y - shared * t).Abs().Max().Item().ShouldBe(0);
                    }
                    if (i % 3 == 0) kept.ToArray<float>().ShouldAllBe(v => v == 2 * t + i);
                }
            }
            catch (Exception e)
            {
                errors.Enqueue(e);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        errors.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_function_returns_is_kept()
    {
        Tensor one = Cpu.Memory.Scope(() => Made());
        Tensor[] array = Cpu.Memory.Scope(() => new[] { Made(), Made(2) });
        List<Tensor> list = Cpu.Memory.Scope<List<Tensor>>(() => [Made()]);
        (Tensor first, (int number, Tensor? second)) = Cpu.Memory.Scope(() => (Made(), (3, (Tensor?)Made(4))));
        Dictionary<string, Tensor> named = Cpu.Memory.Scope(() => new Dictionary<string, Tensor> { ["a"] = Made() });
        double value = Cpu.Memory.Scope(() => Made().Sum().Item());
        Tensor? none = Cpu.Memory.Scope(() => (Tensor?)null);
        Overwrite();
        IsStill(one, 2);
        IsStill(array[1], 3);
        IsStill(list[0], 2);
        IsStill(first, 2);
        IsStill(second!, 5);
        IsStill(named["a"], 2);
        number.ShouldBe(3);
        value.ShouldBe(2 * Many);
        none.ShouldBeNull();
    }

    private sealed record Hidden(Tensor X);

    [Fact]
    public void What_hides_its_tensors_is_refused_before_anything_runs()
    {
        bool ran = false;
        T Ran<T>(T result)
        {
            ran = true;
            return result;
        }
        Should.Throw<NotSupportedException>(() => Cpu.Memory.Scope(() => Ran(new Hidden(Made())))).Message.ShouldContain("Hidden");
        Should.Throw<NotSupportedException>(() => { _ = Cpu.Memory.Scope(() => Ran(Task.FromResult(Made()))); });
        Should.Throw<NotSupportedException>(() => Cpu.Memory.Scope(() => Ran((1, new Hidden(Made())))));
        Should.Throw<NotSupportedException>(() => Cpu.Memory.Scope(() => Ran<Func<Tensor>>(() => Made())));
        ran.ShouldBeFalse();
        Should.Throw<NotSupportedException>(() => Cpu.Memory.Scope(() => Enumerable.Range(0, 3).Select(_ => Made())));
        Should.Throw<NotSupportedException>(() => Cpu.Memory.Scope<object>(() => new Hidden(Made())));
    }

    [Fact]
    public void A_scope_of_another_thread_within_this_one_leaves_what_it_keeps_alone()
    {
        Tensor? kept = null, lost = null;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            var thread = new Thread(() =>
            {
                using MemoryScope inner = Cpu.Memory.Scope();
                kept = inner.Keep(Made());
                lost = Made();
                scope.Dispose();
            });
            thread.Start();
            for (int i = 0; i < 2000; i++) Made();
            thread.Join();
        }
        IsStill(kept!, 2);
        IsGone(lost!);
    }

    [Fact]
    public void A_view_whose_history_was_lost_can_be_kept()
    {
        Tensor w = Tensor.Ones([Many], requiresGrad: true), view, numbers;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            Tensor y = w * 2;
            using (Autograd.NoGrad()) view = y[10..];
            y.MulInPlace(3);
            scope.Keep(view);
            numbers = Cpu.Memory.Scope(() => new List<int> { 1, 2 }).Count == 2 ? scope.Keep(Made()) : Made(7);
        }
        Overwrite();
        using (Autograd.NoGrad()) view.AsSpan<float>().ToArray().ShouldAllBe(x => x == 6);
        IsStill(numbers, 2);
    }

    [Fact]
    public void A_captured_graph_keeps_what_it_shows()
    {
        Tensor w = Tensor.Ones([Many], requiresGrad: true);
        Graph graph;
        using (Cpu.Memory.Scope())
        {
            Tensor constant = Made();
            graph = Graph.Capture(x => (x * constant * w).Exp().Sum(), Made());
        }
        Overwrite();
        Tensor[] results = GraphRun.Live(graph, Tensor.Full([Many], 0.5, DType.Float32));
        results[0].Item().ShouldBe(Many * Math.E, 1);
    }

    [Fact]
    public void In_a_scope_that_gives_much_back_no_collection_is_made_for_it()
    {
        Tensor x = Tensor.Rand(1_000_000);
        Steps(5);
        int before = GC.CollectionCount(1);
        Steps(30);
        (GC.CollectionCount(1) - before).ShouldBeLessThan(15);

        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using MemoryScope scope = Cpu.Memory.Scope();
                (x * 2 + 1 - x + 3 - x).Abs();
            }
        }
    }
}
