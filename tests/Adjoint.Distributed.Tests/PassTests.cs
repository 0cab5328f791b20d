using Adjoint.Distributed;
using Adjoint.Nn;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

/// <summary>
/// Passes of unusual forms, as PyTorch's tests of its DDP have them: all give the mean over the ranks of what each has by itself.
/// </summary>
public class PassTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Gradients_are_the_mean_of_those_of_all_ranks(int ranks) => Ranks.Run(ranks, Forms);

    [Scenario]
    internal static void Forms(string[] _)
    {
        using ProcessGroup world = ProcessGroup.Init();
        foreach (bool overlap in (bool[])[true, false])
            foreach (double cap in (double[])[25, 1e-6])
            {
                var options = new DataParallelOptions { BucketCapMb = cap, Overlap = overlap };
                Several(world, options);
                Mixed(world, options);
                Frozen(world, options);
            }
    }

    private static Tensor Rows(ProcessGroup world, int rows, long seed) =>
        Tensor.Randn([rows, 4], generator: new Generator(seed * 100 + world.Rank));

    private static void Compare(ProcessGroup world, Module net, Module own, string what)
    {
        foreach ((Tensor got, Tensor mine) in net.Parameters().Zip(own.Parameters()))
        {
            (got.Grad is null).ShouldBe(mine.Grad is null, what);
            if (mine.Grad is not { } expected) continue;
            world.AllReduce(expected, ReduceOp.Avg);
            double[] values = got.Grad!.To(DType.Float64).ToArray<double>();
            values.ShouldBeNear(expected.To(DType.Float64).ToArray<double>(), 1e-5);
        }
    }

    private static void Several(ProcessGroup world, DataParallelOptions options)
    {
        (string Name, Action<Func<Tensor, Tensor>, Module, Func<IDisposable>> Passes)[] forms =
        [
            ("two calls, one pass", (call, _, _) => (call(Rows(world, 3, 1)) * call(Rows(world, 3, 2))).Sum().Backward()),
            ("as many rows as the rank's number", (call, _, _) => call(Rows(world, world.Rank, 3)).Sum().Backward()),
            ("a penalty beside the loss", (call, net, _) =>
                (call(Rows(world, 2, 4)).Sum() + net.Parameters().First().Square().Sum() * world.Rank).Backward()),
            ("two passes over one graph", (call, _, _) =>
            {
                Tensor y = call(Rows(world, 2, 5)).Square().Sum();
                y.Backward(retainGraph: true);
                y.Backward();
            }),
            ("small batches added up", (call, _, noSync) =>
            {
                using (noSync())
                    for (int i = 0; i < 3; i++) call(Rows(world, 2, 6 + i)).Sum().Backward();
                call(Rows(world, 2, 9)).Sum().Backward();
            }),
            ("more small batches on some ranks", (call, _, noSync) =>
            {
                using (noSync())
                    for (int i = 0; i < world.Rank; i++) call(Rows(world, 2, 10 + i)).Sum().Backward();
                call(Rows(world, 2, 15)).Sum().Backward();
            }),
            ("a call whose result nobody uses", (call, _, _) =>
            {
                call(Rows(world, 2, 16));
                call(Rows(world, 2, 17)).Sum().Backward();
            }),
        ];
        foreach ((string name, var passes) in forms)
        {
            var net = new DistributedDataParallel(new Sequential(new Linear(4, 5), new Tanh(), new Linear(5, 2)), world, options);
            Module own = net.Module.DeepCopy();
            passes(net.Call, net, net.NoSync);
            passes(own.Call, own, () => new MemoryStream());
            Compare(world, net, own, name);
        }
    }

    // Parameters of two dtypes lie in buckets of their own.
    private sealed class Both : Module
    {
        private readonly Linear _single = new(4, 3), _last = new(3, 2);
        private readonly Linear _double = new Linear(3, 3).Double();

        protected override Tensor Forward(Tensor input) =>
            _last.Call(_double.Call(_single.Call(input).To(DType.Float64)).Tanh().To(DType.Float32));
    }

    private static void Mixed(ProcessGroup world, DataParallelOptions options)
    {
        var net = new DistributedDataParallel(new Both(), world, options);
        Module own = net.Module.DeepCopy();
        net.Call(Rows(world, 3, 20)).Sum().Backward();
        own.Call(Rows(world, 3, 20)).Sum().Backward();
        Compare(world, net, own, "two dtypes");
    }

    private static void Frozen(ProcessGroup world, DataParallelOptions options)
    {
        var first = new Linear(4, 5);
        first.Weight.RequiresGradInPlace(false);
        var net = new DistributedDataParallel(new Sequential(first, new Tanh(), new Linear(5, 2)), world, options);
        Module own = net.Module.DeepCopy();
        net.Call(Rows(world, 3, 21)).Sum().Backward();
        own.Call(Rows(world, 3, 21)).Sum().Backward();
        Compare(world, net, own, "a frozen parameter");

        // Nobody would average its gradient, and the weights of the ranks would part without a word.
        first.Weight.RequiresGradInPlace();
        Should.Throw<InvalidOperationException>(() => net.Call(Rows(world, 3, 22)).Sum().Backward())
            .Message.ShouldStartWith("DistributedDataParallel: 0.weight requires grad");

        // One that is frozen later keeps what it has.
        var late = new Linear(4, 2);
        var other = new DistributedDataParallel(late, world, options);
        late.Weight.RequiresGradInPlace(false);
        other.Call(Rows(world, 3, 23)).Sum().Backward();
        late.Weight.Grad.ShouldBeNull();
        late.Bias!.Grad.ShouldNotBeNull();
    }
}
