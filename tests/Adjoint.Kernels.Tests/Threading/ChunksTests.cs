using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

public class ChunksTests
{
    [Theory]
    [InlineData(Chunks.Cheap)]
    [InlineData(Chunks.Costly)]
    [InlineData(1)]
    [InlineData(100)]
    public void Chunks_cover_the_elements_once_in_order(int grain)
    {
        foreach (long length in new long[] { 0, 1, 63, 64, 65, 200, 201, 1000, 8192, 8193, 32768, 32769, 100_000, 1_000_003 })
        {
            var chunks = new Chunks(length, grain);
            long next = 0;
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                chunks.Start(chunk).ShouldBe(next);
                (chunks.Start(chunk) % Chunks.Alignment).ShouldBe(0);
                chunks.End(chunk).ShouldBeGreaterThan(next);
                next = chunks.End(chunk);
            }
            next.ShouldBe(length);
        }
    }

    [Fact]
    public void Small_arrays_are_one_chunk_and_large_ones_are_cut_evenly()
    {
        new Chunks(2 * Chunks.Cheap).Count.ShouldBe(1);
        new Chunks(2 * Chunks.Cheap + 1).Count.ShouldBeGreaterThan(1);
        new Chunks(64 * 1024).Count.ShouldBe(4);
        new Chunks(long.MaxValue / 1_000_000_000).Count.ShouldBeGreaterThan(1000);
    }
}
