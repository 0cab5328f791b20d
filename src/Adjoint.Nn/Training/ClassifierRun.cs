using System.Diagnostics;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Training;

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

/// <summary>A classifier of images, trained by a <see cref="Trainer"/> and evaluated after each epoch: the main job.</summary>
/// <param name="net">What is trained.</param>
/// <param name="optimizer">What steps.</param>
/// <param name="schedule">How the learning rate changes; makes it for the number of steps in an epoch.</param>
/// <param name="data">What is learnt.</param>
internal sealed class ClassifierRun(Module net, Optimizer optimizer, Func<int, RateSchedule> schedule, TrainingData data)
{
    /// <summary>How many epochs without a better validation loss are put up with; 0: all epochs are run.</summary>
    public int Patience { get; init; }

    /// <summary>Whether a step is captured once and then run as a plan, with the same bits.</summary>
    public bool IsCompiled { get; init; }

    /// <summary>
    /// Trains for <paramref name="epochs"/> epochs, or until <paramref name="stop"/>: then the step at hand is finished and the
    /// network evaluated.
    /// </summary>
    public TrainingRun Run(int epochs, int batchSize, ITrainingObserver observer, CancellationToken stop)
    {
        var loader = new DataLoader(data.Train, batchSize, shuffle: true);
        RateSchedule rate = schedule(loader.Count);
        var accuracy = new Accuracy();
        var trainer = new Trainer(net, optimizer, (scores, labels) => F.CrossEntropy(scores, labels))
        {
            Metrics = [accuracy],
            IsCompiled = IsCompiled,
            AfterStep = rate.AfterStep,
        };
        var curve = new LossCurve(loader.Count);
        var results = new List<EpochResult>();
        EarlyStopping? patience = Patience > 0 ? new EarlyStopping(net, Patience) : null;
        long start = Stopwatch.GetTimestamp(), begun = start;
        ClassifierEvaluation? last = null;
        int? stoppedIn = null, best = null;
        foreach (TrainingEvent happened in trainer.Run(loader, epochs, cancellationToken: stop))
        {
            switch (happened)
            {
                case EpochBegins begins:
                    observer.BeginEpoch(begins.Epoch);
                    begun = Stopwatch.GetTimestamp();
                    break;
                case StepDone step:
                    curve.Add(step.Epoch - 1, step.Batch, step.Loss);
                    observer.Step(step.Examples, step.Loss);
                    break;
                case EpochDone done:
                    last = EndEpoch(done, Stopwatch.GetElapsedTime(begun).TotalSeconds);
                    observer.EndEpoch(results[^1]);
                    double judged = results[^1].ValLoss ?? done.Loss;
                    rate.AfterEpoch(judged);
                    if (patience?.IsOver(done.Epoch, judged) == true) best = patience.BestEpoch;
                    break;
                case TrainingEnded { Reason: TrainingEnd.Cancelled } ended:
                    stoppedIn = ended.Epoch;
                    break;
            }
            if (best is not null) break;
        }
        if (best is not null) patience!.RestoreBest();
        ClassifierEvaluation test = best is null && stoppedIn is null ? last! : ClassifierEvaluation.Of(net, data.Test, data.Classes);
        return new TrainingRun(results, curve.Points, test, Stopwatch.GetElapsedTime(start).TotalSeconds, stoppedIn) { BestEpoch = best };

        ClassifierEvaluation EndEpoch(EpochDone done, double seconds)
        {
            long evaluating = Stopwatch.GetTimestamp();
            ClassifierEvaluation? validation =
                data.Validation is { } held ? ClassifierEvaluation.Of(net, held, data.Classes, new Generator(0)) : null;
            ClassifierEvaluation test = ClassifierEvaluation.Of(net, data.Test, data.Classes);
            results.Add(new EpochResult(done.Epoch, done.Loss, done.Metrics[accuracy.Name], test.Loss, test.Accuracy, seconds,
                Stopwatch.GetElapsedTime(evaluating).TotalSeconds)
            {
                ValLoss = validation?.Loss,
                ValAccuracy = validation?.Accuracy,
            });
            return test;
        }
    }
}
