namespace Adjoint.Tests.Differentiation;

/// <summary>Sixteen threads, thousands of graphs, hooks that come and go, graphs of graphs: the totals are known to the last bit.</summary>
public class RaceTests
{
    private const int Threads = 16, Rounds = 150;

    private static void InParallel(Action<int> work)
    {
        using var start = new Barrier(Threads);
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        Thread[] all = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                work(t);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }))];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        failures.ShouldBeEmpty();
    }

    /// <summary>Small whole numbers: sums in any order are exact.</summary>
    [Fact] // 3.56
    public void Everything_at_once_over_shared_leaves_and_nodes()
    {
        Tensor a = Tensor.From([1.0, 2], requiresGrad: true), b = Tensor.From([3.0, 4], requiresGrad: true);
        Tensor product = a * b, shared = product * a;
        shared.RetainGrad();
        int added = 0, called = 0;
        InParallel(t =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Tensor own = Tensor.From([1.0, 1], requiresGrad: true);
                Tensor loss = (shared * own + product + a).Sum();
                switch ((t + i) % 4)
                {
                    case 0:
                        loss.Backward(retainGraph: true);
                        break;
                    case 1:
                        // A hook of this thread's on nodes of all threads: it must see each of its own passes.
                        int me = Environment.CurrentManagedThreadId, mine = 0;
                        HookHandle handle = product.RegisterHook(g => { if (Environment.CurrentManagedThreadId == me) mine++; });
                        HookHandle other = shared.GradFn!.RegisterHook((_, _) => { Interlocked.Increment(ref called); return null; });
                        loss.Backward(retainGraph: true);
                        handle.Remove();
                        other.Dispose();
                        mine.ShouldBe(1);
                        Interlocked.Increment(ref added);
                        break;
                    case 2:
                        Tensor g = Autograd.Grad(loss, a, createGraph: true);
                        g.ToArray<double>().ShouldBe([3 + 6 + 1, 4 + 16 + 1]);
                        // d/da (2·a·b + b + 1), summed.
                        Autograd.Grad(g.Sum(), a, retainGraph: true).ToArray<double>().ShouldBe([6, 8]);
                        break;
                    default:
                        Autograd.Backward([loss, product.Sum()], retainGraph: true, inputs: [own, b]);
                        break;
                }
                if ((t + i) % 4 != 2) own.Grad!.ToArray<double>().ShouldBe([3, 16]);
            }
        });

        // Each thread meets each case equally often, but for the two rounds left over of every four: these are shared out evenly too.
        double full = Threads * Rounds / 4;
        called.ShouldBeGreaterThanOrEqualTo(added);
        a.Grad!.ToArray<double>().ShouldBe([2 * full * 10, 2 * full * 21]);
        b.Grad!.ToArray<double>().ShouldBe([2 * full * (1 + 1) + full * (1 + 1 + 1), 2 * full * (4 + 2) + full * (4 + 2 + 2)]);
    }

    /// <summary>The first to use a view after its base was changed makes its history anew; nobody may see the old one meanwhile.</summary>
    [Fact] // 5.20
    public void Views_of_a_changed_base_are_used_by_all_at_once()
    {
        for (int round = 0; round < 60; round++)
        {
            Tensor x = Tensor.From([1.0, 2, 3, 4], requiresGrad: true), y = x * 1;
            Tensor view = y.View(2, 2).Unbind(1)[1];
            y.MulInPlace(3);
            InParallel(_ => Autograd.Grad(view.Sum(), x, retainGraph: true).ToArray<double>().ShouldBe([0, 3, 0, 3]));
        }
    }
}
