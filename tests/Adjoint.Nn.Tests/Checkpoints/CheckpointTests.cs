using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.RandomNumbers;
using Adjoint.Training;

namespace Adjoint.Tests.Nn.Checkpoints;

[Collection(DefaultGenerator.Collection)]
public class CheckpointTests
{
    private static readonly TensorDataset s_data = new(Tensor.Arange(0, 23).To(DType.Float32).Reshape(23, 1));

    private static readonly Generator s_foreign = new(6);

    private sealed class Counter : IStateful
    {
        public int Count { get; set; }

        public bool Refuses { get; set; }

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["count"] = Count };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
        {
            if (Refuses) throw new ArgumentException("no");
            Count = Convert.ToInt32(state["count"], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    // A sampler that does not tell where it is, and draws from two generators when an epoch begins.
    private sealed class Foreign(int count, Generator generator) : Sampler
    {
        public override int Count => count;

        public override IEnumerator<int> GetEnumerator()
        {
            int shift = (int)(Rng.Default.NextInt64() % count);
            int[] order = Tensor.RandPerm(count, generator: generator).ToArray<int>();
            foreach (int i in order) yield return (i + shift) % count;
        }
    }

    private sealed class Pairs(int count) : BatchSampler
    {
        public override int Count => count / 2;

        public override IEnumerator<int[]> GetEnumerator()
        {
            int[] order = Tensor.RandPerm(count).ToArray<int>();
            for (int i = 0; i + 1 < count; i += 2) yield return [order[i], order[i + 1]];
        }
    }

    public static TheoryData<string> Loaders => [.. s_loaders.Keys];

    private static readonly Dictionary<string, Func<int, DataLoader>> s_loaders = new()
    {
        ["in order"] = prefetch => new(s_data, 4, prefetch: prefetch),
        ["in order, whole batches"] = prefetch => new(s_data, 4, dropLast: true, prefetch: prefetch),
        ["one by one"] = prefetch => new(s_data, null, prefetch: prefetch),
        ["shuffled"] = prefetch => new(s_data, 4, shuffle: true, prefetch: prefetch),
        ["shuffled by a generator"] = prefetch => new(s_data, 4, shuffle: true, generator: new Generator(3), prefetch: prefetch),
        ["more than all"] = prefetch => new(s_data, 4, sampler: new RandomSampler(23, samples: 60, generator: new Generator(4)), prefetch: prefetch),
        ["just all"] = prefetch => new(s_data, 23, sampler: new RandomSampler(23, samples: 46, generator: Rng.Default), prefetch: prefetch),
        ["with replacement"] = prefetch => new(s_data, 5, sampler: new RandomSampler(23, true, 100), prefetch: prefetch),
        ["with replacement by the default"] = prefetch => new(s_data, 5, sampler: new RandomSampler(23, true, 100, Rng.Default), prefetch: prefetch),
        ["weighted"] = prefetch => new(s_data, 4, sampler: new WeightedRandomSampler([.. Enumerable.Range(0, 23).Select(i => i + 1.0)], 30), prefetch: prefetch),
        ["a subset"] = prefetch => new(s_data, 4, sampler: new SubsetRandomSampler([2, 3, 5, 7, 11, 13, 17, 19]), prefetch: prefetch),
        ["a foreign sampler"] = prefetch => new(s_data, 4, sampler: new Foreign(23, s_foreign), generator: s_foreign, prefetch: prefetch),
        ["foreign batches"] = prefetch => new(s_data, batchSampler: new Pairs(23), prefetch: prefetch),
    };

    [Theory]
    [MemberData(nameof(Loaders))]
    public void A_loader_goes_on_in_the_middle_of_an_epoch(string name)
    {
        for (int prefetch = 0; prefetch <= 3; prefetch += 3)
        {
            List<double> whole = Run(s_loaders[name](prefetch), null, -1, out _, out _);
            int batches = s_loaders[name](0).Count;
            for (int stop = 0; stop < 2 * batches; stop++)
            {
                List<double> first = Run(s_loaders[name](prefetch), null, stop, out IReadOnlyDictionary<string, object?>? state, out byte[] rng);
                var file = new Dictionary<string, object?> { ["loader"] = state };
                List<double> rest = Run(s_loaders[name](prefetch), (Through(file), rng, stop >= batches), -1, out _, out _);
                first.Concat(rest).ShouldBe(whole, $"{name}, prefetch {prefetch}, stopped after batch {stop}");
            }
        }
    }

    private static IReadOnlyDictionary<string, object?> Through(Dictionary<string, object?> state)
    {
        using var folder = new TemporaryFolder();
        TorchFile.Save(folder.File("state.pt"), state);
        var all = (OrderedDictionary<object, object?>)TorchFile.Load(folder.File("state.pt"))!;
        return ((OrderedDictionary<object, object?>)all["loader"]!).ToDictionary(pair => (string)pair.Key, pair => pair.Value);
    }

    /// <summary>Two epochs, with draws of the program's own between batches; left after so many batches.</summary>
    private static List<double> Run(
        DataLoader loader, (IReadOnlyDictionary<string, object?> State, byte[] Rng, bool IsSecond)? from, int stop,
        out IReadOnlyDictionary<string, object?>? state, out byte[] rng)
    {
        (state, rng) = (null, []);
        Rng.ManualSeed(9);
        s_foreign.ManualSeed(10);
        if (from is { } place)
        {
            loader.LoadStateDict(place.State);
            Rng.SetState(place.Rng);
        }
        var seen = new List<double>();
        int batch = 0;
        for (int epoch = from is { IsSecond: true } ? 1 : 0; epoch < 2; epoch++)
        {
            foreach (Batch b in loader)
            {
                seen.AddRange(b[0].Reshape(-1).ToArray<float>().Select(x => (double)x));
                seen.Add(Rng.Default.NextDouble());
                if (batch++ == stop)
                {
                    (state, rng) = (loader.StateDict(), Rng.GetState());
                    return seen;
                }
            }
        }
        return seen;
    }

    [Fact]
    public void A_state_of_another_loader_is_refused()
    {
        IReadOnlyDictionary<string, object?> state = new DataLoader(s_data, 4).StateDict();
        Should.Throw<ArgumentException>(() => new DataLoader(s_data, 5).LoadStateDict(state)).Message.ShouldContain("23 examples in 6 batches");
        Should.Throw<ArgumentException>(() => new DataLoader(s_data, 4, generator: new Generator(1)).LoadStateDict(state)).Message
            .ShouldContain("\"generator\"");
    }

    [Fact]
    public void Parts_go_on_in_place_and_values_are_replaced()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("all.pt");
        var (one, net, optimizer, counter, generator, free) = Made(3);
        one["epoch"] = 7;
        one["best"] = 0.25;
        one["names"] = new[] { "a", "b" };
        one["curve"] = new List<double> { 1, 0.5 };
        one["nested"] = new Dictionary<string, object?> { ["x"] = Tensor.From([1.0, 2]), ["n"] = null };
        Tensor expected = net.StateDict()["0.weight"].Clone();
        one.Save(path);
        double next = generator.NextDouble(), nextDefault = Rng.Default.NextDouble();

        var (two, net2, optimizer2, counter2, generator2, free2) = Made(4);
        two["epoch"] = 0;
        two["best"] = 0f;
        Tensor weight = net2.GetParameter("0.weight");
        two.Load(path, strict: true).MissingKeys.ShouldBeEmpty();
        net2.GetParameter("0.weight").ShouldBeSameAs(weight);
        weight.Detach().ToArray<float>().ShouldBe(expected.ToArray<float>());
        two["epoch"].ShouldBe(7);
        two["best"].ShouldBe(0.25f);
        two.Get<double>("best").ShouldBe(0.25);
        two.Get<string[]>("names").ShouldBe(["a", "b"]);
        two.Get<List<double>>("curve").ShouldBe([1, 0.5]);
        Should.Throw<ArgumentException>(() => two.Get<int>("best")).Message.ShouldContain("\"best\"");
        counter2.Count.ShouldBe(3);
        generator2.NextDouble().ShouldBe(next);
        Rng.Default.NextDouble().ShouldBe(nextDefault);
        free2.ToArray<double>().ShouldBe(free.ToArray<double>());
        optimizer2.StateDict().State.Count.ShouldBe(optimizer.StateDict().State.Count);
    }

    [Fact]
    public void A_checkpoint_that_does_not_fit_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("all.pt");
        var (one, _, _, _, _, _) = Made(3);
        one["epoch"] = 7;
        one.Save(path);

        var (two, net, optimizer, counter, generator, free) = Made(4);
        float[] weight = net.GetParameter("0.weight").ToArray<float>();
        byte[] state = generator.GetState(), rng = Rng.GetState();
        void Unchanged()
        {
            net.GetParameter("0.weight").ToArray<float>().ShouldBe(weight);
            generator.GetState().ShouldBe(state);
            Rng.GetState().ShouldBe(rng);
            counter.Count.ShouldBe(4);
            optimizer.ParamGroups[0].Lr.ShouldBe(0.04);
        }

        two["more"] = new Counter();
        Should.Throw<ArgumentException>(() => two.Load(path)).Message.ShouldContain("It has no \"more\"");
        Unchanged();

        var (three, _, _, _, _, _) = Made(4);
        var fewer = new Checkpoint();
        foreach ((string name, object? value) in three)
            if (name != "counter") fewer[name] = value;
        Should.Throw<ArgumentException>(() => fewer.Load(path)).Message.ShouldContain("It has \"counter\", which were not given");

        var (four, net4, optimizer4, counter4, _, _) = Made(4);
        counter4.Refuses = true;
        Should.Throw<ArgumentException>(() => four.Load(path)).Message.ShouldBe("no");
        optimizer4.ParamGroups[0].Lr.ShouldBe(0.04);

        var (five, _, optimizer5, counter5, _, _) = Made(4);
        five["model"] = new Sequential(new Adjoint.Nn.Linear(3, 2));
        Should.Throw<StateDictException>(() => five.Load(path)).Message.ShouldContain("Size mismatch");
        counter5.Count.ShouldBe(4);
        optimizer5.ParamGroups[0].Lr.ShouldBe(0.04);

        var (six, _, _, _, _, _) = Made(4);
        six["counter"] = new Generator(2);
        Should.Throw<ArgumentException>(() => six.Load(path)).Message.ShouldContain("of the kind \"stateful\"");
    }

    private static (Checkpoint, Sequential, Adam, Counter, Generator, Tensor) Made(int seed)
    {
        Rng.ManualSeed(seed);
        var net = new Sequential(new Adjoint.Nn.Linear(2, 2), new Dropout(0.5, generator: new Generator(seed)));
        var optimizer = new Adam(net.Parameters(), lr: 0.01 * seed);
        net.Call(Tensor.Randn(3, 2)).Sum().Backward();
        optimizer.Step();
        var counter = new Counter { Count = seed };
        var generator = new Generator(seed);
        Tensor free = Tensor.Randn([2], DType.Float64).RequiresGradInPlace();
        return (new() { ["model"] = net, ["optimizer"] = optimizer, ["counter"] = counter, ["generator"] = generator, ["free"] = free },
            net, optimizer, counter, generator, free);
    }

    [Fact]
    public void What_cannot_be_kept_is_refused_when_it_is_given()
    {
        var checkpoint = new Checkpoint();
        Should.Throw<ArgumentException>(() => checkpoint["random"] = new Random(1)).Message.ShouldContain("Random, which cannot be kept");
        Should.Throw<ArgumentException>(() => checkpoint["data"] = s_data).Message.ShouldContain("cannot be kept");
        Should.Throw<ArgumentException>(() => checkpoint["sampler"] = new RandomSampler(3)).Message.ShouldContain("cannot be kept");
        Should.Throw<ArgumentException>(() => checkpoint["rng_state"] = 1).Message.ShouldContain("of its own");
        Should.Throw<KeyNotFoundException>(() => checkpoint["epoch"]).Message.ShouldContain("there are none");
    }

    [Fact]
    public void A_damaged_checkpoint_is_one_clear_error()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("all.pt");
        var (one, _, _, _, _, _) = Made(3);
        one.Save(path);
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(4);
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] damaged = [.. whole];
            if (trial % 3 == 0) damaged = damaged[..random.Next(damaged.Length)];
            else damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            var (two, _, _, counter, _, _) = Made(4);
            try
            {
                two.Load(path);
            }
            catch (Exception e) when (e is DataFormatException or ArgumentException or StateDictException)
            {
                e.Message.ShouldNotContain("\n");
                counter.Count.ShouldBe(4);
            }
        }
    }
}
