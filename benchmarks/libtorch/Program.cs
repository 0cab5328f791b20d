using Adjoint.Benchmarks.Compare;
using TorchSharp;
using static TorchSharp.torch;

// libtorch-peer VERB THREADS: answers each line of standard input with one sample, as Adjoint.Benchmarks does.
// Every step runs in a scope that gives back what it made, which is what TorchSharp asks of its users.
torch.set_num_threads(int.Parse(args[1]));
return args[0] switch
{
    "neuron" => Neuron(),
    "chain" => Chain(),
    "mlp" => Mlp(),
    "modes" => Modes(),
    "conv" => Convolutions.Serve(),
    _ => 2,
};

static int Neuron()
{
    var w = new TorchSharp.Modules.Parameter(torch.tensor(0.5f));
    var b = new TorchSharp.Modules.Parameter(torch.tensor(0.1f));
    Tensor x = torch.tensor(2f), y = torch.tensor(3f);
    var optimizer = torch.optim.SGD([w, b], 1e-6);
    return Rounds.Time(["--serve"], 0.05, Clock.Thread, ("neuron step", () =>
    {
        using var scope = torch.NewDisposeScope();
        Tensor loss = (w * x + b - y).pow(2);
        loss.backward();
        optimizer.step();
        optimizer.zero_grad();
    }
    ));
}

static int Chain()
{
    Tensor Number(float value) => torch.tensor(value).requires_grad_();
    Tensor x = Number(0.999f), b = Number(0.001f), v0 = Number(1);
    Tensor Forward()
    {
        Tensor v = v0;
        for (int i = 0; i < 1000; i++) v = v * x + b;
        return v;
    }
    return Rounds.Time(["--serve"], 0.05, Clock.Thread,
        ("chain forward", () => { using var scope = torch.NewDisposeScope(); Forward(); }),
        ("chain forward + backward", () =>
        {
            using var scope = torch.NewDisposeScope();
            Forward().backward();
            x.grad = b.grad = v0.grad = null;
        }
    ));
}

static int Mlp()
{
    Action Step(int batch, Func<IEnumerable<TorchSharp.Modules.Parameter>, torch.optim.Optimizer> optimizerOf)
    {
        torch.manual_seed(1);
        var model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10));
        Tensor x = torch.rand(batch, 784), y = torch.randint(0, 10, batch, torch.int64);
        var optimizer = optimizerOf(model.parameters());
        var lossOf = nn.CrossEntropyLoss();
        return () =>
        {
            using var scope = torch.NewDisposeScope();
            Tensor loss = lossOf.forward(model.forward(x), y);
            loss.backward();
            optimizer.step();
            optimizer.zero_grad();
        };
    }
    return Rounds.Time(["--serve"], 0.1, Clock.Wall,
        ("mlp step SGD, batch 64", Step(64, parameters => torch.optim.SGD(parameters, 1e-6))),
        ("mlp step Adam, batch 64", Step(64, parameters => torch.optim.Adam(parameters, 1e-6))),
        ("mlp step SGD, batch 512", Step(512, parameters => torch.optim.SGD(parameters, 1e-6))),
        ("mlp step Adam, batch 512", Step(512, parameters => torch.optim.Adam(parameters, 1e-6))));
}

static int Modes()
{
    TorchSharp.Modules.Sequential net = null;
    double making = Rounds.Seconds(() =>
    {
        torch.manual_seed(0);
        net = nn.Sequential(
            nn.Linear(4096, 8192), nn.ReLU(), nn.Linear(8192, 8192), nn.ReLU(), nn.Linear(8192, 8192), nn.ReLU(), nn.Linear(8192, 1));
    });
    Tensor x = torch.randn(256, 4096);
    void Forward()
    {
        using var scope = torch.NewDisposeScope();
        net.forward(x);
    }
    return Rounds.Sample(["--serve"], () =>
    {
        Forward();
        return new()
        {
            ["lesson making"] = making,
            ["lesson default"] = Rounds.Seconds(Forward, 2),
            ["lesson no-grad"] = Rounds.Seconds(() => { using (torch.no_grad()) Forward(); }, 2),
            ["lesson inference"] = Rounds.Seconds(() => { using (torch.inference_mode()) Forward(); }, 2),
        };
    });
}
