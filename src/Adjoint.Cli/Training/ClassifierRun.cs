using System.Diagnostics;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>What came of a training run.</summary>
/// <param name="Epochs">The epochs that were finished.</param>
/// <param name="LossCurve">The loss along the way.</param>
/// <param name="Test">The last evaluation on the test set.</param>
/// <param name="Seconds">From the first step to the end of the last evaluation.</param>
/// <param name="StoppedIn">The epoch in which the run was stopped from outside, if it was.</param>
internal sealed record TrainingRun(
    IReadOnlyList<EpochResult> Epochs, IReadOnlyList<LossPoint> LossCurve, ClassifierEvaluation Test, double Seconds, int? StoppedIn)
{
    /// <summary>The epoch whose weights were taken back, when the run ended because it no longer got better.</summary>
    public int? BestEpoch { get; init; }
}

/// <summary>What a network learns from, and what it is judged by.</summary>
/// <param name="Train">The examples to learn.</param>
/// <param name="Validation">Examples held back from training, by which to choose; null for none.</param>
/// <param name="Test">The examples that are evaluated after each epoch.</param>
/// <param name="Classes">How many classes.</param>
internal sealed record TrainingData(Dataset Train, Dataset? Validation, Dataset Test, int Classes);

/// <summary>A classifier, trained by a <see cref="Trainer"/> and evaluated after each epoch: the main job.</summary>
/// <param name="net">What is trained.</param>
/// <param name="optimizer">What steps.</param>
/// <param name="schedule">How the learning rate changes; makes it for the number of steps in an epoch.</param>
/// <param name="data">What is learnt.</param>
internal sealed class ClassifierRun(Module net, Optimizer optimizer, Func<int, RateSchedule> schedule, TrainingData data)
{
    private readonly Accuracy _accuracy = new();
    private long _start, _begun;

    /// <summary>How many epochs without a better validation loss are put up with; 0: all epochs are run.</summary>
    public int Patience { get; init; }

    /// <summary>Whether a step is captured once and then run as a plan, with the same bits.</summary>
    public bool IsCompiled { get; init; }

    /// <summary>From what it goes on when it was killed; null: it does not.</summary>
    public RunCheckpoint? Checkpoint { get; init; }

    /// <summary>
    /// Trains for <paramref name="epochs"/> epochs, or until <paramref name="stop"/>: then the step at hand is finished and the
    /// network evaluated.
    /// </summary>
    public TrainingRun Run(int epochs, int batchSize, ITrainingObserver observer, CancellationToken stop)
    {
        // What is changed at random takes time for each example; it is prepared while the batch before is learnt.
        var loader = new DataLoader(data.Train, batchSize, shuffle: true, workers: data.Train is TransformedDataset ? 1 : 0);
        RateSchedule rate = schedule(loader.Count);
        var trainer = new Trainer(net, optimizer, (scores, labels) => F.CrossEntropy(scores, labels))
        {
            Metrics = [_accuracy],
            IsCompiled = IsCompiled,
            AfterStep = rate.AfterStep,
        };
        var progress = new RunProgress(loader.Count);
        EarlyStopping? patience = Patience > 0 ? new EarlyStopping(net, Patience) : null;
        if (Checkpoint is not null) Continue(loader, rate, trainer, progress, patience);
        _start = _begun = Stopwatch.GetTimestamp();
        if (Checkpoint?.IsThere == true) observer.Resumed(trainer.Epoch + 1);
        int done = progress.Results.Count;
        ClassifierEvaluation? last = null;
        int? stoppedIn = null, best = patience is not null && done - patience.BestEpoch >= Patience ? patience.BestEpoch : null;
        if (best is null && done < epochs)
        {
            foreach (TrainingEvent happened in trainer.Run(loader, epochs - done, cancellationToken: stop))
            {
                switch (happened)
                {
                    case EpochBegins begins:
                        observer.BeginEpoch(begins.Epoch);
                        _begun = Stopwatch.GetTimestamp();
                        break;
                    case StepDone step:
                        progress.Curve.Add(step.Epoch - 1, step.Batch, step.Loss);
                        observer.Step(step.Examples, step.Loss);
                        Checkpoint?.Step(Now(progress));
                        break;
                    case EpochDone finished:
                        last = EndEpoch(finished, progress);
                        observer.EndEpoch(progress.Results[^1]);
                        double judged = progress.Results[^1].ValLoss ?? finished.Loss;
                        rate.AfterEpoch(judged);
                        if (patience?.IsOver(finished.Epoch, judged) == true) best = patience.BestEpoch;
                        _begun = Stopwatch.GetTimestamp();
                        Checkpoint?.Step((Now(progress).All, 0));
                        break;
                    case TrainingEnded { Reason: TrainingEnd.Cancelled } ended:
                        stoppedIn = ended.Epoch;
                        Checkpoint?.Save(Now(progress));
                        break;
                }
                if (best is not null) break;
            }
        }
        if (best is not null) patience!.RestoreBest();
        ClassifierEvaluation test =
            best is null && stoppedIn is null && last is not null ? last : ClassifierEvaluation.Of(net, data.Test, data.Classes);
        return new TrainingRun(progress.Results, progress.Curve.Points, test, Now(progress).All, stoppedIn) { BestEpoch = best };
    }

    private void Continue(DataLoader loader, RateSchedule rate, Trainer trainer, RunProgress progress, EarlyStopping? patience)
    {
        var parts = new Checkpoint { ["model"] = net, ["optimizer"] = optimizer, ["loader"] = loader, ["trainer"] = trainer };
        if (rate.Schedule is { } remembers) parts["schedule"] = remembers;
        if (patience is not null) parts["patience"] = patience;
        Checkpoint!.Continue(parts, progress);
    }

    private (double All, double Epoch) Now(RunProgress progress) => (
        progress.Before.All + Stopwatch.GetElapsedTime(_start).TotalSeconds,
        progress.Before.Epoch + Stopwatch.GetElapsedTime(_begun).TotalSeconds);

    private ClassifierEvaluation EndEpoch(EpochDone done, RunProgress progress)
    {
        double seconds = Now(progress).Epoch;
        long evaluating = Stopwatch.GetTimestamp();
        ClassifierEvaluation? validation =
            data.Validation is { } held ? ClassifierEvaluation.Of(net, held, data.Classes, new Generator(0)) : null;
        ClassifierEvaluation test = ClassifierEvaluation.Of(net, data.Test, data.Classes);
        progress.Add(new EpochResult(done.Epoch, done.Loss, done.Metrics[_accuracy.Name], test.Loss, test.Accuracy, seconds,
            Stopwatch.GetElapsedTime(evaluating).TotalSeconds)
        {
            ValLoss = validation?.Loss,
            ValAccuracy = validation?.Accuracy,
        });
        return test;
    }
}
