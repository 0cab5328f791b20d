using Adjoint.Kernels;
using Adjoint.Tests.Kernels.Memory;

namespace Adjoint.Tests.Differentiation;

/// <summary>What a checkpoint saves, in bytes: section 13.</summary>
[Collection(NativeMemory.Collection)]
public class CheckpointMemoryTests : CountingTests
{
    [Fact]
    public void A_checkpoint_keeps_none_of_the_bytes_its_operations_would_save()
    {
        // Twelve functions that save a megabyte each: kept by a plain graph, and only the result by a checkpointed one.
        static Tensor Chain(Tensor t)
        {
            for (int i = 0; i < 12; i++) t = t.Sin();
            return t;
        }

        Tensor x = Tensor.Zeros([1 << 18], requiresGrad: true);
        (double plain, double[] expected) = Kept(() => Chain(x), x);
        (double checkpointed, double[] got) = Kept(() => Autograd.Checkpoint(Chain, x), x);
        plain.ShouldBeInRange(10, 14);
        checkpointed.ShouldBeLessThan(2);
        got.ShouldBe(expected);

        static (double Megabytes, double[] Gradient) Kept(Func<Tensor> f, Tensor x)
        {
            long before = InUse();
            Tensor y = f();
            double kept = (InUse() - before) / 1048576.0;
            y.Sum().Backward();
            double[] gradient = x.Grad!.ToArray<double>();
            x.Grad = null;
            return (kept, gradient);
        }

        static long InUse()
        {
            GC.Collect();
            BlockPool.Reclaim();
            return BlockPool.BytesInUse;
        }
    }
}
