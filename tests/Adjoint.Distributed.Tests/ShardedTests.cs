using Adjoint.Distributed;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

public class ShardedTests
{
    private static readonly (string Name, Func<IEnumerable<Tensor>, Optimizer> Make)[] s_optimizers =
    [
        ("Adam", p => new Adam(p, lr: 0.01)), ("SGD", p => new SGD(p, lr: 0.1, momentum: 0.9)), ("NAdam", p => new NAdam(p)),
        ("RMSprop", p => new RMSprop(p)), ("Rprop", p => new Rprop(p)),
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_sharded_optimizer_steps_as_the_whole_to_the_bit(int ranks) => Ranks.Run(ranks, Sharded);

    [Fact]
    public void Alone_too() => Sharded([]);

    [Fact]
    public void A_checkpoint_is_written_once_and_read_by_any_number_of_ranks()
    {
        using var folder = new TemporaryFolder();
        string begun = folder.File("begun.pt"), four = folder.File("four.txt"), two = folder.File("two.txt"), one = folder.File("one.txt");
        Ranks.Run(4, Begins, begun);
        Ranks.Run(4, GoesOn, begun, four);
        Ranks.Run(2, GoesOn, begun, two);
        GoesOn([begun, one]);
        double[] expected = Losses(one);
        expected.Length.ShouldBe(20);
        Losses(two).ShouldBeNear(expected, 1e-12);
        Losses(four).ShouldBeNear(expected, 1e-12);
    }

    private static double[] Losses(string file) => [.. File.ReadLines(file).Select(double.Parse)];

    [Scenario]
    internal static void Sharded(string[] _)
    {
        using ProcessGroup world = ProcessGroup.Init();
        foreach ((string name, Func<IEnumerable<Tensor>, Optimizer> make) in s_optimizers)
        {
            Sequential own = Training.Mlp(1), alone = Training.Mlp(1);
            var net = new DistributedDataParallel(own, world);
            var whole = new DistributedDataParallel(alone, world);
            var optimizer = new ZeroRedundancyOptimizer(make(net.Parameters()), world);
            Optimizer other = make(whole.Parameters());
            Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), 30, 12 / world.Size);
            Training.Run(world, whole, other.Step, () => other.ZeroGrad(), 30, 12 / world.Size);
            Training.Values(own).ShouldBe(Training.Values(alone), name);
            optimizer.Optimizer.StateDict().State.Count.ShouldBe(optimizer.Shard.Count, name);

            optimizer.ConsolidateStateDict(world.Size - 1);
            if (world.Rank < world.Size - 1) Should.Throw<InvalidOperationException>(() => optimizer.StateDict());
            else Compare(optimizer.StateDict(), other.StateDict(), name);
        }
        Should.Throw<ArgumentException>(() => new ZeroRedundancyOptimizer(new LBFGS(Training.Mlp(1).Parameters()), world))
            .ParamName.ShouldBe("optimizer");
    }

    private static void Compare(OptimizerState state, OptimizerState expected, string name)
    {
        state.State.Keys.Order().ShouldBe(expected.State.Keys.Order(), name);
        foreach ((int parameter, IReadOnlyDictionary<string, object?> memory) in expected.State)
            foreach ((string key, object? value) in memory)
                if (value is Tensor tensor) ((Tensor)state.State[parameter][key]!).ToArray<double>().ShouldBe(tensor.ToArray<double>(), name);
                else state.State[parameter][key].ShouldBe(value, name);
    }

    [Scenario]
    internal static void Begins(string[] arguments)
    {
        using ProcessGroup world = ProcessGroup.Init();
        var net = new DistributedDataParallel(Training.Mlp(1), world);
        var optimizer = new ZeroRedundancyOptimizer(new Adam(net.Parameters(), lr: 0.01), world);
        Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), 20, 12 / world.Size);
        DistributedCheckpoint.Save(arguments[0], world, net, optimizer, new Dictionary<string, object?> { ["epoch"] = 3L });
        File.Exists(arguments[0]).ShouldBeTrue();
        Should.Throw<IOException>(() => DistributedCheckpoint.Save("/no/such/folder/x.pt", world, net)).Message.ShouldContain("rank 0");
        Should.Throw<IOException>(() => DistributedCheckpoint.Load("/no/such/file.pt", world, net)).Message.ShouldContain("rank 0");
    }

    [Scenario]
    internal static void GoesOn(string[] arguments)
    {
        using ProcessGroup world = ProcessGroup.Init();
        Sequential plain = Training.Mlp(7);
        var net = new DistributedDataParallel(plain, world);
        double[] losses;
        if (world.Size == 2)
        {
            // By an optimizer that is not shared.
            var optimizer = new Adam(net.Parameters(), lr: 0.5);
            DistributedCheckpoint.Load(arguments[0], world, net, optimizer)["epoch"].ShouldBe(3L);
            losses = Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), 20, 12 / world.Size);
        }
        else
        {
            var optimizer = new ZeroRedundancyOptimizer(new Adam(net.Parameters(), lr: 0.5), world);
            DistributedCheckpoint.Load(arguments[0], world, net, optimizer)["epoch"].ShouldBe(3L);
            losses = Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), 20, 12 / world.Size);
        }
        if (world.Rank == 0) File.WriteAllLines(arguments[1], losses.Select(loss => loss.ToString("R")));
    }
}
