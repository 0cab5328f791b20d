using System.Runtime;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

public class RehearsalTests
{
    // Remainders that no other test asks for in Float64: a tile of 11 rows, of 5, and columns that fill no register.
    private const int Inputs = 13 * 14 + 11, Outputs = 9 * 14 + 5, Batch = 64;

    [Fact]
    public void After_a_rehearsal_a_step_finds_its_kernels_compiled()
    {
        if (Environment.ProcessorCount == 1) Assert.Skip("There is no second core to rehearse on.");
        Rehearsal.Of<double>(Inputs, Outputs);
        Assert.True(SpinWait.SpinUntil(() => Rehearsal.IsDone, TimeSpan.FromSeconds(60)));

        long compiled = -1;
        var thread = new Thread(() =>
        {
            Threads.StayAlone();
            compiled = Compiled(Step);
        });
        thread.Start();
        thread.Join();
        Assert.Equal(0, compiled);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(784)]
    [InlineData(1344)]
    [InlineData(1345)]
    [InlineData(4096)]
    [InlineData(50257)]
    [InlineData(int.MaxValue)]
    public void A_large_size_is_rehearsed_by_a_smaller_one_with_the_same_tiles(int size)
    {
        int like = Rehearsal.Like(size);
        Assert.InRange(like, 1, 1344);
        foreach (int unit in (int[])[4, 6, 8, 14, 16, 32]) Assert.Equal(size % unit, like % unit);
    }

    private static long Compiled(Action work)
    {
        long before = JitInfo.GetCompiledMethodCount(currentThread: true);
        // Step itself is compiled here.
        work();
        return JitInfo.GetCompiledMethodCount(currentThread: true) - before - 1;
    }

    private static void Step()
    {
        double[] w = new double[Inputs * Outputs], x = new double[Batch * Inputs], y = new double[Batch * Outputs];
        Gemm.Multiply<double>(
            Trans.No, Trans.Yes, Batch, Outputs, Inputs, x, Inputs, w, Inputs, y, Outputs, bias: new double[Outputs],
            epilogue: Epilogue.Relu);
        Gemm.Multiply<double>(Trans.Yes, Trans.No, Outputs, Inputs, Batch, y, Outputs, x, Inputs, w, Inputs);
        Gemm.Multiply<double>(Trans.No, Trans.No, Batch, Inputs, Outputs, y, Outputs, w, Inputs, x, Inputs);
    }
}
