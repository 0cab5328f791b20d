using System.CommandLine;
using System.Runtime.InteropServices;
using Adjoint.Cli.Reports;
using Adjoint.Cli.Training;
using Adjoint.Cli.Training.Language;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Training;
using Spectre.Console;

namespace Adjoint.Cli.Commands;

/// <summary>
/// <c>adjoint train</c>: trains a classifier, on MNIST or on data of one's own, and leaves model, metrics and report in a folder.
/// </summary>
internal static class TrainCommand
{
    /// <summary>The hidden layer behind convolutions, where none is asked for.</summary>
    private const int CnnHidden = 128;

    /// <summary>The width of the layers that read text, where none is asked for.</summary>
    private const int TextWidth = 128;

    /// <summary>Characters that a network of text writes for its report.</summary>
    private const int SampleLength = 400;

    private static readonly TrainOptions Default = new();

    private static readonly Option<int> Epochs =
        NumberOption.Of("--epochs", "How often to go through the training images.", Default.Epochs);
    private static readonly Option<int> Batch = NumberOption.Of("--batch", "Images in a step.", Default.Batch);
    private static readonly Option<double?> Lr =
        NumberOption.Maybe("--lr", "The learning rate; by default 0.1 for sgd and 0.001 for the others.");
    private static readonly Option<string> Scheduler = new("--scheduler")
    {
        Description = "How the learning rate changes: cooldown, none, cosine (to zero), onecycle (up and down), step (a tenth after each third), "
            + "plateau (a tenth when the loss no longer falls).",
        DefaultValueFactory = _ => Default.Scheduler,
    };
    private static readonly Option<double> Cooldown =
        NumberOption.Of(
            "--cooldown", "The share of the steps, at the end, over which the learning rate falls to zero; 0: it is constant.",
            Default.Cooldown);
    private static readonly Option<string> Optimizer = new("--optimizer")
    {
        Description = "How to step.",
        DefaultValueFactory = _ => Default.Optimizer,
    };
    private static readonly Option<double> Momentum =
        NumberOption.Of("--momentum", "How much of the last step sgd keeps.", Default.Momentum);
    private static readonly Option<string> Hidden = new("--hidden")
    {
        Description = "The sizes of the hidden layers, or none; of a cnn by default 128. Of an lstm or a transformer the widths of its layers, all equal; by "
            + "default 128,128.",
        DefaultValueFactory = _ => "512,512",
    };
    private static readonly Option<double> Dropout =
        NumberOption.Of("--dropout", "The probability that a hidden activation is dropped.", Default.Dropout);
    private static readonly Option<bool> BatchNorm = new("--batchnorm") { Description = "Normalise every hidden layer over the batch." };
    private static readonly Option<double> ValSplit =
        NumberOption.Of("--val-split", "The share of the training images that is held back to validate with.", Default.ValSplit);
    private static readonly Option<int> EarlyStop =
        NumberOption.Of("--early-stop", "Stop after so many epochs without a better validation loss; 0: never.", Default.EarlyStop);
    private static readonly Option<string[]> Vary = new("--vary")
    {
        Description =
            "Train every combination and compare them, such as --vary optimizer=sgd,adam --vary dropout=0,0.5 --vary batchnorm=no,yes.",
    };
    private static readonly Option<long> Seed =
        NumberOption.Of("--seed", "Of the random numbers: the same seed gives the same numbers.", Default.Seed);
    private static readonly Option<int> Threads =
        NumberOption.Of("--threads", "Threads to compute with; 0: one for each processor.", Default.Threads);
    private static readonly Option<string?> Data = new("--data")
    {
        Description = TrainingSet.Description,
    };
    private static readonly Option<string> Model = new("--model")
    {
        Description = "The network: a multilayer perceptron, convolutions with pools and linear layers behind them, residual blocks; or, of text, an LSTM or "
            + "the blocks of a transformer.",
        DefaultValueFactory = _ => Default.Model,
    };
    private static readonly Option<string> Channels = new("--channels")
    {
        Description = "The channels after each convolution of a cnn, or after each block of a resnet.",
        DefaultValueFactory = _ => string.Join(",", Default.Channels),
    };
    private static readonly Option<int> Side =
        NumberOption.Of("--side", "Rows and columns that pictures of folders are resized to.", Default.Side);
    private static readonly Option<int> Context =
        NumberOption.Of("--context", "Characters of a text that are seen at once.", Default.Context);
    private static readonly Option<int> Heads = NumberOption.Of("--heads", "Heads of each block of a transformer.", Default.Heads);
    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with the run in --out, if one was interrupted or killed there: with the bits that it would have had.",
    };
    private static readonly Option<double> SaveEvery =
        NumberOption.Of("--save-every", "So many seconds of a run may be lost when it is killed; see --resume.", Default.SaveEvery);
    private static readonly Option<string> Augment = new("--augment")
    {
        Description = "What is changed at random in images that are learnt: crop (moved by up to 2 pixels), flip (left and right), erase (a "
            + "rectangle), some of them with commas between, or none.",
        DefaultValueFactory = _ => "none",
    };
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Where to leave metrics.json, model.safetensors and report.html; by default runs/<time>.",
    };
    private static readonly Option<bool> Compile = new("--compile")
    {
        Description = "Capture the training step once and run it as a plan: the same bits, faster for small networks.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object a line." };

    private static readonly Option<bool> Distributed = new("--distributed")
    {
        Description = "Train as one of the ranks that mpirun has started: mpirun -n 4 adjoint train --distributed. The images of a step are "
            + "shared among them.",
    };
    private static readonly Option<int> Ranks =
        NumberOption.Of("--ranks", "Start so many ranks on this machine with mpirun, and train on all of them; 0: this process alone.", 0);

    public static Command Create()
    {
        Optimizer.AcceptOnlyFromAmong(TrainOptions.Optimizers);
        Scheduler.AcceptOnlyFromAmong(RateSchedule.Names);
        Model.AcceptOnlyFromAmong(Classifier.Models);
        var command = new Command("train", "Train a network, on MNIST or on images, a table or a text of your own.")
        {
            Model, Channels, Side, Augment, Context, Heads,
            Epochs, Batch, Lr, Scheduler, Cooldown, Optimizer, Momentum, Hidden, Dropout, BatchNorm, ValSplit, EarlyStop, Seed,
                Threads, Data, Compile,
            Out, Resume, SaveEvery, Vary, Json, Distributed, Ranks,
        };
        command.SetAction(parse => Verb.Run(parse, console => Run(parse, console)));
        return command;
    }

    private static int Run(ParseResult parse, IAnsiConsole console)
    {
        string model = parse.GetValue(Model)!;
        TrainOptions options = new TrainOptions
        {
            Epochs = parse.GetValue(Epochs),
            Batch = parse.GetValue(Batch),
            Lr = parse.GetValue(Lr),
            Scheduler = parse.GetValue(Scheduler)!,
            Cooldown = parse.GetValue(Cooldown),
            Optimizer = parse.GetValue(Optimizer)!,
            Momentum = parse.GetValue(Momentum),
            Model = model,
            Channels = TrainOptions.ParseChannels(parse.GetValue(Channels)!),
            Side = parse.GetValue(Side),
            Augment = Augmentation.Parse(parse.GetValue(Augment)!),
            Hidden = parse.GetResult(Hidden) is { Implicit: false } || model == "mlp" ? TrainOptions.ParseHidden(parse.GetValue(Hidden)!)
                : model == "cnn" ? [CnnHidden] : model is "lstm" or "transformer" ? [TextWidth, TextWidth] : [],
            Context = parse.GetValue(Context),
            Heads = parse.GetValue(Heads),
            SaveEvery = parse.GetValue(SaveEvery),
            Resume = parse.GetValue(Resume),
            Dropout = parse.GetValue(Dropout),
            BatchNorm = parse.GetValue(BatchNorm),
            ValSplit = parse.GetValue(ValSplit),
            EarlyStop = parse.GetValue(EarlyStop),
            Seed = parse.GetValue(Seed),
            Threads = parse.GetValue(Threads),
            Data = parse.GetValue(Data),
            Compile = parse.GetValue(Compile),
            Json = parse.GetValue(Json),
        }.Checked();
        if (options.Scheduler != "cooldown" && parse.GetResult(Cooldown) is { Implicit: false })
            throw new ArgumentException(
                $"--cooldown {options.Cooldown}: only the cooldown schedule has one, but the scheduler is {options.Scheduler}.");
        Check(parse, model, options);
        int ranks = parse.GetValue(Ranks);
        if (ranks != 0 || parse.GetValue(Distributed))
        {
            DistributedTraining.Check(options, ranks, varies: parse.GetValue(Vary) is { Length: > 0 });
            return ranks > 0
                ? DistributedTraining.Start(parse, ranks) : DistributedTraining.Run(parse, console, options, parse.GetValue(Out));
        }
        if (parse.GetValue(Vary) is { Length: > 0 } vary) return RunAll(parse, console, Variations.Of(options, vary));
        return Run(parse, console, options, parse.GetValue(Out));
    }

    /// <summary>Throws for options that the model or other options do not have a use for.</summary>
    private static void Check(ParseResult parse, string model, TrainOptions options)
    {
        if (model is not ("cnn" or "resnet") && parse.GetResult(Channels) is { Implicit: false })
            throw new ArgumentException(
                $"--channels {parse.GetValue(Channels)}: only a cnn or a resnet has channels, but the model is {model}.");
        if (model == "resnet" && (options.Hidden.Count > 0 || options.BatchNorm || options.Dropout > 0))
            throw new ArgumentException(
                "--model resnet: its blocks are normalised, and it has no hidden linear layers; leave out --hidden, --batchnorm and --dropout.");
        if (!options.IsOfText && parse.GetResult(Context) is { Implicit: false })
            throw new ArgumentException($"--context {options.Context}: only an lstm or a transformer sees a stretch of text, but the model is {model}.");
        if (model != "transformer" && parse.GetResult(Heads) is { Implicit: false })
            throw new ArgumentException($"--heads {options.Heads}: only a transformer has heads, but the model is {model}.");
        if (options.Resume && parse.GetValue(Out) is null)
            throw new ArgumentException("--resume: say by --out which run is to go on.");
        if (options.Resume && parse.GetValue(Vary) is { Length: > 0 })
            throw new ArgumentException("--resume: of several runs each goes on by itself; leave out --vary, and give the --out of one of them.");
    }

    /// <summary>One run after the other, each in a folder of its own, and then all in one picture.</summary>
    private static int RunAll(ParseResult parse, IAnsiConsole console, IReadOnlyList<(string Name, TrainOptions Options)> runs)
    {
        using RunFolder parent = RunFolder.Open(parse.GetValue(Out), DateTimeOffset.Now);
        string folder = parent.Path;
        foreach ((string name, TrainOptions options) in runs)
        {
            if (!options.Json) console.MarkupLineInterpolated($"[bold]{name}[/]");
            int exit = Run(parse, console, options, Path.Combine(folder, name));
            if (exit != 0) return exit;
            if (!options.Json) console.WriteLine();
        }
        var comparison = new RunComparison(RunMetrics.LoadAll([.. runs.Select(run => Path.Combine(folder, run.Name))]));
        CompareCommand.Write(parse, console, comparison, Path.Combine(folder, "compare.html"), runs[0].Options.Json);
        return 0;
    }

    private static int Run(ParseResult parse, IAnsiConsole console, TrainOptions options, string? path)
    {
        DateTimeOffset started = DateTimeOffset.Now;
        TrainingSet set = TrainingSet.Load(options.Data, options.Side, context: options.Context);
        Cpu.Threads = options.Threads;

        Rng.ManualSeed(options.Seed);
        (Module net, string name) = Classifier.Create(options, set);
        (Dataset train, Dataset? validation) = options.ValSplit > 0
            ? ValidationSplit.Of(set.Train, options.ValSplit, new Generator(options.Seed)) : (set.Train, null);
        var setup = new TrainingSetup(
            $"{name} on {set.Name}", net.Parameters().Sum(p => (long)p.NumEl), train.Count, set.Test.Count, options)
        { Examples = set.Examples };
        using RunFolder folder = RunFolder.Open(path, started);
        var checkpoint = new RunCheckpoint(folder.Path, setup.Title, options, options.Resume);

        var display = new LastingDisplay(options.Json ? new JsonDisplay(parse.InvocationConfiguration.Output)
            : console.Profile.Capabilities is { Ansi: true, Interactive: true } ? new ProgressDisplay(console)
            : new PlainDisplay(console));
        using var interruption = new Interruption();
        display.Begin(setup);
        Optimizer optimizer = MakeOptimizer(options, net.Parameters());
        var trainer = new ClassifierRun(
            net, optimizer, steps => RateSchedule.Of(options.Scheduler, optimizer, options.Epochs, steps, options.Cooldown),
            new TrainingData(Augmentation.Of(train, set, options.Augment), validation, set.Test, set.Classes))
        { Patience = options.EarlyStop, IsCompiled = options.Compile, Checkpoint = checkpoint };
        TrainingRun run = display.During(() => trainer.Run(options.Epochs, options.Batch, display, interruption.Token));
        TrainingReport report = Report(setup, run, started) with { What = set.What, Sample = (net as TextModel)?.Write(SampleLength) };
        folder.Save(net, report);
        if (run.StoppedIn is null) checkpoint.Remove();
        display.End(report, folder.Path);
        if (run.StoppedIn is not null) return interruption.ExitCode;
        return display.Failure is null
            ? 0 : throw new IOException($"all is saved in {folder.Path}, but could not be shown: {display.Failure.Message}");
    }

    internal static Optimizer MakeOptimizer(TrainOptions options, IEnumerable<Tensor> parameters) => options.Optimizer switch
    {
        "sgd" => new SGD(parameters, options.Rate, options.Momentum),
        "adamw" => new AdamW(parameters, options.Rate),
        _ => new Adam(parameters, options.Rate),
    };

    internal static TrainingReport Report(TrainingSetup setup, TrainingRun run, DateTimeOffset started) => new()
    {
        Title = setup.Title,
        Started = started,
        Interrupted = run.StoppedIn is { } epoch ? $"interrupted in epoch {epoch} of {setup.Options.Epochs}" : null,
        BestEpoch = run.BestEpoch,
        Options = setup.Options.ByName(),
        Machine = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.ProcessArchitecture}, {Cpu.Threads} threads.",
        Parameters = setup.Parameters,
        TrainImages = setup.TrainImages,
        Seconds = run.Seconds,
        Epochs = run.Epochs,
        LossCurve = run.LossCurve,
        Confusion = run.Test.Confusion,
        Mistakes = run.Test.Mistakes,
    };
}
