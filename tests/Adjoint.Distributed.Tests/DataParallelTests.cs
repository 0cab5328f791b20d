using Adjoint.Distributed;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Distributed;

using Linear = Adjoint.Nn.Linear;

public class DataParallelTests
{
    private const int Steps = 100, Rows = 12;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Several_ranks_train_as_one_with_all_rows(int ranks) => Ranks.Run(ranks, Trains);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Each_feature_of_data_parallel_does_what_PyTorch_does(int ranks) => Ranks.Run(ranks, Features);

    [Fact]
    public void Alone_it_is_the_module_itself()
    {
        Trains([]);
        Features([]);
    }

    [Scenario]
    internal static void Trains(string[] _)
    {
        using ProcessGroup world = ProcessGroup.Init();
        foreach (bool asView in (bool[])[false, true])
            foreach (double cap in (double[])[25, 1e-3])
                foreach (Func<IEnumerable<Tensor>, Optimizer> make in (Func<IEnumerable<Tensor>, Optimizer>[])
                    [p => new SGD(p, lr: 0.1, momentum: 0.9), p => new Adam(p, lr: 0.01)])
                {
                    // The ranks begin with different weights, of which those of rank 0 count.
                    var net = new DistributedDataParallel(
                        Training.Mlp(1 + world.Rank), world,
                        new DataParallelOptions { BucketCapMb = cap, GradientAsBucketView = asView, CheckEvery = 10 });
                    Optimizer optimizer = make(net.Parameters());
                    double[] losses = Training.Run(
                        world, net, optimizer.Step, () => optimizer.ZeroGrad(), Steps, Rows / world.Size);

                    Sequential alone = Training.Mlp(1);
                    Optimizer other = make(alone.Parameters());
                    double[] expected = Training.Run(new SingleProcess(), alone, other.Step, () => other.ZeroGrad(), Steps, Rows);
                    losses.ShouldBeNear(expected, 1e-12);
                    Training.Values(net).ShouldBeNear(Training.Values(alone), 1e-11);
                    net.CheckSame();
                    Again(world, make, asView, cap, Training.Values(net));
                }
    }

    // The same bits for the same number of ranks.
    private static void Again(
        ProcessGroup world, Func<IEnumerable<Tensor>, Optimizer> make, bool asView, double cap, double[] before)
    {
        var net = new DistributedDataParallel(
            Training.Mlp(1 + world.Rank), world, new DataParallelOptions { BucketCapMb = cap, GradientAsBucketView = asView });
        Optimizer optimizer = make(net.Parameters());
        Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), Steps, Rows / world.Size);
        Training.Values(net).ShouldBe(before);
    }

    [Scenario]
    internal static void Features(string[] _)
    {
        using ProcessGroup world = ProcessGroup.Init();
        UnusedParameters(world);
        NoSync(world);
        Twice(world);
        SharedParameters(world);
        Buffers(world);
        SyncNorm(world);
        Clipping(world);
        OtherSignatures(world);
        AfterAnError(world);
        Compiling(world);
        Should.Throw<ArgumentException>(() => new DistributedDataParallel(new Tanh(), world)).ParamName.ShouldBe("module");
        Should.Throw<ArgumentOutOfRangeException>(() => new DataParallelOptions { BucketCapMb = 0 });
    }

    private sealed class Branches : Module
    {
        internal readonly Linear Left = new(2, 1), Right = new(2, 1), Never = new(2, 1);
        [Untracked]
        internal int Way;

        protected override Tensor Forward(Tensor input) => Way switch
        {
            0 => Left.Call(input),
            1 => Right.Call(input),
            _ => Left.Call(input) + Right.Call(input),
        };
    }

    // Which parameters a pass uses may differ from rank to rank, and from pass to pass.
    private static void UnusedParameters(ProcessGroup world)
    {
        foreach (double cap in (double[])[25, 1e-6])
            foreach (bool overlap in (bool[])[true, false])
            {
                var branches = new Branches();
                var net = new DistributedDataParallel(branches, world, new DataParallelOptions { BucketCapMb = cap, Overlap = overlap });
                Tensor x = Tensor.Full([1, 2], world.Rank + 1);
                branches.Way = world.Rank == 0 ? 0 : 1;
                net.Call(x).Backward();
                float n = world.Size;
                float others = Enumerable.Range(2, world.Size - 1).Sum();
                branches.Left.Weight.Grad!.ToArray<float>().ShouldBe([1 / n, 1 / n]);
                if (n > 1) branches.Right.Weight.Grad!.ToArray<float>().ShouldBe([others / n, others / n]);
                branches.Never.Weight.Grad.ShouldBeNull();
                net.ZeroGrad();
                branches.Way = 0;
                net.Call(x).Backward();
                branches.Left.Weight.Grad!.ToArray<float>()[0].ShouldBe((others + 1) / n, 1e-6);
                branches.Right.Weight.Grad.ShouldBeNull();
                // A gradient from before stays where nobody adds to it, and counts where somebody does.
                branches.Way = 1;
                net.Call(x).Backward();
                branches.Left.Weight.Grad!.ToArray<float>()[0].ShouldBe((others + 1) / n, 1e-6);
                branches.Way = world.Rank == 0 ? 0 : 1;
                net.Call(x).Backward();
                branches.Left.Weight.Grad!.ToArray<float>()[0].ShouldBe((others + 2) / n, 1e-6);
            }
    }

    private static void NoSync(ProcessGroup world)
    {
        var linear = new Linear(2, 1);
        var net = new DistributedDataParallel(linear, world);
        int r = world.Rank, n = world.Size;
        using (net.NoSync())
        {
            net.Call(Tensor.Full([1, 2], r)).Backward();
            net.Call(Tensor.Full([1, 2], r)).Backward();
        }
        linear.Weight.Grad!.ToArray<float>()[0].ShouldBe(2 * r);
        net.Call(Tensor.Full([1, 2], 1)).Backward();
        linear.Weight.Grad!.ToArray<float>()[0].ShouldBe(1 + n - 1, 1e-6);
        net.CheckSame();
    }

    // Each pass averages what it added; the loss may use parameters itself, and several outputs.
    private static void Twice(ProcessGroup world)
    {
        var linear = new Linear(2, 1);
        var net = new DistributedDataParallel(linear, world);
        int r = world.Rank, n = world.Size;
        Tensor y = net.Call(Tensor.Full([1, 2], r + 1)).Sum();
        y.Backward(retainGraph: true);
        (y + linear.Weight.Sum() * r).Backward();
        double mean = (n + 1) / 2.0;
        linear.Weight.Grad!.ToArray<float>()[0].ShouldBe((float)(2 * mean + (n - 1) / 2.0), 1e-5);
        IReadOnlyList<Tensor?> alone = Autograd.Grad([net.Call(Tensor.Full([1, 2], r + 1)).Sum()], [linear.Weight]);
        alone[0]!.ToArray<float>()[0].ShouldBe(r + 1);      // asked for, not averaged
    }

    private sealed class Tied : Module
    {
        private readonly Linear _first = new(3, 3);
        internal Linear First => _first;

        protected override Tensor Forward(Tensor input) => _first.Call(_first.Call(_first.Call(input)).Tanh());
    }

    // A layer that is used three times has its whole gradient when the last use has sent its part.
    private static void SharedParameters(ProcessGroup world)
    {
        var tied = new Tied();
        var net = new DistributedDataParallel(tied, world, new DataParallelOptions { BucketCapMb = 1e-6 });
        Tied alone = tied.DeepCopy();
        var x = Tensor.Arange(6.0 * world.Size).Reshape(2 * world.Size, 3) / 10;
        net.Call(x[(2 * world.Rank)..(2 * world.Rank + 2)]).Mean().Backward();
        alone.Call(x).Mean().Backward();
        double[] got = tied.First.Weight.Grad!.To(DType.Float64).ToArray<double>();
        got.ShouldBeNear(alone.First.Weight.Grad!.To(DType.Float64).ToArray<double>(), 1e-5);
    }

    private static void Buffers(ProcessGroup world)
    {
        var norm = new BatchNorm1d(2);
        var net = new DistributedDataParallel(norm, world);
        net.Call(Tensor.Randn([4, 2], generator: new Generator(world.Rank)));
        double first = norm.RunningMean!.ToArray<float>()[0];
        double[] ofRoot = [first];
        world.Broadcast(ofRoot.AsSpan());
        first.ShouldBe(ofRoot[0]);
        first.ShouldNotBe(0);
        net.CheckSame();
        net.Eval();
        net.Call(Tensor.Ones(1, 2));      // alone, so that any rank may evaluate by itself
        var own = new BatchNorm1d(2);
        var apart = new DistributedDataParallel(own, world, new DataParallelOptions { BroadcastBuffers = false });
        apart.Call(Tensor.Randn([4, 2], generator: new Generator(world.Rank)));
        double mean = own.RunningMean!.ToArray<float>()[0];
        double[] other = [mean];
        world.Broadcast(other.AsSpan());
        (mean == other[0]).ShouldBe(world.Rank == 0);
    }

    private static void SyncNorm(ProcessGroup world)
    {
        Sequential own = SyncBatchNorm.Convert(Training.Mlp(3, norm: true), world), alone = Training.Mlp(3, norm: true);
        var net = new DistributedDataParallel(own, world);
        var optimizer = new SGD(net.Parameters(), lr: 0.1);
        var other = new SGD(alone.Parameters(), lr: 0.1);
        double[] losses = Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), 30, Rows / world.Size);
        double[] expected = Training.Run(new SingleProcess(), alone, other.Step, () => other.ZeroGrad(), 30, Rows);
        losses.ShouldBeNear(expected, 1e-12);
        Training.Values(own).ShouldBeNear(Training.Values(alone), 1e-11);

        // Batches of different sizes, one of them empty, and one value in all.
        BatchNorm1d layer = SyncBatchNorm.Convert(new BatchNorm1d(1).Double(), world), single = new BatchNorm1d(1).Double();
        int n = world.Size, r = world.Rank, from = r * (r - 1) / 2;
        Tensor x = Tensor.Arange(n * (n - 1) / 2.0 + 2, DType.Float64).Reshape(-1, 1).Square();
        Tensor mine = (r == n - 1 ? x[from..] : x[from..(from + r)]).Clone().RequiresGradInPlace(), all = x.Clone().RequiresGradInPlace();
        (layer.Call(mine) * mine.Detach()).Sum().Backward();
        (single.Call(all) * all.Detach()).Sum().Backward();
        double[] slopes = all.Grad!.ToArray<double>();
        mine.Grad!.ToArray<double>().ShouldBeNear(slopes[from..(from + mine.Shape[0])], 1e-9);
        Should.Throw<ShapeException>(() => layer.Call(r == 0 ? Tensor.Ones([1, 1], DType.Float64) : Tensor.Ones([0, 1], DType.Float64)))
            .Message.ShouldStartWith("BatchNorm1d");
    }

    private static void Clipping(ProcessGroup world)
    {
        // Averaged gradients are clipped alike everywhere.
        Sequential own = Training.Mlp(4), alone = Training.Mlp(4);
        var net = new DistributedDataParallel(own, world);
        var optimizer = new SGD(net.Parameters(), lr: 0.5);
        var other = new SGD(alone.Parameters(), lr: 0.5);
        double[] losses = Training.Run(world, net, optimizer.Step, () => optimizer.ZeroGrad(), 20, Rows / world.Size,
            _ => Gradients.ClipNorm(net.Parameters(), 0.1));
        double[] expected = Training.Run(new SingleProcess(), alone, other.Step, () => other.ZeroGrad(), 20, Rows,
            _ => Gradients.ClipNorm(alone.Parameters(), 0.1));
        losses.ShouldBeNear(expected, 1e-12);

        // Those of which each rank has others have one norm together.
        Tensor part = Tensor.Zeros([2], DType.Float64, requiresGrad: true);
        part.Grad = Tensor.Full([2], world.Rank + 1, DType.Float64);
        double norm = Math.Sqrt(2 * Enumerable.Range(1, world.Size).Sum(i => i * i));
        DistributedGradients.ClipNorm([part], 1, world).ShouldBe(norm, 1e-12);
        part.Grad!.ToArray<double>()[0].ShouldBe((world.Rank + 1) / norm, 1e-6);
        part.Grad = Tensor.Full([2], world.Rank + 1, DType.Float64);
        DistributedGradients.ClipNorm([part], 1000, world, double.PositiveInfinity).ShouldBe(world.Size);
        part.Grad!.ToArray<double>()[0].ShouldBe(world.Rank + 1);
    }

    private sealed class Pair : Module<(Tensor A, Tensor B), (Tensor Sum, Tensor Difference)>
    {
        internal readonly Linear Layer = new(2, 1);

        protected override (Tensor Sum, Tensor Difference) Forward((Tensor A, Tensor B) input) =>
            (Layer.Call(input.A + input.B), Layer.Call(input.A - input.B));
    }

    private static void OtherSignatures(ProcessGroup world)
    {
        var pair = new Pair();
        var net = new DistributedDataParallel<(Tensor A, Tensor B), (Tensor Sum, Tensor Difference)>(pair, world);
        (Tensor sum, Tensor difference) = net.Call((Tensor.Full([1, 2], world.Rank), Tensor.Ones(1, 2)));
        (sum + difference).Sum().Backward();
        pair.Layer.Weight.Grad!.ToArray<float>()[0].ShouldBe(world.Size - 1, 1e-6);
        net.StateDict().Keys.ShouldContain("module.layer.weight");
    }

    // A plan would not call the hooks that send gradients: a step with hooks is run as it is, however often.
    private static void Compiling(ProcessGroup world)
    {
        var linear = new Linear(2, 1);
        var net = new DistributedDataParallel(linear, world);
        Compiled<Func<Tensor>> step = Compiled.Step(() =>
        {
            net.ZeroGrad();
            Tensor loss = net.Call(Tensor.Full([1, 2], world.Rank)).Sum();
            loss.Backward();
            return loss;
        });
        for (int i = 0; i < 6; i++)
        {
            step.Call();
            linear.Weight.Grad!.ToArray<float>()[0].ShouldBe((world.Size - 1) / 2f, 1e-6, $"call {i}");
        }
    }

    // What fails on all ranks alike leaves a module that can be used.
    private static void AfterAnError(ProcessGroup world)
    {
        var linear = new Linear(2, 1);
        var net = new DistributedDataParallel(linear, world, new DataParallelOptions { BucketCapMb = 1e-6 });
        Tensor x = Tensor.Ones([1, 2], requiresGrad: true);
        x.RegisterHook(_ => throw new TimeZoneNotFoundException());
        Should.Throw<TimeZoneNotFoundException>(() => net.Call(x).Backward());
        net.ZeroGrad();
        net.Call(Tensor.Full([1, 2], world.Rank)).Backward();
        linear.Weight.Grad!.ToArray<float>()[0].ShouldBe((world.Size - 1) / 2f, 1e-6);
    }
}
