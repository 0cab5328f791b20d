namespace Adjoint.Tests.Differentiation;

/// <summary>Several threads at once, over shared leaves and shared nodes: behaviour 3.56 and beyond.</summary>
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

    [Fact]
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
}
