using System.Globalization;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>What a training run was asked to do.</summary>
internal sealed record TrainOptions
{
    public static readonly string[] Optimizers = ["adam", "adamw", "sgd"];

    /// <summary>The kind of network: one of <see cref="Classifier.Models"/>.</summary>
    public string Model { get; init; } = "mlp";

    /// <summary>Channels after each convolution of a cnn.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [32, 64];

    /// <summary>The side that pictures of folders are resized to.</summary>
    public int Side { get; init; } = 32;

    /// <summary>How many characters of a text a network sees at once.</summary>
    public int Context { get; init; } = 64;

    /// <summary>Heads of each block of a transformer.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>How many seconds of a run may be lost when it is killed.</summary>
    public double SaveEvery { get; init; } = 60;

    /// <summary>Whether to go on with a run that was interrupted.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether the network reads text.</summary>
    public bool IsOfText => Model is "lstm" or "transformer";

    /// <summary>What is changed at random in images that are learnt: of <see cref="Augmentation.Names"/>.</summary>
    public IReadOnlyList<string> Augment { get; init; } = [];

    public int Epochs { get; init; } = 5;

    public int Batch { get; init; } = 64;

    /// <summary>The learning rate; null for one that suits the optimizer.</summary>
    public double? Lr { get; init; }

    /// <summary>The learning rate that is used: 0.1 for sgd, 0.001 for the others.</summary>
    public double Rate => Lr ?? (Optimizer == "sgd" ? 0.1 : 1e-3);

    /// <summary>
    /// The share of the steps, at the end, over which the learning rate falls to zero; see <see cref="Adjoint.Training.Cooldown"/>.
    /// </summary>
    public double Cooldown { get; init; } = 0.4;

    public string Optimizer { get; init; } = "adam";

    public double Momentum { get; init; }

    /// <summary>The sizes of the hidden layers, from the input on.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [512, 512];

    public double Dropout { get; init; }

    /// <summary>Whether every hidden layer is normalised over the batch.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The share of the training images that is held back to validate with.</summary>
    public double ValSplit { get; init; }

    /// <summary>How many epochs without a better validation loss are put up with; 0: all epochs are run.</summary>
    public int EarlyStop { get; init; }

    /// <summary>How the learning rate changes: one of <see cref="RateSchedule.Names"/>.</summary>
    public string Scheduler { get; init; } = "cooldown";

    public long Seed { get; init; } = 1;

    /// <summary>Threads to compute with; 0 for one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>What is learnt, or where it is; null: MNIST, where it is found.</summary>
    public string? Data { get; init; }

    /// <summary>Whether the training step is compiled, which changes no number of the run.</summary>
    public bool Compile { get; init; }

    public bool Json { get; init; }

    /// <summary>Throws for options that make no sense, before anything is done.</summary>
    /// <exception cref="ArgumentException">One makes no sense; the message names it.</exception>
    public TrainOptions Checked()
    {
        Require(Epochs >= 1, "--epochs", Epochs, "at least 1");
        Require(Batch >= 1, "--batch", Batch, "at least 1");
        Require(Rate > 0 && double.IsFinite(Rate), "--lr", Rate, "a positive number");
        Require(Cooldown is >= 0 and <= 1, "--cooldown", Cooldown, "from 0 to 1");
        Require(Momentum >= 0 && Momentum < 1, "--momentum", Momentum, "from 0 up to but without 1");
        Require(Dropout >= 0 && Dropout < 1, "--dropout", Dropout, "from 0 up to but without 1");
        Require(ValSplit is >= 0 and < 1, "--val-split", ValSplit, "from 0 up to but without 1");
        Require(EarlyStop >= 0, "--early-stop", EarlyStop, "at least 0");
        if (EarlyStop > 0 && ValSplit == 0)
            throw new ArgumentException(
                $"--early-stop {EarlyStop}: it is decided by validation images; add --val-split 0.1, which holds a tenth back.");
        Require(Side is >= 1 and <= 1024, "--side", Side, "from 1 to 1024");
        Require(Context is >= 1 and <= 4096, "--context", Context, "from 1 to 4096");
        Require(Heads >= 1, "--heads", Heads, "at least 1");
        Require(SaveEvery >= 0, "--save-every", SaveEvery, "at least 0");
        if (IsOfText) CheckText();
        Require(Threads >= 0, "--threads", Threads, "at least 0 (one for each processor)");
        if (Momentum > 0 && Optimizer != "sgd")
            throw new ArgumentException($"--momentum {Text(Momentum)}: only sgd has a momentum, but the optimizer is {Optimizer}.");
        if (Hidden.Count == 0 && (Dropout > 0 || BatchNorm))
        {
            string option = Dropout > 0 ? $"--dropout {Text(Dropout)}" : "--batchnorm";
            throw new ArgumentException($"{option}: it acts on hidden layers, but --hidden none leaves no such layer.");
        }
        return this;
    }

    /// <summary>The sizes in <c>512,512</c>, or none in <c>none</c>.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static IReadOnlyList<int> ParseHidden(string text) => text == "none" ? [] : ParseSizes("--hidden", text, ", or none.");

    /// <summary>The sizes in <c>32,64</c>.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static IReadOnlyList<int> ParseChannels(string text) => ParseSizes("--channels", text, ".");

    private static int[] ParseSizes(string option, string text, string or)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        var sizes = new int[parts.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] is < 1 or > Mlp.MaxLayer)
                throw new ArgumentException(
                    $"{option} {text}: '{parts[i]}' is not a layer's size; write sizes from 1 to {Mlp.MaxLayer} with commas between them{or}");
        }
        return sizes;
    }

    /// <summary>The options by name, as text.</summary>
    public IReadOnlyDictionary<string, string> ByName()
    {
        OrderedDictionary<string, string> named = Common();
        if (Augment.Count > 0) named.Add("augment", string.Join(",", Augment));
        if (Model == "mlp") return named;
        named.Insert(0, "model", Model);
        if (!IsOfText) named.Insert(1, "channels", string.Join(",", Channels));
        else named.Insert(1, "context", $"{Context}");
        if (Model == "transformer") named.Insert(2, "heads", $"{Heads}");
        return named;
    }

    private void CheckText()
    {
        if (Hidden.Count == 0 || Hidden.Any(width => width != Hidden[0]))
            throw new ArgumentException(
                $"--hidden {(Hidden.Count == 0 ? "none" : string.Join(",", Hidden))}: the layers of the model {Model} are one after the other of one "
                + "width: 128,128, say.");
        if (BatchNorm) throw new ArgumentException($"--batchnorm: the model {Model} has no layers that it could be put behind; leave it out.");
        if (Augment.Count > 0) throw new ArgumentException($"--augment {string.Join(",", Augment)}: images are changed, but the model {Model} reads text.");
    }

    private OrderedDictionary<string, string> Common() => new()
    {
        ["epochs"] = $"{Epochs}",
        ["batch"] = $"{Batch}",
        ["lr"] = Text(Rate),
        ["scheduler"] = Scheduler,
        ["cooldown"] = Scheduler == "cooldown" ? Text(Cooldown) : "—",
        ["optimizer"] = Optimizer,
        ["momentum"] = Text(Momentum),
        ["hidden"] = Hidden.Count == 0 ? "none" : string.Join(",", Hidden),
        ["dropout"] = Text(Dropout),
        ["batchnorm"] = BatchNorm ? "yes" : "no",
        ["val-split"] = Text(ValSplit),
        ["early-stop"] = $"{EarlyStop}",
        ["seed"] = $"{Seed}",
        ["threads"] = $"{Threads}",
    };

    private static void Require(bool met, string option, double found, string allowed)
    {
        if (!met) throw new ArgumentException($"{option} {Text(found)}: it must be {allowed}.");
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
