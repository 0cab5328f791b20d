using System.Collections.Concurrent;
using System.Text.Json;
using Adjoint.Data;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Nn.Data;

/// <summary>Loaders with several workers.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class WorkerTests
{
    /// <summary>Keeps its callers for a while, and notices how many there are.</summary>
    private sealed class Busy(int count, int failsAt = -1, bool isSafe = true) : Dataset
    {
        private int _inside;

        public int Most;

        public ConcurrentBag<int> Asked { get; } = [];

        public override int Count => count;

        public override bool IsThreadSafe => isSafe;

        public override Tensor[] this[int index]
        {
            get
            {
                int inside = Interlocked.Increment(ref _inside);
                for (int most = Most; inside > most; most = Most) Interlocked.CompareExchange(ref Most, inside, most);
                Asked.Add(index);
                Thread.Sleep(index % 3);
                Interlocked.Decrement(ref _inside);
                return index == failsAt ? throw new TimeZoneNotFoundException($"example {index}") : [Tensor.Scalar((long)index)];
            }
        }
    }

    /// <summary>Draws from the program's numbers, as tests/Parity/data_fixtures.py does.</summary>
    private sealed class Noise : Dataset
    {
        public override int Count => 8;

        public override bool IsThreadSafe => true;

        public override Tensor[] this[int index] => [Tensor.Rand(3) + index];
    }

    [Theory, InlineData(1, 0), InlineData(2, 0), InlineData(4, 0), InlineData(16, 0), InlineData(3, 1), InlineData(2, 100)]
    public void Batches_come_in_order_and_each_once(int workers, int prefetch)
    {
        var dataset = new Busy(40);
        var loader = new DataLoader(dataset, batchSize: 3, workers: workers, prefetch: prefetch);
        for (int epoch = 0; epoch < 2; epoch++)
            loader.SelectMany(batch => batch[0].ToArray<long>()).ShouldBe(Enumerable.Range(0, 40).Select(i => (long)i));
        dataset.Asked.Count.ShouldBe(80);
        dataset.Most.ShouldBeLessThanOrEqualTo(workers + 1);        // the caller helps
    }

    [Theory, InlineData(1, 3), InlineData(3, 1), InlineData(2, 2)]
    public void A_pass_that_another_loader_goes_on_with_draws_the_same_numbers(int workers, int others)
    {
        Rng.ManualSeed(4);
        var loader = new DataLoader(new Noise(), batchSize: 2, shuffle: true, workers: workers);
        using IEnumerator<Batch> pass = loader.GetEnumerator();
        pass.MoveNext().ShouldBeTrue();
        IReadOnlyDictionary<string, object?> state = loader.StateDict();
        var rest = new List<float[]>();
        while (pass.MoveNext()) rest.Add(pass.Current[0].ToArray<float>());
        rest.Count.ShouldBe(3);

        Rng.ManualSeed(5);
        var other = new DataLoader(new Noise(), batchSize: 2, shuffle: true, workers: others);
        other.LoadStateDict(state);
        other.Select(batch => batch[0].ToArray<float>()).ShouldBe(rest);
    }

    [Fact]
    public void A_stream_does_not_say_where_it_is() =>
        Should.Throw<NotSupportedException>(() => new DataLoader(new IterableNothing()).StateDict()).Message.ShouldContain("IterableDataset");

    private sealed class IterableNothing : IterableDataset
    {
        public override IEnumerator<Tensor[]> GetEnumerator()
        {
            yield break;
        }
    }

    [Fact]
    public void Several_workers_ask_at_once()
    {
        var dataset = new Busy(200);
        new DataLoader(dataset, batchSize: 2, workers: 4).Count().ShouldBe(100);
        dataset.Most.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Several_workers_need_a_dataset_that_says_that_it_is_safe()
    {
        var e = Should.Throw<ArgumentException>(() => new DataLoader(new Busy(4, isSafe: false), workers: 2));
        e.ParamName.ShouldBe("workers");
        e.Message.ShouldContain("IsThreadSafe");
        var busy = new Busy(4, isSafe: false);
        new DataLoader(new Subset(busy, [0, 2]) + new Busy(2), workers: 1).Count().ShouldBe(4);
        Should.Throw<ArgumentException>(() => new DataLoader(new Subset(busy, [0, 2]) + new Busy(2), workers: 2));
        busy.Most.ShouldBe(1);
    }

    /// <summary>The error that was thrown, with the place in the dataset where it was, when its batch is asked for and not before.</summary>
    [Theory, InlineData(1), InlineData(4)]
    public void An_error_arrives_as_it_was_thrown_after_the_batches_before_it(int workers)
    {
        var dataset = new Busy(40, failsAt: 17);
        int taken = 0;
        var e = Should.Throw<TimeZoneNotFoundException>(() =>
        {
            foreach (Batch batch in new DataLoader(dataset, batchSize: 2, workers: workers)) taken++;
        });
        taken.ShouldBe(8);
        e.Message.ShouldBe("example 17");
        e.StackTrace!.ShouldContain(nameof(Busy));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(4)]
    public void A_pass_can_be_cancelled(int workers)
    {
        var dataset = new Busy(400);
        using var stop = new CancellationTokenSource();
        int taken = 0;
        var e = Should.Throw<OperationCanceledException>(() =>
        {
            foreach (Batch batch in new DataLoader(dataset, batchSize: 2, workers: workers).WithCancellation(stop.Token))
                if (++taken == 5) stop.Cancel();
        });
        e.CancellationToken.ShouldBe(stop.Token);
        taken.ShouldBe(5);
        int asked = dataset.Asked.Count;
        asked.ShouldBeLessThan(60);
        Thread.Sleep(20);
        dataset.Asked.Count.ShouldBe(asked);
    }

    /// <summary>Without workers the program's numbers, as in PyTorch; with them those of PyTorch with a worker for each batch.</summary>
    [Theory, InlineData(0, 0), InlineData(1, 4), InlineData(2, 4), InlineData(3, 4), InlineData(8, 4)]
    public void What_a_dataset_draws_is_what_it_draws_in_PyTorch(int workers, int theirs)
    {
        JsonElement c = Fixtures.Read<JsonElement>("workers").Single(row => row.GetProperty("workers").GetInt32() == theirs);
        using GeneratorFork fork = Rng.Fork();
        Rng.ManualSeed(21);
        var loader = new DataLoader(new Noise(), batchSize: 2, workers: workers);
        float[] drawn = [.. loader.Concat(loader).SelectMany(batch => batch[0].ToArray<float>())];
        drawn.ShouldBe(c.GetProperty("batches").EnumerateArray()
            .SelectMany(batch => batch.GetProperty("data").EnumerateArray().Select(x => (float)x.GetDouble())));
        Tensor.Rand(1).Item().ShouldBe(c.GetProperty("then").GetDouble());
    }

    [Fact]
    public void Shares_of_several_processes_are_PyTorchs()
    {
        foreach (JsonElement c in Fixtures.Read<JsonElement>("distributed"))
        {
            var sampler = new DistributedSampler(c.GetProperty("count").GetInt32(), c.GetProperty("replicas").GetInt32(),
                c.GetProperty("rank").GetInt32(), c.GetProperty("shuffle").GetBoolean(), 7, c.GetProperty("drop_last").GetBoolean());
            sampler.Count.ShouldBe(c.GetProperty("length").GetInt32());
            int epoch = 0;
            foreach (JsonElement order in c.GetProperty("epochs").EnumerateArray())
            {
                sampler.SetEpoch(epoch++);
                sampler.ShouldBe(order.EnumerateArray().Select(i => i.GetInt32()), $"{c}");
            }
        }
    }
}
