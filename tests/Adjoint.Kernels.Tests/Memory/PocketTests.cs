using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>The small blocks that a thread keeps for itself: Note [Pockets].</summary>
[Collection(NativeMemory.Collection)]
public class PocketTests : CountingTests
{
    private const long Bytes = 5_000;

    [Fact]
    public void What_a_thread_gave_back_is_its_next_block_and_nobody_elses()
    {
        object tenant = new();
        Block mine = BlockPool.Rent(Bytes, tenant)!;
        mine.Lease!.Return(tenant).ShouldBeTrue();
        Block? others = null;
        var thread = new Thread(() => others = BlockPool.Rent(Bytes, tenant));
        thread.Start();
        thread.Join();
        others.ShouldNotBeSameAs(mine);
        BlockPool.Rent(Bytes, tenant).ShouldBeSameAs(mine);
        mine.Lease.IsHeldBy(tenant).ShouldBeTrue();
        GC.KeepAlive(tenant);
    }

    [Fact]
    public void What_lies_in_a_pocket_counts_as_cached_and_is_given_back_by_a_Trim_of_another_thread()
    {
        long inUse = BlockPool.BytesInUse, cached = BlockPool.BytesCached;
        object tenant = new();
        Block block = BlockPool.Rent(Bytes, tenant)!;
        long size = (long)BlockPool.SizeOf(block.Lease!.SizeClass);
        BlockPool.BytesInUse.ShouldBe(inUse + size);
        block.Lease.Return(tenant);
        BlockPool.BytesInUse.ShouldBe(inUse);
        BlockPool.BytesCached.ShouldBe(cached + size);
        var thread = new Thread(Cpu.Memory.Trim);
        thread.Start();
        thread.Join();
        BlockPool.BytesCached.ShouldBe(0);
        BlockPool.BytesInUse.ShouldBe(inUse);
        block.Lease.IsGone.ShouldBeTrue();
        BlockPool.Rent(Bytes, tenant).ShouldNotBeSameAs(block);
        GC.KeepAlive(tenant);
    }

    [Fact]
    public void What_a_thread_leaves_goes_with_it()
    {
        long lent = BlockPool.BytesLent;
        LeaveSome();
        // The object of a thread that has ended is let go of some time later.
        for (int i = 0; i < 50 && BlockPool.BytesLent > lent; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            BlockPool.Reclaim();
            Thread.Sleep(1);
        }
        BlockPool.BytesLent.ShouldBeLessThanOrEqualTo(lent);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveSome()
    {
        for (int t = 0; t < 8; t++)
        {
            var thread = new Thread(() =>
            {
                for (int size = 300; size < 8000; size += 300) Tensor.Zeros(size).Dispose();
            });
            thread.Start();
            thread.Join();
        }
    }

    [Fact]
    public void More_threads_than_there_are_pockets_for_share_their_blocks()
    {
        Parallelism.Run(100, thread =>
        {
            for (int i = 0; i < 50; i++)
            {
                using Tensor x = Tensor.Full([1000 + thread], thread);
                x.Read<float, int>(elements => elements.IndexOfAnyExcept(thread)).ShouldBe(-1);
            }
        });
    }

    [Fact]
    public void Giving_back_what_lies_in_pockets_while_their_threads_take_from_them_gives_each_block_to_one()
    {
        Parallelism.Run(4, thread =>
        {
            for (int i = 0; i < 4000; i++)
            {
                if (thread == 0)
                {
                    Pocket.EndAll();
                    continue;
                }
                float mark = thread * 10_000 + i;
                Tensor x = Tensor.Full([2000], mark), y = Tensor.Full([2000], -mark);
                x.Read<float, int>(elements => elements.IndexOfAnyExcept(mark)).ShouldBe(-1);
                y.Read<float, int>(elements => elements.IndexOfAnyExcept(-mark)).ShouldBe(-1);
                x.Dispose();
                if (i % 2 == 0) y.Dispose();
            }
        });
        BlockPool.BytesInUse.ShouldBeGreaterThanOrEqualTo(0);
    }
}
