using System.Globalization;
using System.Text;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Training;

namespace Adjoint.Tests.Nn.Checkpoints;

/// <summary>
/// The training that is killed: everything that draws, counts or remembers is in it, and it saves after each batch. Where there is a
/// checkpoint in its folder it goes on from that.
/// </summary>
internal sealed class KilledTraining(string folder)
{
    private const int Epochs = 4, Examples = 61, BatchSize = 7;

    private sealed class Net : Module
    {
        private readonly Sequential _body = new(new Adjoint.Nn.Linear(5, 24), new BatchNorm1d(24), new ReLU(), new Dropout(0.2),
            new Adjoint.Nn.Linear(24, 16), new Dropout(0.3, generator: new Generator(77)), new Adjoint.Nn.Linear(16, 1));

        protected override Tensor Forward(Tensor input) => _body.Call(input);
    }

    internal static string Run => "run.pt";

    internal static string End => "end.pt";

    internal static string Log => "log.txt";

    private string At(string name) => Path.Combine(folder, name);

    internal void Go()
    {
        Rng.ManualSeed(11);
        var net = new Net();
        Tensor[] all = [.. net.Parameters()];
        var optimizer = new NAdam([new ParamGroup(all[..2]), new ParamGroup(all[2..]) { Lr = 0.02 }], lr: 0.01, weightDecay: 0.01);
        var plateau = new ReduceLROnPlateau(optimizer, patience: 0, factor: 0.7);
        LRScheduler schedule = new SequentialLR(optimizer,
            [new LinearLR(optimizer, 0.2, totalIters: 6), new ChainedScheduler(new ExponentialLR(optimizer, 0.99), new StepLR(optimizer, 5, 0.9))], [6]);
        Tensor free = Tensor.Ones(3).RequiresGradInPlace();
        var search = new SGD([free], lr: 0.05, momentum: 0.9);
        var cycle = new OneCycleLR(search, maxLr: 0.1, totalSteps: Epochs * 9);
        var noise = new Generator(5);
        using (Rng.Fork())
        {
            Rng.ManualSeed(3);
            Data = new TensorDataset(Tensor.Randn(Examples, 5), Tensor.Randn(Examples, 1));
        }
        var loader = new DataLoader(Data, BatchSize, shuffle: true, prefetch: 2);
        var bag = new Generator(8);
        var drawn = new DataLoader(Data, batchSize: 3, sampler: new RandomSampler(Examples, replacement: true, samples: 12, generator: bag));
        var checkpoint = new Checkpoint
        {
            ["model"] = net,
            ["optimizer"] = optimizer,
            ["plateau"] = plateau,
            ["schedule"] = schedule,
            ["free"] = free,
            ["search"] = search,
            ["cycle"] = cycle,
            ["noise"] = noise,
            ["loader"] = loader,
            ["drawn"] = drawn,
            ["bag"] = bag,
            ["epoch"] = 0,
            ["step"] = 0,
            ["epoch_loss"] = 0.0,
            ["losses"] = new List<double>(),
        };
        bool again = checkpoint.Resume(At(Run));
        Note(again ? $"r {checkpoint.Get<int>("step")}" : "n");
        for (int epoch = checkpoint.Get<int>("epoch"); epoch < Epochs; epoch++)
        {
            foreach ((Tensor x, Tensor y) in loader)
            {
                int step = checkpoint.Get<int>("step") + 1;
                optimizer.ZeroGrad();
                search.ZeroGrad();
                Tensor jitter = Tensor.Randn(x.Shape, generator: noise) * 0.1;
                Tensor loss = (net.Call(x + jitter) + (free * free).Sum() * 0.01 - y).Pow(2).Mean();
                foreach (Batch some in drawn) loss = loss + net.Call(some[0]).Mean().Pow(2) * 0.01;
                loss.Backward();
                optimizer.Step();
                search.Step();
                cycle.Step();
                // As a user may draw: from the generator that a sampler draws from, too.
                if (step % 4 == 0) bag.NextInt64();
                checkpoint["step"] = step;
                checkpoint["epoch_loss"] = checkpoint.Get<double>("epoch_loss") + loss.Item();
                checkpoint.Get<List<double>>("losses").Add(loss.Item());
                Note(string.Create(CultureInfo.InvariantCulture, $"l {step} {BitConverter.DoubleToInt64Bits(loss.Item()):x}"));
                Save(checkpoint);
            }
            schedule.Step();
            plateau.Step(checkpoint.Get<double>("epoch_loss"));
            checkpoint["epoch"] = epoch + 1;
            checkpoint["epoch_loss"] = 0.0;
            Save(checkpoint);
        }
        checkpoint.Save(At(End));
    }

    private static TensorDataset Data { get; set; } = null!;

    private void Save(Checkpoint checkpoint)
    {
        Note("s");
        checkpoint.Save(At(Run));
        Note("d");
    }

    // Each line is the system's before the next thing is done, whatever becomes of the process.
    private void Note(string line)
    {
        using var log = new FileStream(At(Log), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        log.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
