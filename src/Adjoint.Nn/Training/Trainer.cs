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
/// <param name="Test">The images that are evaluated after each epoch.</param>
internal sealed record TrainingData(Dataset Train, Dataset? Validation, ImageDataset Test);

/// <summary>The training loop: shuffled batches forward, backward and a step, and an evaluation after each epoch.</summary>
/// <param name="net">What is trained.</param>
/// <param name="optimizer">What steps.</param>
/// <param name="schedule">How the learning rate changes; makes it for the number of steps in an epoch.</param>
/// <param name="data">What is learnt.</param>
internal sealed class Trainer(Module net, Optimizer optimizer, Func<int, RateSchedule> schedule, TrainingData data)
{
    private Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>? _step;

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
        var curve = new LossCurve(loader.Count);
        var results = new List<EpochResult>();
        EarlyStopping? patience = Patience > 0 ? new EarlyStopping(net, Patience) : null;
        long start = Stopwatch.GetTimestamp();
        ClassifierEvaluation? last = null;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            observer.BeginEpoch(epoch);
            long begun = Stopwatch.GetTimestamp();
            var (loss, accuracy) = TrainEpoch(epoch, loader, rate, curve, observer, stop);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (stop.IsCancellationRequested)
                return new TrainingRun(results, curve.Points, ClassifierEvaluation.Of(net, data.Test), Elapsed(), epoch);

            begun = Stopwatch.GetTimestamp();
            ClassifierEvaluation? validation = data.Validation is { } held ? ClassifierEvaluation.Of(net, held, new Generator(0)) : null;
            last = ClassifierEvaluation.Of(net, data.Test);
            results.Add(new EpochResult(
                epoch, loss, accuracy, last.Loss, last.Accuracy, seconds, Stopwatch.GetElapsedTime(begun).TotalSeconds)
            {
                ValLoss = validation?.Loss,
                ValAccuracy = validation?.Accuracy,
            });
            observer.EndEpoch(results[^1]);
            rate.AfterEpoch(validation?.Loss ?? loss);
            if (patience is null || !patience.IsOver(epoch, validation?.Loss ?? loss)) continue;
            patience.RestoreBest();
            ClassifierEvaluation best = ClassifierEvaluation.Of(net, data.Test);
            return new TrainingRun(results, curve.Points, best, Elapsed(), null) { BestEpoch = patience.BestEpoch };
        }
        return new TrainingRun(results, curve.Points, last!, Elapsed(), null);

        double Elapsed() => Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>One epoch; gives the mean loss and accuracy over its examples as they were learnt.</summary>
    private (double Loss, double Accuracy) TrainEpoch(
        int epoch, DataLoader loader, RateSchedule rate, LossCurve curve, ITrainingObserver observer, CancellationToken stop)
    {
        net.Train();
        _step ??= IsCompiled ? Compiled.StepOfList(Step).Call : Step;
        double sum = 0;
        int images = 0, correct = 0, batch = 0;
        foreach ((Tensor x, Tensor y) in loader)
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            IReadOnlyList<Tensor> results = _step([x, y]);
            (Tensor scores, Tensor loss) = (results[0], results[1]);
            rate.AfterStep();

            double value = loss.Item();
            int size = x.Shape[0];
            sum += value * size;
            images += size;
            correct += Classes.CountCorrect(scores, y);
            curve.Add(epoch - 1, batch++, value);
            observer.Step(images, value);
            if (stop.IsCancellationRequested) break;
        }
        return (sum / images, (double)correct / images);
    }

    private IReadOnlyList<Tensor> Step(IReadOnlyList<Tensor> batch)
    {
        optimizer.ZeroGrad();
        Tensor scores = net.Call(batch[0]);
        Tensor loss = F.CrossEntropy(scores, batch[1]);
        loss.Backward();
        optimizer.Step();
        return [scores, loss];
    }
}
