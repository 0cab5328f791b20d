using System.Runtime.CompilerServices;
using Adjoint.Data;

namespace Adjoint.Tests.Nn.Data;

/// <summary>How a pass over a loader begins, ends and fails, with and without work in the background.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class EpochTests
{
    /// <summary>Takes its time, and notices when it is asked twice at once, or after it should have been left alone.</summary>
    private sealed class Watched(int count, int failsAt = -1) : Dataset
    {
        private int _inside;

        public int Most, Calls;

        public volatile bool LeftAlone;

        public bool AskedTooLate;

        public override int Count => count;

        public override Tensor[] this[int index]
        {
            // A test looks for it in the trace of an error.
            [MethodImpl(MethodImplOptions.NoInlining)]
            get
            {
                Most = Math.Max(Most, Interlocked.Increment(ref _inside));
                AskedTooLate |= LeftAlone;
                Interlocked.Increment(ref Calls);
                Thread.Sleep(1);
                AskedTooLate |= LeftAlone;
                Interlocked.Decrement(ref _inside);
                return index == failsAt ? throw new TimeZoneNotFoundException($"example {index}") : [Tensor.Scalar(index)];
            }
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(3), InlineData(100)]
    public void Leaving_a_pass_early_ends_it(int prefetch)
    {
        for (int taken = 0; taken < 4; taken++)
        {
            var dataset = new Watched(12);
            var loader = new DataLoader(dataset, batchSize: 2, prefetch: prefetch);
            for (int epoch = 0; epoch < 3; epoch++)
            {
                dataset.LeftAlone = false;
                using (IEnumerator<Batch> pass = loader.GetEnumerator())
                    for (int i = 0; i < taken; i++) pass.MoveNext().ShouldBeTrue();
                dataset.LeftAlone = true;
                Thread.Sleep(3);
            }
            dataset.AskedTooLate.ShouldBeFalse();
            dataset.Most.ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Theory, InlineData(0), InlineData(3)]
    public void Passes_at_once_ask_the_dataset_one_at_a_time(int prefetch)
    {
        var whole = new Watched(24);
        Subset[] parts = [new(whole, [.. Enumerable.Range(0, 12)]), new(whole, [.. Enumerable.Range(12, 12)])];
        DataLoader[] loaders =
        [
            new(whole, batchSize: 4, prefetch: prefetch), new(parts[0], batchSize: 4, prefetch: prefetch),
            new(parts[1], batchSize: null, prefetch: prefetch), new(parts[1] + parts[0], batchSize: 4, prefetch: prefetch),
        ];
        IEnumerator<Batch>[] passes = [.. loaders.Select(l => l.GetEnumerator()), .. loaders.Select(l => l.GetEnumerator())];
        int[] batches = new int[passes.Length];
        for (bool any = true; any;)
        {
            any = false;
            for (int i = 0; i < passes.Length; i++)
                if (passes[i].MoveNext())
                {
                    batches[i]++;
                    any = true;
                }
        }
        batches.ShouldBe([6, 3, 12, 6, 6, 3, 12, 6]);
        whole.Most.ShouldBe(1);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(5)]
    public void An_error_ends_the_pass_when_its_turn_has_come(int prefetch)
    {
        var dataset = new Watched(20, failsAt: 6);
        using IEnumerator<Batch> pass = new DataLoader(dataset, batchSize: 2, prefetch: prefetch).GetEnumerator();
        for (int i = 0; i < 3; i++) pass.MoveNext().ShouldBeTrue();
        Should.Throw<TimeZoneNotFoundException>(() => pass.MoveNext()).StackTrace!.ShouldContain(nameof(Watched));
        pass.MoveNext().ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => pass.Current);
        dataset.Calls.ShouldBe(7);          // nothing is loaded behind a failure
    }

    private sealed class FailingSampler : Sampler
    {
        public override int Count => 10;

        public override IEnumerator<int> GetEnumerator()
        {
            for (int i = 0; i < 6; i++) yield return i;
            throw new TimeZoneNotFoundException("sampler");
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(50)]
    public void An_error_of_the_sampler_comes_after_the_batches_before_it(int prefetch)
    {
        using IEnumerator<Batch> pass =
            new DataLoader(new Watched(10), batchSize: 2, sampler: new FailingSampler(), prefetch: prefetch).GetEnumerator();
        for (int i = 0; i < 3; i++) pass.MoveNext().ShouldBeTrue();
        Should.Throw<TimeZoneNotFoundException>(() => pass.MoveNext()).Message.ShouldBe("sampler");
        pass.MoveNext().ShouldBeFalse();
    }

    [Fact]
    public void A_forgotten_pass_is_collected_and_does_not_disturb_the_next()
    {
        var dataset = new Watched(40);
        var loader = new DataLoader(dataset, batchSize: 2, prefetch: 4);
        WeakReference forgotten = Forget(loader);
        loader.Select(batch => batch[0].ToArray<float>()[0]).ShouldBe(Enumerable.Range(0, 20).Select(i => 2f * i));
        dataset.Most.ShouldBe(1);
        for (int i = 0; i < 50 && forgotten.IsAlive; i++)
        {
            Thread.Sleep(10);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        forgotten.IsAlive.ShouldBeFalse();

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Forget(DataLoader loader)
        {
            IEnumerator<Batch> pass = loader.GetEnumerator();
            pass.MoveNext();
            return new(pass);
        }
    }

    [Theory, InlineData(0), InlineData(4)]
    public async Task A_pass_that_is_ended_by_another_thread_stops(int prefetch)
    {
        for (int delay = 0; delay < 12; delay++)
        {
            var dataset = new Watched(1000);
            IEnumerator<Batch> pass = new DataLoader(dataset, batchSize: 2, prefetch: prefetch).GetEnumerator();
            Task<int> consumer = Task.Run(() =>
            {
                int batches = 0;
                while (pass.MoveNext()) batches++;
                return batches;
            }, TestContext.Current.CancellationToken);
            Thread.Sleep(delay);
            pass.Dispose();
            dataset.LeftAlone = true;
            (await consumer.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeLessThan(500);
            dataset.AskedTooLate.ShouldBeFalse();
            pass.MoveNext().ShouldBeFalse();
        }
    }

    [Fact]
    public void There_is_no_batch_before_the_first_and_after_the_last()
    {
        using IEnumerator<Batch> pass = new DataLoader(new Watched(1), prefetch: 1).GetEnumerator();
        Should.Throw<InvalidOperationException>(() => pass.Current);
        pass.MoveNext().ShouldBeTrue();
        pass.Current[0].ToArray<float>().ShouldBe([0]);
        pass.MoveNext().ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => pass.Current).Message.ShouldContain("MoveNext");
        Should.Throw<NotSupportedException>(pass.Reset);
    }
}
