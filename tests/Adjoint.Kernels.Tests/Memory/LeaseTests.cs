using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels.Memory;

[Collection(NativeMemory.Collection)]
public class LeaseTests : CountingTests
{
    private const long Bytes = 77_777;

    [Fact]
    public void A_block_comes_back_when_its_tenant_is_dead()
    {
        Lease lease = LendToNobody();
        lease.IsLent.ShouldBeTrue();
        GC.Collect();
        BlockPool.Reclaim();
        lease.IsLent.ShouldBeFalse();
    }

    [Fact]
    public void A_block_stays_while_its_tenant_lives()
    {
        object first = new(), second = new();
        Block block = BlockPool.Rent(Bytes, first)!;
        GC.Collect();
        BlockPool.Reclaim();
        BlockPool.Rent(Bytes, second).ShouldNotBeSameAs(block);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    [Fact]
    public void A_returned_block_is_counted_once_though_its_tenant_dies_later()
    {
        long before = BlockPool.BytesInUse;
        LendAndReturn();
        BlockPool.BytesInUse.ShouldBe(before);
        GC.Collect();
        BlockPool.Reclaim();
        BlockPool.BytesInUse.ShouldBeLessThanOrEqualTo(before);
    }

    [Fact]
    public void A_block_comes_back_once_and_only_from_its_tenant()
    {
        object first = new(), second = new();
        Block block = BlockPool.Rent(Bytes, first)!;
        Lease lease = block.Lease!;
        lease.Return(second).ShouldBeFalse();
        long before = BlockPool.BytesInUse;
        Parallel.For(0, 16, _ => lease.Return(first));
        (before - BlockPool.BytesInUse).ShouldBe((long)BlockPool.SizeOf(lease.SizeClass));
        BlockPool.Rent(Bytes, second).ShouldBeSameAs(block);
        lease.Return(first).ShouldBeFalse();
        lease.IsHeldBy(second).ShouldBeTrue();
        lease.Leave(first);
        lease.IsHeldBy(second).ShouldBeTrue();
        lease.Leave(second);
        lease.Return(second).ShouldBeFalse();
        lease.IsGone.ShouldBeTrue();
        BlockPool.Rent(Bytes, first).ShouldNotBeSameAs(block);
        GC.KeepAlive(first);
    }

    [Fact]
    public void A_block_lent_anew_after_it_stayed_long_is_found_when_its_new_tenant_dies()
    {
        var first = new object();
        Block block = BlockPool.Rent(Bytes, first)!;
        for (int i = 0; i < 5; i++)
        {
            GC.Collect(1);
            BlockPool.Reclaim();
        }
        block.Lease!.Return(first).ShouldBeTrue();
        LendTo(block);
        GC.Collect(1);
        BlockPool.Reclaim();
        block.Lease.IsLent.ShouldBeFalse();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LendTo(Block block) => BlockPool.Rent(Bytes, new object()).ShouldBeSameAs(block);

    [Fact]
    public void A_tensor_that_only_a_finalizer_still_uses_keeps_its_memory()
    {
        var seen = new StrongBox<double>();
        DropObjectWithFinalizer(seen);
        GC.Collect();
        BlockPool.Reclaim();
        Tensor.Full([30_000], 5.0).Sum().Item().ShouldBe(150_000);
        GC.WaitForPendingFinalizers();
        seen.Value.ShouldBe(30_000);
    }

    [Fact]
    public void Threads_that_make_drop_and_dispose_tensors_never_share_a_block()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int i = 0; i < 400; i++)
            {
                float mark = thread * 1000 + i;
                Tensor mine = Tensor.Full([2000], mark), dropped = mine + 0;
                if (i % 3 == 0) dropped.Dispose();
                if (i % 100 == 0) GC.Collect(0);
                mine.AsSpan<float>().IndexOfAnyExcept(mark).ShouldBe(-1);
                GC.KeepAlive(mine);
            }
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Lease LendToNobody() => BlockPool.Rent(Bytes, new object())!.Lease!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LendAndReturn()
    {
        var tenant = new object();
        BlockPool.Rent(Bytes, tenant)!.Lease!.Return(tenant).ShouldBeTrue();
        GC.KeepAlive(tenant);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropObjectWithFinalizer(StrongBox<double> seen) => _ = new SumsWhenFinalized(seen);

    private sealed class SumsWhenFinalized(StrongBox<double> seen)
    {
        private readonly Tensor _ones = Tensor.Ones(30_000);

        ~SumsWhenFinalized() => seen.Value = _ones.Sum().Item();
    }
}
