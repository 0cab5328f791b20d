namespace Adjoint.Tests.Differentiation;

/// <summary>Several threads at once, over shared leaves and shared nodes.</summary>
public class ConcurrencyTests
{
    private static void InParallel(int threads, Action<int> work)
    {
        using var start = new Barrier(threads);
        Exception? failure = null;
        Thread[] all = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                work(t);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        failure.ShouldBeNull();
    }

    [Fact] // 3.56
    public void Sixteen_threads_with_graphs_of_their_own_over_one_leaf()
    {
        Tensor x = Tensor.From([1.0, 2], requiresGrad: true);
        InParallel(16, _ =>
        {
            for (int i = 0; i < 300; i++) (x * x * 3.0).Sum().Backward();
        });
        x.Grad!.ToArray<double>().ShouldBe([16 * 300 * 6, 16 * 300 * 12]);
    }

    [Fact]
    public void Sixteen_threads_over_one_shared_graph()
    {
        Tensor x = Tensor.From([1.0, 2], requiresGrad: true), shared = (x * x).Sin();
        for (int i = 0; i < 20; i++) shared = shared * 1.0 + x * 0.0;
        Tensor loss = shared.Sum();
        double[] once = Autograd.Grad([loss], [x], retainGraph: true)[0]!.ToArray<double>();
        InParallel(16, _ =>
        {
            for (int i = 0; i < 100; i++)
                Autograd.Grad([loss], [x], retainGraph: true)[0]!.ToArray<double>().ShouldBe(once);
        });
        InParallel(16, _ =>
        {
            for (int i = 0; i < 50; i++) loss.Backward(retainGraph: true);
        });
        double[] sum = x.Grad!.ToArray<double>();
        for (int i = 0; i < 2; i++) sum[i].ShouldBe(800 * once[i], 1e-9);
    }

    [Fact]
    public void A_graph_built_by_several_threads_is_run_in_a_valid_order()
    {
        Tensor x = Tensor.Scalar(1.5, DType.Float64, requiresGrad: true), y = x;
        for (int i = 0; i < 50; i++)
        {
            Tensor before = y;
            var thread = new Thread(() => y = before.Sin() + before * before * 0.1);
            thread.Start();
            thread.Join();
        }
        y.Backward();
        Tensor z = Tensor.Scalar(1.5, DType.Float64, requiresGrad: true), w = z;
        for (int i = 0; i < 50; i++) w = w.Sin() + w * w * 0.1;
        w.Backward();
        x.Grad!.Item<double>().ShouldBe(z.Grad!.Item<double>());
    }

    [Fact]
    public void Modes_and_hooks_of_one_thread_do_not_show_in_another()
    {
        InParallel(8, t =>
        {
            for (int i = 0; i < 500; i++)
            {
                if (t % 2 == 0)
                {
                    using GradScope _ = Autograd.NoGrad();
                    (Tensor.Scalar(1, requiresGrad: true) * 2.0).RequiresGrad.ShouldBeFalse();
                }
                else
                {
                    (Tensor.Scalar(1, requiresGrad: true) * 2.0).RequiresGrad.ShouldBeTrue();
                }
            }
        });
    }

    [Fact]
    public void Thousands_of_small_graphs_over_shared_leaves_and_shared_nodes()
    {
        Tensor a = Tensor.From([1.0, 2], requiresGrad: true), b = Tensor.From([3.0, 4], requiresGrad: true), shared = a * b;
        InParallel(16, t =>
        {
            for (int i = 0; i < 400; i++)
            {
                Tensor own = Tensor.From([1.0, 1], requiresGrad: true);
                (shared * own + a * 2.0).Sum().Backward(retainGraph: true);
                own.Grad!.ToArray<double>().ShouldBe([3, 8]);
            }
        });
        a.Grad!.ToArray<double>().ShouldBe([6400 * 5, 6400 * 6]);
        b.Grad!.ToArray<double>().ShouldBe([6400 * 1, 6400 * 2]);
    }

    [Fact]
    public void Hooks_come_and_go_while_passes_run_over_their_nodes()
    {
        Tensor x = Tensor.From([1.0, 2], requiresGrad: true), y = x * x, loss = (y * 3.0).Sum();
        y.RetainGrad();
        int registered = 0, called = 0;
        InParallel(16, t =>
        {
            for (int i = 0; i < 200; i++)
            {
                if (t % 2 == 0)
                {
                    HookHandle onTensor = y.RegisterHook(g => { Interlocked.Increment(ref called); }),
                        onNode = y.GradFn!.RegisterHook((_, _) => null);
                    HookHandle onLeaf = x.RegisterHook(g => g * 1.0), after = x.RegisterPostAccumulateGradHook(_ => { });
                    Interlocked.Increment(ref registered);
                    loss.Backward(retainGraph: true);
                    foreach (HookHandle handle in new[] { onTensor, onNode, onLeaf, after }) handle.Remove();
                }
                else
                {
                    loss.Backward(retainGraph: true);
                }
            }
        });
        called.ShouldBeGreaterThanOrEqualTo(registered);
        x.Grad!.ToArray<double>().ShouldBe([3200 * 6, 3200 * 12]);
        y.Grad!.ToArray<double>().ShouldBe([3200 * 3, 3200 * 3]);
    }

    [Fact]
    public void Exceptions_in_some_threads_lose_and_double_nothing_in_others_over_the_same_nodes()
    {
        Tensor x = Tensor.From([1.0, 2], requiresGrad: true), y = (x * x).Sin(), z = y.Exp() + y * x, loss = (z + x).Sum();
        double[] once = Autograd.Grad(loss, x, retainGraph: true).ToArray<double>();
        var unlucky = new ThreadLocal<bool>();
        y.RegisterHook(_ => { if (unlucky.Value) throw new FormatException(); });
        InParallel(16, t =>
        {
            for (int i = 0; i < 200; i++)
            {
                unlucky.Value = (t + i) % 2 == 0;
                if (unlucky.Value) Should.Throw<FormatException>(() => loss.Backward(retainGraph: true));
                else Autograd.Grad(loss, x, retainGraph: true).ToArray<double>().ShouldBe(once);
            }
        });

        // The leaf runs last: no pass that failed reached it.
        x.Grad.ShouldBeNull();
        loss.Backward();
        x.Grad!.ToArray<double>().ShouldBe(once);
    }

    [Fact]
    public void Second_derivatives_of_shared_nodes_in_many_threads()
    {
        Tensor x = Tensor.From([0.5, 1.5], requiresGrad: true), y = (x * x * x).Sum();
        InParallel(16, _ =>
        {
            for (int i = 0; i < 100; i++)
            {
                Tensor g = Autograd.Grad(y, x, createGraph: true);
                Autograd.Grad(g.Sum(), x, retainGraph: true).ToArray<double>().ShouldBe([3, 9]);
            }
        });
    }

    [Fact]
    public void Views_and_changes_in_place_of_ones_own_over_a_shared_leaf()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4], requiresGrad: true), shared = x * 2.0, view = shared[1..3];
        InParallel(16, _ =>
        {
            for (int i = 0; i < 150; i++)
            {
                Tensor own = x.Clone();
                own[0..2].MulInPlace(view);
                (own.Sum() + view.Sum()).Backward(retainGraph: true);
            }
        });
        // own = (x0·2x1, x1·2x2, x2, x3) and view = (2x1, 2x2)
        x.Grad!.ToArray<double>().ShouldBe([2400 * 4, 2400 * (2 + 6 + 2), 2400 * (4 + 1 + 2), 2400]);
    }
}
