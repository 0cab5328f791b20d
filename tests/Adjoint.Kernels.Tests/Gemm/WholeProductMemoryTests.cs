using Adjoint.Kernels;
using Adjoint.Tests.Kernels.Memory;

namespace Adjoint.Tests.Kernels;

/// <summary>The memory that products of bytes take beside their operands.</summary>
[Collection(NativeMemory.Collection)]
public sealed class WholeProductMemoryTests
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_few_columns_of_a_large_matrix_are_widened_alone(bool batched)
    {
        Tensor large = Tensor.Ones([2000, 3000], DType.UInt8), weights = Tensor.Ones([3, 2], DType.UInt8);
        Tensor few = large.Slice(1, 5, 8);
        if (batched) few = few.Unflatten(0, 2, 1000);
        BlockPool.ResetPeak();
        long before = BlockPool.BytesLent;
        Tensor y = few.MatMul(weights);
        (BlockPool.Peak - before).ShouldBeLessThan(1 << 20);
        y.ToArray<byte>().ShouldAllBe(sum => sum == 3);
    }
}
