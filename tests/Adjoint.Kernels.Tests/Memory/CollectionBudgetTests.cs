using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels.Memory;

[Collection(NativeMemory.Collection)]
public class CollectionBudgetTests : CountingTests
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void A_loop_that_drops_its_results_stays_within_a_few_budgets()
    {
        // Each collection finds one result alive, the newest. If those were left to a generation that nobody collects, 300 MB would be in
        // use.
        long before = BlockPool.BytesInUse;
        Sum(steps: 1200, Tensor.Ones(1_000_000), Tensor.Ones(1_000_000));
        (BlockPool.BytesInUse - before).ShouldBeLessThan(150 * Megabyte);
    }

    [Fact]
    public void Results_that_outlived_two_collections_come_back_when_they_are_dropped()
    {
        long before = BlockPool.BytesInUse;
        for (int round = 0; round < 20; round++) HoldFor(steps: 15);
        (BlockPool.BytesInUse - before).ShouldBeLessThan(400 * Megabyte);
    }

    [Fact]
    public void What_was_dropped_comes_back_though_the_work_that_follows_gives_back_all_it_takes()
    {
        // Nothing of that work is left when it is looked, so by what is in use no collection would ever be due.
        long before = BlockPool.BytesInUse;
        HoldThroughCollections();
        (BlockPool.BytesInUse - before).ShouldBeGreaterThan(90 * Megabyte);
        Tensor x = Tensor.Ones(1_000_000);
        for (int step = 0; step < 20_000 && BlockPool.BytesInUse - before > 20 * Megabyte; step++) (x + 1f).Dispose();
        (BlockPool.BytesInUse - before).ShouldBeLessThan(20 * Megabyte);
    }

    [Fact]
    public void Many_small_tensors_that_live_make_collections_rare()
    {
        // Each collection looks through all blocks: with 12 MiB between them there would be 33.
        var held = new List<Tensor>();
        for (int i = 0; i < 100_000; i++) held.Add(Tensor.Full([300], i));
        Sum(steps: 300, Tensor.Ones(100_000), Tensor.Ones(100_000));
        int before = GC.CollectionCount(1);
        Sum(steps: 1000, Tensor.Ones(100_000), Tensor.Ones(100_000));
        (GC.CollectionCount(1) - before).ShouldBeLessThan(12);
        held[99_999][0].Item().ShouldBe(99_999);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Sum(int steps, Tensor x, Tensor y)
    {
        for (int i = 0; i < steps; i++) y = x + y;
        y[0].Item().ShouldBe(steps + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HoldThroughCollections()
    {
        Tensor large = Tensor.Ones(25_000_000);
        // Beside it enough is made for the collections that count it as living.
        for (int i = 0; i < 60; i++) Tensor.Ones(1_000_000);
        GC.KeepAlive(large);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HoldFor(int steps)
    {
        Tensor x = Tensor.Ones(1_000_000);
        var held = new List<Tensor>();
        for (int i = 0; i < steps; i++) held.Add(x + i);
        held[^1][0].Item().ShouldBe(steps);
    }
}
