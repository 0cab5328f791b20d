using System.Text.Json;
using Adjoint.Data;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Nn.Data;

/// <summary>The order of batches and the use of the random stream, against PyTorch; tests/Parity/loader_fixtures.py asked it.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class DataLoaderTests
{
    private const int N = 23;

    private static readonly JsonElement Loaders = Load("loaders.json"), Splits = Load("splits.json")[0];

    private static readonly TensorDataset Numbers = new(Tensor.Arange(N));

    public static TheoryData<string, int> Cases()
    {
        var rows = new TheoryData<string, int>();
        foreach (JsonElement row in Loaders.EnumerateArray())
            foreach (int prefetch in new[] { 0, 3 }) rows.Add(row.GetProperty("name").GetString()!, prefetch);
        return rows;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Goes_through_the_examples_as_PyTorch_does(string name, int prefetch)
    {
        JsonElement c = Loaders.EnumerateArray().Single(row => row.GetProperty("name").GetString() == name);
        double[] weights = [.. Enumerable.Range(0, N).Select(i => (double)i)];
        using (Rng.Fork())
        {
            Rng.ManualSeed(21);
            var own = new Generator(99);
            DataLoader loader = name switch
            {
                "sequential" => new(Numbers, batchSize: 6, prefetch: prefetch),
                "drop_last" => new(Numbers, batchSize: 6, dropLast: true, prefetch: prefetch),
                "single" => new(Numbers, batchSize: null, prefetch: prefetch),
                "shuffle" => new(Numbers, batchSize: 6, shuffle: true, prefetch: prefetch),
                "shuffle_generator" => new(Numbers, batchSize: 6, shuffle: true, generator: own, prefetch: prefetch),
                "replacement" =>
                    new(Numbers, batchSize: 6, sampler: new RandomSampler(N, replacement: true, samples: 70), prefetch: prefetch),
                "more_samples" =>
                    new(Numbers, batchSize: 6, sampler: new RandomSampler(N, samples: 50, generator: own), prefetch: prefetch),
                "subset" => new(Numbers, batchSize: 2, sampler: new SubsetRandomSampler([3, 1, 4, 15, 9]), prefetch: prefetch),
                "weighted" => new(Numbers, batchSize: 6, sampler: new WeightedRandomSampler(weights, 20), prefetch: prefetch),
                "weighted_without" =>
                    new(Numbers, batchSize: 6, sampler: new WeightedRandomSampler(weights, 20, replacement: false), prefetch: prefetch),
                "batch_sampler" =>
                    new(Numbers, batchSampler: new BatchSampler(new SequentialSampler(N), 5, dropLast: true), prefetch: prefetch),
                _ => throw new ArgumentException(name),
            };
            foreach (JsonElement epoch in c.GetProperty("batches").EnumerateArray())
            {
                long[][] batches = [.. loader.Select(batch => batch[0].ToArray<long>())];
                batches.Select(batch => string.Join(" ", batch))
                    .ShouldBe(epoch.EnumerateArray().Select(batch => string.Join(" ", batch.EnumerateArray())));
                batches.Length.ShouldBe(loader.Count);
            }
            Rng.Default.NextInt64().ShouldBe(c.GetProperty("then").GetInt64());
            if (c.TryGetProperty("then_own", out JsonElement then)) own.NextInt64().ShouldBe(then.GetInt64());
        }
    }

    [Fact]
    public void The_published_order_of_ten_after_seed_zero()
    {
        using (Rng.Fork())
        {
            Rng.ManualSeed(0);
            new DataLoader(new TensorDataset(Tensor.Arange(10)), shuffle: true).Select(batch => batch[0].Item<long>())
                .ShouldBe([6, 7, 1, 4, 2, 0, 9, 8, 3, 5]);
        }
    }

    [Fact]
    public void Two_enumerations_are_independent()
    {
        var loader = new DataLoader(Numbers, batchSize: 10);
        using IEnumerator<Batch> a = loader.GetEnumerator(), b = loader.GetEnumerator();
        a.MoveNext();
        a.MoveNext();
        b.MoveNext();
        (a.Current[0].ToArray<long>()[0], b.Current[0].ToArray<long>()[0]).ShouldBe((10, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_error_of_the_dataset_arrives_as_it_is_after_the_batches_before_it(int prefetch)
    {
        using IEnumerator<Batch> batches = new DataLoader(new Faulty(), batchSize: 2, prefetch: prefetch).GetEnumerator();
        batches.MoveNext().ShouldBeTrue();
        batches.MoveNext().ShouldBeTrue();
        Should.Throw<TimeZoneNotFoundException>(() => batches.MoveNext()).Message.ShouldBe("example 5");
    }

    [Fact]
    public void Contradicting_options_are_refused()
    {
        var sampler = new SequentialSampler(N);
        Should.Throw<ArgumentException>(() => new DataLoader(Numbers, shuffle: true, sampler: sampler)).Message.ShouldContain(
            "leave out either");
        Should.Throw<ArgumentException>(() => new DataLoader(Numbers, batchSize: 2, batchSampler: new BatchSampler(sampler, 2)));
        Should.Throw<ArgumentException>(() => new DataLoader(Numbers, batchSize: null, dropLast: true));
        Should.Throw<ArgumentOutOfRangeException>(() => new DataLoader(Numbers, batchSize: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new DataLoader(Numbers, prefetch: -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new RandomSampler(N, samples: 0));
    }

    [Fact]
    public void Random_splits_are_those_of_PyTorch()
    {
        using (Rng.Fork())
        {
            Rng.ManualSeed(21);
            Numbers.RandomSplit([10, 8, 5]).Select(part => string.Join(" ", part.Indices.ToArray()))
                .ShouldBe(Splits.GetProperty("lengths").EnumerateArray().Select(part => string.Join(" ", part.EnumerateArray())));
        }
        new TensorDataset(Tensor.Arange(10)).RandomSplit([0.5, 0.25, 0.25]).Select(part => part.Count)
            .ShouldBe(Splits.GetProperty("fractions").EnumerateArray().Select(count => count.GetInt32()));
        Should.Throw<ArgumentException>(() => Numbers.RandomSplit([10, 10])).Message.ShouldContain(
            "20 examples together, but the dataset has 23");
        Should.Throw<ArgumentException>(() => Numbers.RandomSplit([0.5, 0.4])).Message.ShouldContain("must be 1");
    }

    private static JsonElement Load(string file) => JsonDocument.Parse(File.ReadAllText(Fixtures.PathOf(file))).RootElement;

    private sealed class Faulty : Dataset
    {
        public override int Count => 8;

        public override Tensor[] this[int index] => index == 5 ? throw new TimeZoneNotFoundException("example 5") : [Tensor.Scalar(index)];
    }
}
