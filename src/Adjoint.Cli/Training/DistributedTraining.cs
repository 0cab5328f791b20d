using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Adjoint.Cli.Commands;
using Adjoint.Cli.Reports;
using Adjoint.Data;
using Adjoint.Distributed;
using Adjoint.Distributed.Launch;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Cli.Training;

/// <summary>
/// <c>adjoint train</c> on several ranks: each takes its share of every batch; rank 0 evaluates, shows and saves, and each leaves a log.
/// </summary>
internal sealed class DistributedTraining(ProcessGroup world, TrainOptions options, Module net, Optimizer optimizer)
{
    private readonly DistributedDataParallel _parallel =
        new(net, world, new DataParallelOptions { GradientAsBucketView = true, CheckEvery = 500 });

    /// <summary>Starts this command again on so many ranks.</summary>
    internal static int Start(ParseResult parse, int ranks)
    {
        List<string> words = [.. parse.Tokens.Select(token => token.Value)];
        int at = words.IndexOf("--ranks");
        words.RemoveRange(at, 2);
        words.Remove("--distributed");
        // Ctrl-C is mpirun's and the ranks': they end, and then this command does.
        using var interruption = new Interruption();
        return MpiRun.Start(ranks, [.. words, "--distributed"]);
    }

    /// <summary>Throws for options that cannot be used on several ranks.</summary>
    internal static void Check(TrainOptions options, int ranks, bool varies)
    {
        if (ranks < 0) throw new ArgumentException($"--ranks {ranks}: it must be at least 0.");
        if (ranks > 0 && options.Batch % ranks != 0)
            throw new ArgumentException(
                $"--batch {options.Batch}: the images of a step are shared among {ranks} ranks, so it must be a multiple of that.");
        if (options.IsOfText) throw new ArgumentException($"--model {options.Model}: text is learnt by one process; leave out --ranks and --distributed.");
        if (options.Resume) throw new ArgumentException("--resume: only a run of one process goes on; leave out --ranks and --distributed, or --resume.");
        if (varies) throw new ArgumentException("--vary: several runs cannot be shared among ranks; run one after the other without it.");
        if (options.Compile)
            throw new ArgumentException("--compile: a step that talks to other ranks cannot be captured; leave out --compile or --distributed.");
    }

    /// <summary>The training of this rank.</summary>
    internal static int Run(ParseResult parse, IAnsiConsole console, TrainOptions options, string? path)
    {
        DateTimeOffset started = DateTimeOffset.Now;
        using ProcessGroup world = ProcessGroup.Init();
        if (options.Batch % world.Size != 0)
            throw new ArgumentException(
                $"--batch {options.Batch}: the images of a step are shared among {world.Size} ranks, so it must be a multiple of that.");
        if (options.Threads > 0) Cpu.Threads = options.Threads;
        TrainingSet set = TrainingSet.Load(options.Data, options.Side);
        Rng.ManualSeed(options.Seed);
        (Module net, string name) = Classifier.Create(options, set);
        // From here on each rank drops activations of its own.
        Rng.ManualSeed(options.Seed + world.Rank);
        if (options.BatchNorm) SyncBatchNorm.Convert(net, world);
        (Dataset train, Dataset? validation) = options.ValSplit > 0
            ? ValidationSplit.Of(set.Train, options.ValSplit, new Generator(options.Seed)) : (set.Train, null);
        var setup = new TrainingSetup(
            $"{name} on {set.Name}, {world.Size} {(world.Size == 1 ? "rank" : "ranks")}", net.Parameters().Sum(p => (long)p.NumEl),
            train.Count, set.Test.Count, options)
        { Examples = set.Examples };
        var data = new TrainingData(Augmentation.Of(train, set, options.Augment), validation, set.Test, set.Classes);

        using RunFolder? folder = world.Rank == 0 ? RunFolder.Open(path, started) : null;
        string shared = Texts.Broadcast(world, folder is null ? null : Path.GetFullPath(folder.Path))!;
        using var log = new RankLog(shared, world);
        Optimizer optimizer = TrainCommand.MakeOptimizer(options, net.Parameters());
        var training = new DistributedTraining(world, options, net, optimizer);
        using var interruption = new Interruption();
        if (folder is null)
        {
            TrainingRun mine = training.Run(data, log, interruption.Token);
            return mine.StoppedIn is null ? 0 : interruption.ExitCode;
        }
        var display = new LastingDisplay(options.Json ? new JsonDisplay(parse.InvocationConfiguration.Output) : new PlainDisplay(console));
        display.Begin(setup);
        TrainingRun run = display.During(
            () => training.Run(data, new BothObservers(display, log), interruption.Token));
        TrainingReport report = TrainCommand.Report(setup, run, started) with { What = set.What };
        folder.Save(net, report);
        display.End(report, folder.Path);
        return run.StoppedIn is null ? 0 : interruption.ExitCode;
    }

    private TrainingRun Run(TrainingData data, ITrainingObserver observer, CancellationToken stop)
    {
        var sampler = new DistributedSampler(data.Train.Count, world.Size, world.Rank, seed: options.Seed);
        var loader = new DataLoader(data.Train, options.Batch / world.Size, sampler: sampler);
        RateSchedule rate = RateSchedule.Of(options.Scheduler, optimizer, options.Epochs, loader.Count, options.Cooldown);
        var curve = new LossCurve(loader.Count);
        var results = new List<EpochResult>();
        EarlyStopping? patience = options.EarlyStop > 0 ? new EarlyStopping(net, options.EarlyStop) : null;
        long start = Stopwatch.GetTimestamp();
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            observer.BeginEpoch(epoch);
            sampler.SetEpoch(epoch);
            long begun = Stopwatch.GetTimestamp();
            var (loss, accuracy, stopped) = TrainEpoch(epoch, loader, rate, curve, observer, stop);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (stopped) return End(epoch);
            results.Add(Evaluated(data, new EpochResult(epoch, loss, accuracy, 0, 0, seconds, 0)));
            observer.EndEpoch(results[^1]);
            rate.AfterEpoch(results[^1].ValLoss ?? loss);
            if (patience is null || !patience.IsOver(epoch, results[^1].ValLoss ?? loss)) continue;
            patience.RestoreBest();
            return End(null) with { BestEpoch = patience.BestEpoch };
        }
        return End(null);

        // What the test says is shown and saved by rank 0 alone.
        TrainingRun End(int? stoppedIn) => new(
            results, curve.Points, world.Rank == 0 ? ClassifierEvaluation.Of(net, data.Test, data.Classes) : null!,
            Stopwatch.GetElapsedTime(start).TotalSeconds, stoppedIn);
    }

    // Rank 0 evaluates, and all go on from what it found: the numbers by which a run is stopped are the same everywhere.
    private EpochResult Evaluated(TrainingData data, EpochResult result)
    {
        long begun = Stopwatch.GetTimestamp();
        double[] found = new double[5];
        if (world.Rank == 0)
        {
            ClassifierEvaluation? validation = data.Validation is { } held
                ? ClassifierEvaluation.Of(net, held, data.Classes, new Generator(0)) : null;
            ClassifierEvaluation test = ClassifierEvaluation.Of(net, data.Test, data.Classes);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            found = [test.Loss, test.Accuracy, validation?.Loss ?? 0, validation?.Accuracy ?? 0, seconds];
        }
        world.Broadcast(found.AsSpan());
        result = result with { TestLoss = found[0], TestAccuracy = found[1], TestSeconds = found[4] };
        return data.Validation is null ? result : result with { ValLoss = found[2], ValAccuracy = found[3] };
    }

    private (double Loss, double Accuracy, bool Stopped) TrainEpoch(
        int epoch, DataLoader loader, RateSchedule rate, LossCurve curve, ITrainingObserver observer, CancellationToken stop)
    {
        _parallel.Train();
        double sum = 0, images = 0, correct = 0;
        double[] step = new double[4];
        int batch = 0;
        foreach ((Tensor x, Tensor y) in loader)
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            optimizer.ZeroGrad();
            Tensor scores = _parallel.Call(x), loss = F.CrossEntropy(scores, y);
            loss.Backward();
            optimizer.Step();
            rate.AfterStep();

            (step[0], step[1], step[2], step[3]) =
                (loss.Item() * x.Shape[0], x.Shape[0], Classes.CountCorrect(scores, y), stop.IsCancellationRequested ? 1 : 0);
            world.AllReduce(step.AsSpan());
            sum += step[0];
            images += step[1];
            correct += step[2];
            curve.Add(epoch - 1, batch++, step[0] / step[1]);
            observer.Step((int)step[1], step[0] / step[1]);
            // One rank that is asked to stop stops all, after the same step.
            if (step[3] > 0) return (sum / images, correct / images, true);
        }
        return (sum / images, correct / images, false);
    }

    private sealed class BothObservers(ITrainingObserver first, ITrainingObserver second) : ITrainingObserver
    {
        public void BeginEpoch(int epoch)
        {
            first.BeginEpoch(epoch);
            second.BeginEpoch(epoch);
        }

        public void Step(int images, double loss)
        {
            first.Step(images, loss);
            second.Step(images, loss);
        }

        public void EndEpoch(EpochResult result)
        {
            first.EndEpoch(result);
            second.EndEpoch(result);
        }
    }
}
