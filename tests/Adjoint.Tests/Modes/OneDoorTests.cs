using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Modes;

/// <summary>No memory is made elsewhere than behind the door, and a mode that only looks changes no bit. See Note [One door].</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public sealed class OneDoorTests : IDisposable
{
    private readonly List<string> _strays = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public OneDoorTests() => Door.Stray = what =>
    {
        if (Environment.CurrentManagedThreadId == _thread) _strays.Add(
            $"{what}: {string.Join(" < ", new System.Diagnostics.StackTrace().GetFrames().Skip(5).Take(5).Select(f => f.GetMethod()))}");
    };

    public void Dispose() => Door.Stray = null;

    public static TheoryData<string> Operations => [.. OpTable.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_and_its_derivatives_pass_the_door_and_keep_their_bits(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        double[][] plain = Everything(op);
        var seen = new Looking();
        double[][] watched;
        using (seen.Enter()) watched = Everything(op);

        watched.Length.ShouldBe(plain.Length);
        for (int i = 0; i < plain.Length; i++) watched[i].ShouldBe(plain[i]);
        seen.Calls.ShouldNotBeEmpty();
        _strays.ShouldBeEmpty();
    }

    [Fact]
    public void In_place_operations_pass_the_door()
    {
        var seen = new Looking();
        using (seen.Enter())
        {
            foreach (UnaryRow row in OpTable.All.OfType<UnaryRow>()) row.ApplyInPlace(row.Inputs[0].Sample());
            foreach (BinaryRow row in OpTable.All.OfType<BinaryRow>()) row.ApplyInPlace(row.Inputs[0].Sample(), row.Inputs[1].Sample());
        }
        seen.Calls.Count(call => call.EndsWith('_')).ShouldBe(OpTable.All.Count(row => row is UnaryRow or BinaryRow));
        _strays.ShouldBeEmpty();
    }

    public static TheoryData<string> Draws => [.. DrawsByName.Keys];

    private static Dictionary<string, Func<Tensor>> DrawsByName => new()
    {
        ["rand"] = () => Tensor.Rand(3, 4),
        ["randn"] = () => Tensor.Randn(3, 4),
        ["randint"] = () => Tensor.RandInt(0, 9, [5]),
        ["randperm"] = () => Tensor.RandPerm(7),
        ["normal"] = () => Tensor.Normal(1, 2, [4]),
        ["randn of tensors"] = () => Tensor.Normal(Tensor.Ones(3), Tensor.Ones(3)),
        ["rand_like"] = () => Tensor.Ones(2, 3).T.RandLike(),
        ["bernoulli"] = () => Tensor.Full([5], 0.5).Bernoulli(),
        ["multinomial"] = () => Tensor.Ones(5).Multinomial(2),
        ["uniform_"] = () => Tensor.Ones(2, 3).T.UniformInPlace(),
        ["exponential_"] = () => Tensor.Ones(5).ExponentialInPlace(),
        ["bernoulli_ of dropout"] = () => Tensor.Ones(5).Dropout(),
        ["arange"] = () => Tensor.Arange(5),
        ["linspace"] = () => Tensor.Linspace(0, 1, 5),
        ["eye"] = () => Tensor.Eye(3),
        ["full"] = () => Tensor.Full([2], 3),
        ["zeros"] = () => Tensor.Zeros(2),
    };

    [Theory]
    [MemberData(nameof(Draws))]
    public void Draws_and_fills_pass_the_door_and_keep_their_bits(string name)
    {
        Func<Tensor> draw = DrawsByName[name];
        Rng.ManualSeed(5);
        double[] plain = draw().ToArray<double>();
        Rng.ManualSeed(5);
        var seen = new Looking();
        using (seen.Enter()) draw().ToArray<double>().ShouldBe(plain);
        seen.Calls.ShouldContain(name.Split(' ')[0]);
        _strays.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    [InlineData("adagrad")]
    public void Training_passes_the_door_and_keeps_its_bits(string optimizer)
    {
        double[] plain = Train(optimizer);
        var seen = new Looking();
        using (seen.Enter()) Train(optimizer).ShouldBe(plain);
        seen.Calls.ShouldContain("addmm");
        seen.Calls.ShouldContain("log_softmax");
        _strays.ShouldBeEmpty();
    }

    private static double[] Train(string kind)
    {
        Rng.ManualSeed(3);
        var net =
            new Sequential(
                new Adjoint.Nn.Linear(6, 8), new ReLU(), new LayerNorm([8]), new Adjoint.Nn.Linear(8, 8), new Tanh(),
                new Adjoint.Nn.Linear(8, 3));
        Optimizer optimizer = kind switch
        {
            "sgd" => new SGD(net.Parameters(), 0.1),
            "momentum" => new SGD(net.Parameters(), 0.1, momentum: 0.9),
            "adam" => new Adam(net.Parameters()),
            "adamw" => new AdamW(net.Parameters()),
            "rmsprop" => new RMSprop(net.Parameters()),
            _ => new Adagrad(net.Parameters()),
        };
        var loss = new CrossEntropyLoss();
        Tensor x = Tensor.Randn(5, 6), t = Tensor.RandInt(0, 3, [5]);
        for (int step = 0; step < 3; step++)
        {
            optimizer.ZeroGrad();
            loss.Call(net.Call(x), t).Backward();
            optimizer.Step();
        }
        return [.. net.Parameters().SelectMany(p => p.Detach().ToArray<double>())];
    }

    // Value, gradients, gradients of gradients, and tangents.
    private static double[][] Everything(Op op)
    {
        Tensor[] x = [.. op.Inputs.Select((input, i) => input.Sample(i).RequiresGradInPlace(op.Kind != OpKind.Zero))];
        Tensor y = op.Apply(x);
        var all = new List<double[]> { y.Detach().ToArray<double>() };
        if (!y.RequiresGrad) return [.. all];
        Tensor weights = Tensor.Linspace(0.5, 1.5, y.NumEl, y.DType).Reshape(y.Shape);
        Tensor?[] once = [.. Autograd.Grad([(y * weights).Sum()], x, createGraph: true, allowUnused: true)];
        all.AddRange(once.Select(g => g is null ? [] : g.Detach().ToArray<double>()));
        Tensor[] wanted = [.. once.Where(g => g is { RequiresGrad: true }).Select(g => g!.Square().Sum())];
        if (wanted.Length > 0)
            all.AddRange(Autograd.Grad(wanted, x, allowUnused: true).Select(g => g is null ? [] : g.Detach().ToArray<double>()));
        IReadOnlyList<Tensor> at = [.. x.Select(z => z.Detach())], along = [.. x.Select(z => z.Detach().OnesLike())];
        all.AddRange(Transforms.Jvp(zs => [op.Apply(zs)], at, along).Products.Select(t => t.Detach().ToArray<double>()));
        return [.. all];
    }

    private sealed class Looking : OpMode
    {
        public List<string> Calls { get; } = [];

        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            Calls.Add(call.Name);
            _ = call.Attributes.Count;
            return call.Run();
        }
    }
}
