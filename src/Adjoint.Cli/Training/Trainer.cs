using System.Diagnostics;
using Adjoint.Cli.Reports;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Cli.Training;

/// <summary>What came of a training run.</summary>
/// <param name="Epochs">The epochs that were finished.</param>
/// <param name="LossCurve">The loss along the way.</param>
/// <param name="Test">The last evaluation on the test set.</param>
/// <param name="Seconds">From the first step to the end of the last evaluation.</param>
/// <param name="StoppedIn">The epoch in which the run was stopped, if it was.</param>
internal sealed record TrainingRun(
    IReadOnlyList<EpochResult> Epochs, IReadOnlyList<LossPoint> LossCurve, ClassifierEvaluation Test, double Seconds, int? StoppedIn);

/// <summary>The training loop: shuffled batches forward, backward and a step, and an evaluation after each epoch.</summary>
/// <param name="net">What is trained.</param>
/// <param name="optimizer">What steps.</param>
/// <param name="cooldown">The share of the steps, at the end, over which the learning rate falls.</param>
/// <param name="train">The images to learn.</param>
/// <param name="test">The images to evaluate on.</param>
internal sealed class Trainer(Module net, Optimizer optimizer, double cooldown, ImageDataset train, ImageDataset test)
{
    /// <summary>
    /// Trains for <paramref name="epochs"/> epochs, or until <paramref name="stop"/>: then the step at hand is finished and the
    /// network evaluated.
    /// </summary>
    public TrainingRun Run(int epochs, int batchSize, ITrainingDisplay display, CancellationToken stop)
    {
        var loader = new DataLoader(train, batchSize, shuffle: true);
        LRScheduler schedule = Cooldown.Of(optimizer, (long)epochs * loader.Count, cooldown);
        var curve = new LossCurve(loader.Count);
        var results = new List<EpochResult>();
        long start = Stopwatch.GetTimestamp();
        ClassifierEvaluation? last = null;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            display.BeginEpoch(epoch);
            long begun = Stopwatch.GetTimestamp();
            var (loss, accuracy) = TrainEpoch(epoch, loader, schedule, curve, display, stop);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (stop.IsCancellationRequested)
                return new TrainingRun(
                    results, curve.Points, ClassifierEvaluation.Of(net, test), Stopwatch.GetElapsedTime(start).TotalSeconds, epoch);

            begun = Stopwatch.GetTimestamp();
            last = ClassifierEvaluation.Of(net, test);
            results.Add(
                new EpochResult(epoch, loss, accuracy, last.Loss, last.Accuracy, seconds, Stopwatch.GetElapsedTime(begun).TotalSeconds));
            display.EndEpoch(results[^1]);
        }
        return new TrainingRun(results, curve.Points, last!, Stopwatch.GetElapsedTime(start).TotalSeconds, null);
    }

    /// <summary>One epoch; gives the mean loss and accuracy over its images as they were learnt.</summary>
    private (double Loss, double Accuracy) TrainEpoch(
        int epoch, DataLoader loader, LRScheduler schedule, LossCurve curve, ITrainingDisplay display, CancellationToken stop)
    {
        net.Train();
        double sum = 0;
        int images = 0, correct = 0, batch = 0;
        foreach ((Tensor x, Tensor y) in loader)
        {
            optimizer.ZeroGrad();
            Tensor scores = net.Call(x);
            Tensor loss = F.CrossEntropy(scores, y);
            loss.Backward();
            optimizer.Step();
            schedule.Step();

            double value = loss.Item();
            int size = x.Shape[0];
            sum += value * size;
            images += size;
            correct += Classes.CountCorrect(scores, y);
            curve.Add(epoch - 1, batch++, value);
            display.Step(images, value);
            if (stop.IsCancellationRequested) break;
        }
        return (sum / images, (double)correct / images);
    }
}
