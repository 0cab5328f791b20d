using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>
/// Threads that do anything with a module and an optimizer they share, in random order: the numbers of the model may be anything after
/// it, and what was disposed of or changed meanwhile is refused; but no thread ever finds another number in a tensor that is its own.
/// </summary>
[Collection(NativeMemory.Collection)]
public class SharedModelStressTests
{
    private static readonly int[] s_sizes = [300, 40 * 60, 60 * 30, 20 * 60, 60, 30];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    [InlineData(16, 3)]
    public void Whatever_threads_do_with_a_shared_model_their_own_tensors_stay_as_they_are(int threads, int seed)
    {
        var net = new Sequential(new Adjoint.Nn.Linear(40, 60), new Adjoint.Nn.Tanh(), new Adjoint.Nn.Linear(60, 30));
        Optimizer[] optimizers = [new SGD(net.Parameters(), lr: 1e-4, momentum: 0.9), new Adam(net.Parameters(), lr: 1e-4)];
        Tensor x = Tensor.Rand(20, 40);
        Parallelism.Run(threads, thread =>
        {
            var random = new Random(seed * 100 + thread);
            var own = new Queue<(Tensor Tensor, float Mark)>();
            for (int step = 0; step < 1600 / threads; step++)
            {
                float mark = thread * 10_000 + step;
                own.Enqueue((Tensor.Full([s_sizes[random.Next(s_sizes.Length)]], mark), mark));
                try
                {
                    Do(random, net, optimizers[random.Next(2)], x);
                }
                catch (Exception e) when (e is VersionException or ObjectDisposedException)
                {
                    // Another stepped between forward and backward, or disposed of a gradient: refused, as in PyTorch.
                }
                while (own.Count > 6 || (step == 1600 / threads - 1 && own.Count > 0))
                {
                    (Tensor tensor, float expected) = own.Dequeue();
                    tensor.Read<float, int>(elements => elements.IndexOfAnyExcept(expected)).ShouldBe(-1);
                    if (random.Next(3) == 0) tensor.Dispose();
                }
            }
        });
        foreach (Tensor parameter in net.Parameters()) parameter.Detach().ToArray<float>().Length.ShouldBe(parameter.NumEl);
    }

    private static void Do(Random random, Module net, Optimizer optimizer, Tensor x)
    {
        Tensor parameter = net.Parameters().ElementAt(random.Next(4));
        switch (random.Next(16))
        {
            case 0 or 1 or 2: net.Call(x).Square().Mean().Backward(); break;
            case 3 or 4: optimizer.Step(); break;
            case 5: optimizer.ZeroGrad(setToNone: random.Next(2) == 0); break;
            case 6: net.ZeroGrad(setToNone: random.Next(2) == 0); break;
            case 7: parameter.Grad = null; break;
            case 8: parameter.GradOrNull?.Dispose(); parameter.Grad = null; break;
            case 9:
                // Spans of a parameter and of a gradient, over all that others do meanwhile.
                Span<float> weights = parameter.Detach().AsSpan<float>(),
                    gradient = parameter.GradOrNull is { } g ? g.Detach().AsSpan<float>() : [];
                Thread.Yield();
                weights.Fill(0.01f);
                gradient.Clear();
                break;
            case 10: _ = new CallsWhenFinalized(net, x); break;
            case 11: parameter.Detach().View(-1).MulInPlace(0.99f); break;
            case 12: net.LoadStateDict(net.StateDict()); break;
            case 13:
                using (parameter.RegisterHook(gradient => { gradient.Clone().Dispose(); return gradient * 1f; }))
                    net.Call(x).Mean().Backward();
                break;
            case 14: Gradients.ClipNorm(net.Parameters(), 1); break;
            default: GC.Collect(random.Next(3)); break;
        }
    }

    private sealed class CallsWhenFinalized(Module net, Tensor x)
    {
        ~CallsWhenFinalized() => net.Call(x[..2]).Sum().Item();
    }
}
