using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Compile.Twins;

namespace Adjoint.Tests.Compile;

/// <summary>What runs allocate.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledMemoryTests
{
    private static Sequential Net(Adjoint.Nn.Module activation) =>
        new(new Adjoint.Nn.Linear(16, 32), activation, new Adjoint.Nn.Linear(32, 32), new Tanh(), new Adjoint.Nn.Linear(32, 10));

    private static Optimizer Of(string kind, IEnumerable<Tensor> p) => kind switch
    {
        "sgd" => new SGD(p, 0.01),
        "momentum" => new SGD(p, 0.01, momentum: 0.9, weightDecay: 0.01),
        "adamw" => new AdamW(p, 0.001),
        "rmsprop" => new RMSprop(p, 0.001),
        _ => new Adam(p, 0.001),
    };

    private static Func<Tensor, Tensor, Tensor> Step(Sequential net, Optimizer optimizer, Func<Tensor, Tensor, Tensor> loss) => (x, t) =>
    {
        optimizer.ZeroGrad();
        Tensor y = loss(net.Call(x), t);
        y.Backward();
        optimizer.Step();
        return y;
    };

    [Theory]
    [InlineData("sgd", true)]
    [InlineData("momentum", true)]
    [InlineData("adam", true)]
    [InlineData("adamw", false)]
    [InlineData("rmsprop", false)]
    public void A_training_step_allocates_nothing_besides_its_result(string kind, bool keepGrads)
    {
        (Tensor x, Tensor t, Tensor classes) = (Tensor.Randn(8, 16), Tensor.Randn(8, 10), Tensor.RandInt(0, 10, [8]));
        foreach (Adjoint.Nn.Module activation in (Adjoint.Nn.Module[])[new ReLU(), new GELU(), new Sigmoid(), new SiLU()])
        {
            Sequential net = Net(activation), other = Net(activation);
            var one = Step(net, Of(kind, net.Parameters()), (y, t) => F.CrossEntropy(y, t));
            var two = Step(other, Of(kind, other.Parameters()), (y, t) => F.MseLoss(y, t));
            Check(Compiled.Step(one, verify: 0, keepGrads: keepGrads), classes);
            Check(Compiled.Step(two, verify: 0, keepGrads: keepGrads), t);
        }

        void Check(Compiled<Func<Tensor, Tensor, Tensor>> step, Tensor target) =>
            BytesBesides(() => step.Call(x, target)).ShouldBe(0, step.Explain());
    }

    /// <summary>Layers whose rules save something, or give results in windows; what they still take is no memory of results.</summary>
    [Theory]
    [InlineData("layer norm", 0)]
    [InlineData("lazy", 0)]
    [InlineData("checkpoints", 0)]
    [InlineData("clips by value", 0)]
    [InlineData("unfolded", 0)]
    [InlineData("batch norm", 100)]
    [InlineData("dropout, sgd", 100)]
    [InlineData("embedding", 1200)]
    [InlineData("rnn", 3000)]
    public void Layers_find_memory_for_their_results(string name, long most)
    {
        TwinModel model = TwinModels.All.Single(one => one.Name == name);
        var twin = new Twin(model, isCompiled: true);
        Tensor x = model.Input(4), t = Tensor.RandInt(0, 3, [4]);
        BytesBesides(() => twin.Call(x, t)).ShouldBeInRange(0, most, twin.Explain());
    }

    /// <summary>A batch may be large, and the first one is no more than the others.</summary>
    [Fact]
    public void A_plan_does_not_keep_the_arguments_of_its_capture()
    {
        Sequential net = Net(new ReLU());
        Func<Tensor, Tensor, Tensor> step = Compiled.Step(Step(net, Of("adam", net.Parameters()), (y, t) => F.MseLoss(y, t))).Call;
        WeakReference argument = Capture();
        for (int i = 0; i < 10 && argument.IsAlive; i++) GC.Collect();
        argument.IsAlive.ShouldBeFalse();
        GC.KeepAlive(step);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference Capture()
        {
            Tensor x = Tensor.Randn(8, 16);
            step(x, Tensor.Randn(8, 10));
            step(Tensor.Randn(8, 16), Tensor.Randn(8, 10));
            return new WeakReference(x);
        }
    }

    // What a call allocates besides its result, a number.
    private static long BytesBesides(Action call)
    {
        // Between two rounds in which runs are compared with the function.
        for (int i = 0; i < 500; i++) call();
        long start = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(Tensor.Uninitialized(Shape.Scalar, DType.Float32));
        long one = GC.GetAllocatedBytesForCurrentThread() - start;
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int j = 0; j < 10; j++) call();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / 10);
        }
        return least - one;
    }
}
