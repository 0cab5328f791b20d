using System.Diagnostics;
using System.Diagnostics.Metrics;

// The test's own wish to stop would be another thing than what is tested.
#pragma warning disable xUnit1051

namespace Adjoint.Tests.Nn;

using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Training;

[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class TrainerTests
{
    private static (Sequential Net, TensorDataset Examples) Setup(long seed = 3)
    {
        var draws = new Generator(seed);
        Tensor x = Tensor.Randn([64, 4], generator: draws);
        Tensor y = (x.Select(1, 0) + 0.5 * x.Select(1, 1)).Gt(0).To(DType.Int64);
        return (new Sequential(new Linear(4, 8, generator: draws), new Tanh(), new Linear(8, 2, generator: draws)), new TensorDataset(x, y));
    }

    private static Tensor Loss(Tensor scores, Tensor classes) => F.CrossEntropy(scores, classes);

    private static Dictionary<string, float[]> Weights(Module net) =>
        net.StateDict().ToDictionary(entry => entry.Key, entry => entry.Value.ToArray<float>());

    /// <summary>What a loop in a program does, to the bit: with and without a compiled step.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void It_does_what_a_written_loop_does(bool isCompiled)
    {
        (Sequential written, TensorDataset examples) = Setup();
        var optimizer = new Adam(written.Parameters(), lr: 0.01);
        var losses = new List<double>();
        var draws = new Generator(9);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            foreach ((Tensor x, Tensor y) in new DataLoader(examples, 16, shuffle: true, generator: draws))
            {
                optimizer.ZeroGrad();
                Tensor loss = F.CrossEntropy(written.Call(x), y);
                loss.Backward();
                optimizer.Step();
                losses.Add(loss.Item());
            }
        }

        (Sequential net, _) = Setup();
        var trainer = new Trainer(net, new Adam(net.Parameters(), lr: 0.01), Loss) { IsCompiled = isCompiled };
        var steps = new List<double>();
        foreach (TrainingEvent happened in trainer.Run(new DataLoader(examples, 16, shuffle: true, generator: new Generator(9)), 3))
            if (happened is StepDone step) steps.Add(step.Loss);
        steps.ShouldBe(losses);
        (trainer.Epoch, trainer.Steps).ShouldBe((3, 12L));
        foreach ((string name, float[] values) in Weights(written)) Weights(net)[name].ShouldBe(values, name);
    }

    [Fact]
    public void Epochs_have_their_losses_metrics_and_validation()
    {
        (Sequential net, TensorDataset examples) = Setup();
        var trainer = new Trainer(net, new Adam(net.Parameters(), lr: 0.05), Loss)
        {
            Metrics = [new Accuracy(), new F1Score(2), new Auc()],
        };
        TrainingHistory history = trainer.Fit(new DataLoader(examples, 10, shuffle: true), 8, new DataLoader(examples, 64));
        history.Reason.ShouldBe(TrainingEnd.Finished);
        history.Epochs.Select(e => e.Epoch).ShouldBe(Enumerable.Range(1, 8));
        history.Epochs[7].Loss.ShouldBeLessThan(history.Epochs[0].Loss);
        history.Epochs[7].Metrics["accuracy"].ShouldBeGreaterThan(0.9);
        history.Epochs.ShouldAllBe(e => e.Examples == 64 && e.Seconds > 0);
        EvaluationResult last = history.Epochs[7].Validation!;
        last.Examples.ShouldBe(64);
        last.Loss.ShouldBe(F.CrossEntropy(net.Call(examples.Tensors[0]), examples.Tensors[1]).Item(), 1e-6);
        last.Metrics["auc"].ShouldBeInRange(0.9, 1);
        net.Training.ShouldBeTrue();
        trainer.Fit(new DataLoader(examples, 10), 1).Epochs[0].Epoch.ShouldBe(9);
    }

    /// <summary>Four batches of a quarter are one batch; what is left at the end of an epoch is stepped with.</summary>
    [Fact]
    public void Gradients_are_gathered_over_batches()
    {
        (Sequential whole, TensorDataset examples) = Setup();
        (Sequential parts, _) = Setup();
        new Trainer(whole, new SGD(whole.Parameters(), 0.1), Loss).Fit(new DataLoader(examples, 64), 2);
        var trainer = new Trainer(parts, new SGD(parts.Parameters(), 0.1), Loss) { Accumulate = 4 };
        trainer.Fit(new DataLoader(examples, 16), 2);
        trainer.Steps.ShouldBe(2);
        foreach ((string name, float[] values) in Weights(whole)) Weights(parts)[name].ShouldBe(values, 1e-6f);
        trainer.Fit(new DataLoader(examples, 10), 1);
        trainer.Steps.ShouldBe(2 + 2);
        Should.Throw<InvalidOperationException>(() => new Trainer(parts, new SGD(parts.Parameters(), 0.1), Loss) { Accumulate = 2, IsCompiled = true }
            .Run(new DataLoader(examples), 1)).Message.ShouldContain("Accumulate");
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Gradients_are_clipped(bool isCompiled)
    {
        (Sequential net, TensorDataset examples) = Setup();
        Dictionary<string, float[]> before = Weights(net);
        new Trainer(net, new SGD(net.Parameters(), 1), Loss) { ClipNorm = 1e-3, IsCompiled = isCompiled }.Fit(new DataLoader(examples, 64), 1);
        double moved = Math.Sqrt(Weights(net).Sum(w => w.Value.Zip(before[w.Key], (a, b) => (double)(a - b) * (a - b)).Sum()));
        moved.ShouldBe(1e-3, 2e-6);
        before = Weights(net);
        new Trainer(net, new SGD(net.Parameters(), 1), Loss) { ClipValue = 1e-4, IsCompiled = isCompiled }.Fit(new DataLoader(examples, 64), 1);
        Weights(net).Max(w => w.Value.Zip(before[w.Key], (a, b) => Math.Abs(a - b)).Max()).ShouldBe(1e-4f, 1e-6f);
    }

    [Fact]
    public void It_stops_when_it_no_longer_gets_better_and_takes_the_best_weights()
    {
        (Sequential net, TensorDataset examples) = Setup();
        var best = new Dictionary<int, Dictionary<string, float[]>>();
        var trainer = new Trainer(net, new SGD(net.Parameters(), 60), Loss)
        {
            EarlyStopping = new EarlyStopping(net, patience: 2),
            Callbacks = [e => { if (e is EpochDone done) best[done.Epoch] = Weights(net); }],
        };
        TrainingHistory history = trainer.Fit(new DataLoader(examples, 16), 200, new DataLoader(examples, 64));
        history.Reason.ShouldBe(TrainingEnd.NoBetter);
        int least = history.Epochs.MinBy(e => e.Validation!.Loss)!.Epoch;
        history.BestEpoch.ShouldBe(least);
        history.Epochs.Count.ShouldBe(least + 2);
        foreach ((string name, float[] values) in best[least]) Weights(net)[name].ShouldBe(values);
    }

    [Fact]
    public void A_wish_to_stop_ends_it_after_the_step_and_is_no_error()
    {
        (Sequential net, TensorDataset examples) = Setup();
        using var stop = new CancellationTokenSource();
        int steps = 0;
        var trainer = new Trainer(net, new SGD(net.Parameters(), 0.1), Loss)
        {
            Callbacks = [e => { if (e is StepDone && ++steps == 6) stop.Cancel(); }],
        };
        TrainingHistory history = trainer.Fit(new DataLoader(examples, 16), 5, cancellationToken: stop.Token);
        history.Reason.ShouldBe(TrainingEnd.Cancelled);
        history.Epochs.Count.ShouldBe(1);
        steps.ShouldBe(6);
        trainer.Epoch.ShouldBe(1);
    }

    [Fact]
    public async Task It_can_run_in_the_background()
    {
        (Sequential net, TensorDataset examples) = Setup();
        var trainer = new Trainer(net, new SGD(net.Parameters(), 0.1), Loss);
        var seen = new List<TrainingEvent>();
        await foreach (TrainingEvent happened in trainer.RunAsync(new DataLoader(examples, 16), 2, cancellationToken: TestContext.Current.CancellationToken))
            seen.Add(happened);
        seen.Select(e => e.GetType().Name).ShouldBe(
            Enumerable.Repeat((string[])["EpochBegins", "StepDone", "StepDone", "StepDone", "StepDone", "EpochDone"], 2)
                .SelectMany(names => names).Append("TrainingEnded"));

        // Left early: the training ends, and the enumeration is over only then.
        long before = trainer.Steps;
        await foreach (TrainingEvent happened in trainer.RunAsync(new DataLoader(examples, 1), 10_000, cancellationToken: TestContext.Current.CancellationToken))
            if (happened is StepDone) break;
        long after = trainer.Steps;
        after.ShouldBeGreaterThan(before);
        await Task.Delay(30, TestContext.Current.CancellationToken);
        trainer.Steps.ShouldBe(after);

        // An error of a step arrives.
        var failing = new Trainer(net, new SGD(net.Parameters(), 0.1), (Batch _) => throw new TimeZoneNotFoundException("of the step"));
        await Should.ThrowAsync<TimeZoneNotFoundException>(async () =>
        {
            await foreach (TrainingEvent happened in failing.RunAsync(new DataLoader(examples, 16), 1)) { }
        });
    }

    [Fact]
    public void Any_batch_can_be_learnt()
    {
        Tensor x = Tensor.Randn([32, 3], generator: new Generator(1));
        var code = new Sequential(new Linear(3, 2, generator: new Generator(2)), new Linear(2, 3, generator: new Generator(3)));
        var trainer = new Trainer(code, new Adam(code.Parameters(), 0.01), batch =>
        {
            Tensor again = code.Call(batch[0]);
            return (again, F.MseLoss(again, batch[0]));
        });
        TrainingHistory history = trainer.Fit(new DataLoader(new TensorDataset(x), 8, shuffle: true, generator: new Generator(4)), 20);
        history.Epochs[^1].Loss.ShouldBeLessThan(history.Epochs[0].Loss / 2);
        Should.Throw<InvalidOperationException>(() => new Trainer(code, new SGD(code.Parameters(), 0.1), Loss).Fit(new DataLoader(new TensorDataset(x)), 1))
            .Message.ShouldContain("forward");
        Should.Throw<InvalidOperationException>(() =>
            new Trainer(code, new SGD(code.Parameters(), 0.1), batch => (batch[0], code.Call(batch[0]))).Fit(new DataLoader(new TensorDataset(x)), 1))
            .Message.ShouldContain("one number");
    }

    /// <summary>What OpenTelemetry would see.</summary>
    [Fact]
    public void Meter_and_activities_tell_what_happens()
    {
        var counted = new Dictionary<string, double>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "Adjoint") listener.EnableMeasurementEvents(instrument); },
        };
        meters.SetMeasurementEventCallback<long>((i, value, _, _) => counted[i.Name] = counted.GetValueOrDefault(i.Name) + value);
        meters.SetMeasurementEventCallback<double>((i, value, _, _) => counted[i.Name] = value);
        meters.Start();
        var activities = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Adjoint",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => activities.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        (Sequential net, TensorDataset examples) = Setup();
        new Trainer(net, new SGD(net.Parameters(), 0.1), Loss).Fit(new DataLoader(examples, 16), 2, new DataLoader(examples, 64));
        counted["adjoint.training.steps"].ShouldBe(8);
        counted["adjoint.training.examples"].ShouldBe(128);
        counted["adjoint.training.step.duration"].ShouldBeGreaterThan(0);
        counted["adjoint.validation.loss"].ShouldBeGreaterThan(0);
        activities.Count(a => a == "adjoint.epoch").ShouldBe(2);
        activities.Count(a => a == "adjoint.evaluate").ShouldBe(2);
        activities[^1].ShouldBe("adjoint.train");
    }
}
