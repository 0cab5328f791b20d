namespace Adjoint.Tests.Nn;

using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests;
using Adjoint.Training;

/// <summary>A training that goes on from a file, whenever that was saved.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class TrainerCheckpointTests
{
    private sealed class Attempt
    {
        public readonly Sequential Net = new(new Linear(4, 8), new Tanh(), new Dropout(0.2), new Linear(8, 2));
        public readonly Trainer Trainer;
        public readonly DataLoader Loader;
        public readonly EarlyStopping Stopping;
        public readonly Checkpoint Checkpoint;

        public Attempt(Dataset examples)
        {
            var optimizer = new Adam(Net.Parameters(), lr: 0.01);
            var schedule = new StepLR(optimizer, stepSize: 5);
            Loader = new DataLoader(examples, 8, shuffle: true);
            Stopping = new EarlyStopping(Net, patience: 50);
            Trainer = new Trainer(Net, optimizer, (scores, classes) => F.CrossEntropy(scores, classes))
            {
                Metrics = [new Accuracy(), new F1Score(2)],
                AfterStep = schedule.Step,
                EarlyStopping = Stopping,
            };
            Checkpoint = new Checkpoint
            {
                ["net"] = Net,
                ["optimizer"] = optimizer,
                ["schedule"] = schedule,
                ["loader"] = Loader,
                ["trainer"] = Trainer,
                ["stopping"] = Stopping,
            };
        }

        public static List<string> Told(IEnumerable<TrainingEvent> events) => [.. events.Select(Text)];

        public static string Text(TrainingEvent happened) => happened is EpochDone done
            ? $"epoch {done.Epoch} {done.Loss:R} {done.Examples} {string.Join(" ", done.Metrics.Select(m => $"{m.Key} {m.Value:R}"))}"
            : $"{happened}";
    }

    private static TensorDataset Examples()
    {
        var draws = new Generator(3);
        Tensor x = Tensor.Randn([44, 4], generator: draws);
        return new TensorDataset(x, x.Select(1, 0).Gt(0).To(DType.Int64));
    }

    /// <summary>Eighteen steps in three epochs: it is left after each of them, and after each epoch.</summary>
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Left_after_any_event_it_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        TensorDataset examples = Examples();
        Rng.ManualSeed(5);
        var whole = new Attempt(examples);
        List<string> told = Attempt.Told(whole.Trainer.Run(whole.Loader, 3, cancellationToken: Stop));
        for (int leave = 1; leave < told.Count - 1; leave++)
        {
            Rng.ManualSeed(5);
            var first = new Attempt(examples);
            int events = 0;
            bool isSaved = false;
            List<string> before = [];
            foreach (TrainingEvent happened in first.Trainer.Run(first.Loader, 3, cancellationToken: Stop))
            {
                before.Add(Attempt.Text(happened));
                if (++events < leave || happened is EpochBegins) continue;
                first.Checkpoint.Save(folder.File("run.pt"));
                isSaved = true;
                break;
            }
            isSaved.ShouldBeTrue();
            Rng.ManualSeed(99);
            var second = new Attempt(examples);
            second.Checkpoint.Load(folder.File("run.pt"));
            second.Trainer.Epoch.ShouldBe(first.Trainer.Epoch);
            List<string> after = Attempt.Told(second.Trainer.Run(second.Loader, 3 - second.Trainer.Epoch, cancellationToken: Stop));
            // An epoch that goes on begins once more for whoever listens.
            List<string> expected = told[before.Count..];
            if (after[0] != expected[0]) after.RemoveAt(0);
            after.ShouldBe(expected);
            foreach ((string name, Tensor weight) in second.Net.StateDict())
                weight.ToArray<float>().ShouldBe(whole.Net.StateDict()[name].ToArray<float>());
            second.Checkpoint.Get<EarlyStopping>("stopping").ShouldBeSameAs(second.Stopping);
            (second.Stopping.BestEpoch, second.Stopping.BestLoss).ShouldBe((whole.Stopping.BestEpoch, whole.Stopping.BestLoss));
        }
    }

    private sealed class Largest : Metric
    {
        public override string Name => "largest";

        public override double Value => 0;

        public override void Reset() { }

        public override void Add(Tensor output, Tensor target) { }
    }

    [Fact]
    public void What_cannot_be_kept_is_said()
    {
        TensorDataset examples = Examples();
        var net = new Sequential(new Linear(4, 2));
        var trainer = new Trainer(net, new SGD(net.Parameters(), 0.1), (s, y) => F.CrossEntropy(s, y)) { Metrics = [new Largest()] };
        foreach (TrainingEvent happened in trainer.Run(new DataLoader(examples, 8), 1, cancellationToken: Stop))
            if (happened is StepDone)
            {
                Should.Throw<NotSupportedException>(() => trainer.StateDict()).Message.ShouldContain("largest");
                break;
            }
        var gathering = new Trainer(net, new SGD(net.Parameters(), 0.1), (s, y) => F.CrossEntropy(s, y)) { Accumulate = 2 };
        foreach (TrainingEvent happened in gathering.Run(new DataLoader(examples, 8), 1, cancellationToken: Stop))
            if (happened is StepDone)
            {
                Should.Throw<NotSupportedException>(() => gathering.StateDict()).Message.ShouldContain("gathered");
                break;
            }
        Should.Throw<ArgumentException>(() => trainer.LoadStateDict(new Dictionary<string, object?> { ["epoch"] = 1 })).Message.ShouldContain("steps");
        Should.Throw<ArgumentException>(() => new EarlyStopping(net, 1).LoadStateDict(new Dictionary<string, object?> { ["best_epoch"] = 1 }));
        Should.Throw<ArgumentException>(() => new F1Score(2).LoadStateDict(new Dictionary<string, object?> { ["counts"] = new[] { 1, 2, 3 } }))
            .Message.ShouldContain("2 x 2");
        Should.Throw<ArgumentException>(() => new MeanSquaredError().LoadStateDict(new Dictionary<string, object?> { ["count"] = 1 }));
    }

    [Fact]
    public void Metrics_go_on_counting()
    {
        Tensor scores = Tensor.From([2f, 1, 0, 3, 5, 4]).View(3, 2), classes = Tensor.From([0L, 1, 1]);
        foreach (Func<Metric> make in (Func<Metric>[])[() => new Accuracy(), () => new F1Score(2), () => new Precision(2)])
        {
            Metric one = make(), other = make();
            one.Add(scores, classes);
            ((IStateful)other).LoadStateDict(((IStateful)one).StateDict());
            other.Value.ShouldBe(one.Value);
        }
        Auc area = new(), same = new();
        area.Add(Tensor.From([0.1f, 0.4f, 0.35f, 0.8f]), Tensor.From([0L, 0, 1, 1]));
        same.LoadStateDict(area.StateDict());
        same.Value.ShouldBe(0.75);
        var error = new MeanAbsoluteError();
        error.Add(Tensor.From([1f, 2]), Tensor.From([0f, 4]));
        var again = new MeanAbsoluteError();
        again.LoadStateDict(error.StateDict());
        again.Value.ShouldBe(1.5);
    }
}
