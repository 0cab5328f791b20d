using Adjoint.Kernels;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>
/// Threads that make, view, detach, read, hand out, dispose of and drop tensors they share, in random order. Every tensor has one number in
/// all its places, which nobody changes: whoever reads another one reads memory that is not his.
/// </summary>
[Collection(NativeMemory.Collection)]
public class SharedMemoryStressTests
{
    private static readonly int[] s_sizes = [1, 3, 200, 300, 2000, 2100, 20_000];

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void Memory_of_shared_tensors_is_never_anothers(int threads)
    {
        var shared = new Marked[24];
        for (int i = 0; i < shared.Length; i++) shared[i] = new(Tensor.Full([s_sizes[i % s_sizes.Length]], i), i);
        Parallelism.Run(threads, thread =>
        {
            var random = new Random(thread);
            for (int step = 0; step < 6000 / threads; step++)
            {
                int place = random.Next(shared.Length);
                Marked marked = Volatile.Read(ref shared[place]);
                try
                {
                    Use(marked.Tensor, marked.Mark, random, thread * 100_000 + step,
                        (x, mark) => Volatile.Write(ref shared[place], new(x, mark)));
                }
                catch (ObjectDisposedException)
                {
                    // Disposed of by another, who then puts a new one in its place.
                }
            }
        });
    }

    private static void Use(Tensor x, float mark, Random random, int number, Action<Tensor, float> replace)
    {
        switch (random.Next(12))
        {
            case 0: // dropped, or given back while others use it
                if (random.Next(2) == 0) x.Dispose();
                replace(Tensor.Full([s_sizes[random.Next(s_sizes.Length)]], number), number);
                break;
            case 1: Check(x.AsSpan<float>(), mark); break;
            case 2: Check(x.Detach().View(-1, 1).AsSpan<float>(), mark); break;
            case 3: x.Read<float>(elements => Check(elements, mark)); break;
            case 4:
                x.Read<float>(elements =>
                {
                    if (random.Next(4) == 0) x.Dispose();
                    Tensor.Full([elements.Length], -1f).Dispose();
                    Check(elements, mark);
                });
                break;
            case 5:
                using (Tensor sum = x + 0f) Check(sum.ToArray<float>(), mark);
                break;
            case 6: Check(x.Detach().ToArray<float>(), mark); break;
            case 7: Check((x[..1] * 1f).AsSpan<float>(), mark); break;
            case 8: replace(x.Clone(), mark); break;
            case 9: replace(x.View(-1, 1).Detach().Flatten(), mark); break;
            case 10:
                _ = new UsesWhenFinalized(x.Clone(), mark);
                break;
            default:
                if (random.Next(20) == 0) GC.Collect(random.Next(3));
                else Tensor.Full([x.NumEl], -2f).Dispose();
                break;
        }
    }

    // One object, so that nobody sees the tensor of one and the number of another.
    private sealed record Marked(Tensor Tensor, float Mark);

    private static void Check(ReadOnlySpan<float> elements, float mark) => elements.IndexOfAnyExcept(mark).ShouldBe(-1);

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(8, true)]
    [InlineData(16, true)]
    public void Threads_that_share_a_model_and_an_optimizer_never_touch_other_tensors(int threads, bool momentum)
    {
        var net = new Sequential(new Adjoint.Nn.Linear(40, 60), new Adjoint.Nn.ReLU(), new Adjoint.Nn.Linear(60, 30));
        Optimizer optimizer = momentum ? new Adam(net.Parameters(), lr: 1e-4) : new SGD(net.Parameters(), lr: 1e-4);
        Tensor x = Tensor.Rand(20, 40);
        using var ended = new CancellationTokenSource();
        Parallelism.Run(threads, thread =>
        {
            var own = new Queue<(Tensor, float)>();
            for (int step = 0; step < 320 / threads; step++)
            {
                try
                {
                    if (thread % 3 != 2 || step % 2 == 0) net.Call(x).Square().Mean().Backward();
                }
                catch (VersionException)
                {
                    // Another stepped between forward and backward: refused, as in PyTorch.
                }
                own.Enqueue((Tensor.Full([40 * 60], thread), thread));
                if (step % 3 != 0) optimizer.Step();
                own.Enqueue((Tensor.Full([60 * 30], -thread), -thread));
                if (step % 5 == 4) net.ZeroGrad();
                else optimizer.ZeroGrad(setToNone: step % 4 != 0);
                if (step % 7 == 0) net.Parameters().First().Grad?.Sum().Item();
                if (step % 11 == 0) Gradients.ClipNorm(net.Parameters(), 1);
                if (step % 16 == 0) GC.Collect(step % 3);
                while (own.Count > 6)
                {
                    (Tensor tensor, float mark) = own.Dequeue();
                    tensor.Read<float>(elements => Check(elements, mark));
                }
            }
        });
        foreach (Tensor parameter in net.Parameters()) parameter.Detach().IsFinite().All().Item().ShouldBe(1);
    }

    [Fact]
    public void A_gradient_that_a_thread_has_is_not_given_back_by_the_ZeroGrad_of_another()
    {
        for (int round = 0; round < 200; round++)
        {
            Tensor p = Tensor.Ones([3000], requiresGrad: true);
            using var start = new Barrier(2);
            Tensor? had = null;
            var thread = new Thread(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                had = p.GradOrNull;
            });
            thread.Start();
            (p * 7f).Sum().Backward();
            start.SignalAndWait(TestContext.Current.CancellationToken);
            p.DropGrad();
            thread.Join();
            Tensor other = Tensor.Full([3000], 5f);
            had?.Sum().Item().ShouldBe(21_000);
            GC.KeepAlive(other);
        }
    }

    [Fact]
    public void Disposing_while_another_threads_kernel_runs_gives_nothing_back()
    {
        for (int round = 0; round < 60; round++)
        {
            Tensor x = Tensor.Full([200_000], 1f);
            using var start = new Barrier(2);
            double sum = 0;
            bool disposed = false;
            var thread = new Thread(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                try
                {
                    sum = (x + 1f).Sum().Item();
                }
                catch (ObjectDisposedException)
                {
                    disposed = true;
                }
            });
            thread.Start();
            start.SignalAndWait(TestContext.Current.CancellationToken);
            x.Dispose();
            Tensor other = Tensor.Full([200_000], 50f);
            thread.Join();
            if (!disposed) sum.ShouldBe(400_000);
            GC.KeepAlive(other);
        }
    }

    [Fact]
    public void A_formula_that_disposes_of_what_its_kernel_reads_reads_on()
    {
        Tensor x = Tensor.Full([2000], 3f);
        Formula.Before = () =>
        {
            x.Dispose();
            Formula.Other = Tensor.Full([2000], 50f);
        };
        Tensor y = Unary.Apply(new Formula(), x);
        y.Read<float>(elements => Check(elements, 3f));
    }

    private sealed class UsesWhenFinalized(Tensor x, float mark)
    {
        private static UsesWhenFinalized? s_resurrected;

        ~UsesWhenFinalized()
        {
            if (x.Read((ReadOnlySpan<float> elements) => elements.IndexOfAnyExcept(mark)) >= 0)
                Environment.FailFast("memory of another tensor");
            s_resurrected = this;
        }
    }

    private readonly struct Formula : IUnaryOp
    {
        internal static Action? Before;
        internal static Tensor? Other;

        public static string Name => "Formula";

        public static Saves Saves => Saves.None;

        public V Value<V>(V x) where V : IAlgebra<V>
        {
            Interlocked.Exchange(ref Before, null)?.Invoke();
            return x;
        }

        public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(1);
    }
}
