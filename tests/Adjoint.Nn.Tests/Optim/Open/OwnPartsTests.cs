using Adjoint.Data;
using Adjoint.Optim;

namespace Adjoint.Tests.Optim.Open;

/// <summary>Schedules, samplers, batches and collate functions written from outside.</summary>
public class OwnPartsTests
{
    /// <summary>Halves the rate whenever it was told that nothing improved: it remembers how often.</summary>
    private sealed class Patient : LRScheduler
    {
        public Patient(Optimizer optimizer) : base(optimizer) => Step();

        public int Told { get; set; }

        protected override double Next(double lr, double baseLr, int epoch, int group) => baseLr * Math.Pow(0.5, Told);

        protected override void SaveState(IDictionary<string, object?> state) => state["told"] = Told;

        protected override void LoadState(IReadOnlyDictionary<string, object?> state) =>
            Told = state["told"] is int told ? told : throw new ArgumentException("told");
    }

    /// <summary>Batches of examples that are alike.</summary>
    private sealed class Alike(int[] kinds) : BatchSampler
    {
        public override int Count => kinds.Distinct().Count();

        public override IEnumerator<int[]> GetEnumerator() =>
            Enumerable.Range(0, kinds.Length).GroupBy(i => kinds[i]).Select(group => group.ToArray()).GetEnumerator();
    }

    private sealed class Faulty : BatchSampler
    {
        public override int Count => 1;

        public override IEnumerator<int[]> GetEnumerator() => new List<int[]> { null! }.GetEnumerator();
    }

    private sealed class Forgotten : BatchSampler;

    private sealed class Backwards(int count) : Sampler
    {
        public override int Count => count;

        public override IEnumerator<int> GetEnumerator() => Enumerable.Range(0, count).Reverse().GetEnumerator();
    }

    /// <summary>Sequences of unequal length.</summary>
    private sealed class Sequences : Dataset
    {
        public override int Count => 4;

        public override Tensor[] this[int index] => [Tensor.Arange(index + 1)];
    }

    private static Tensor P => Tensor.Ones(2, requiresGrad: true);

    [Fact]
    public void A_schedule_goes_on_from_what_it_remembered()
    {
        var first = new SGD([P], 1);
        var schedule = new Patient(first) { Told = 2 };
        schedule.Step();
        var second = new SGD([P], 1);
        var other = new Patient(second);
        second.LoadStateDict(first.StateDict());
        other.LoadStateDict(schedule.StateDict());
        (other.LastEpoch, other.Told).ShouldBe((1, 2));
        other.Step();
        second.ParamGroups[0].Lr.ShouldBe(0.25);
        Should.Throw<ArgumentException>(() => other.LoadStateDict(new Dictionary<string, object?>())).Message.ShouldContain("last_epoch");
        Should.Throw<ArgumentException>(
            () => other.LoadStateDict(new Dictionary<string, object?> { ["last_epoch"] = 1, ["base_lrs"] = new[] { 1.0, 2.0 } }));
        other.LastEpoch.ShouldBe(2);

        var plateau = new ReduceLROnPlateau(first, patience: 1);
        plateau.Step(1);
        plateau.Step(2);
        var again = new ReduceLROnPlateau(second, patience: 1);
        again.LoadStateDict(plateau.StateDict());
        again.Step(2);
        second.ParamGroups[0].Lr.ShouldBe(0.025, 1e-12);
    }

    [Fact]
    public void Samplers_and_batches_of_ones_own_decide_the_order()
    {
        var data = new TensorDataset(Tensor.Arange(5));
        new DataLoader(data, 2, sampler: new Backwards(5)).Select(batch => batch[0].ToArray<int>()).ShouldBe([[4, 3], [2, 1], [0]]);
        foreach (int prefetch in new[] { 0, 2 })
            new DataLoader(data, batchSampler: new Alike([0, 1, 0, 1, 1]), prefetch: prefetch).Select(batch => batch[0].ToArray<int>())
            .ShouldBe([[0, 2], [1, 3, 4]]);
        Should.Throw<InvalidOperationException>(() => new DataLoader(data, batchSampler: new Faulty()).ToList()).Message.ShouldContain(
            "Faulty gave null");
        Should.Throw<NotSupportedException>(() => new DataLoader(data, batchSampler: new Forgotten())).Message.ShouldContain("Forgotten");
    }

    [Fact]
    public void A_collate_function_makes_the_batches()
    {
        static Batch Padded(IReadOnlyList<Tensor[]> examples)
        {
            int longest = examples.Max(e => e[0].Size(0));
            return new Batch([
                Tensor.Stack(examples.Select(e => Tensor.Cat(e[0], Tensor.Zeros([longest - e[0].Size(0)], DType.Int64)))),
                Tensor.From(examples.Select(e => (long)e[0].Size(0))),
            ]);
        }

        Batch[] batches = [.. new DataLoader(new Sequences(), 2, collate: Padded)];
        batches.Length.ShouldBe(2);
        batches[1][0].ToString().ShouldBe(Tensor.From([[0L, 1, 2, 0], [0L, 1, 2, 3]]).ToString());
        batches[1][1].ToArray<int>().ShouldBe([3, 4]);
        Should.Throw<ShapeException>(() => new DataLoader(new Sequences(), 2).ToList());
        Should.Throw<InvalidOperationException>(() =>
            new DataLoader(new Sequences(), 2, collate: _ => default).ToList()).Message.ShouldContain("without tensors");
        Should.Throw<ArgumentException>(() => new DataLoader(new Sequences(), null, collate: Padded));
    }
}
