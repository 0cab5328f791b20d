using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>Steps that keep no gradients: everything else is as it is outside.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledGradientTests
{
    [Theory]
    [MemberData(nameof(GraphTrainingTests.Optimizers), MemberType = typeof(GraphTrainingTests))]
    public void A_step_that_keeps_no_gradients_trains_the_same(string kind)
    {
        var eager = new GraphTrainingTests.Training(kind);
        var compiled = new GraphTrainingTests.Training(kind);
        var step = Compiled.Step(compiled.Step, keepGrads: false);
        for (int i = 0; i < 20; i++)
        {
            eager.Step();
            step.Call();
            foreach (Tensor p in eager.Parameters.Concat(compiled.Parameters)) p.Grad = null;
            if (i is 0 or 1 or 5 or 19) compiled.State().ShouldBe(eager.State(), $"{kind}, step {i}");
        }
        step.Explain().ShouldStartWith("1 captured");
    }

    private static (Sequential Net, Compiled<Func<Tensor, Tensor, Tensor>> Step) Model(bool keepGrads)
    {
        Rng.ManualSeed(3);
        var net = new Sequential(new Adjoint.Nn.Linear(64, 128), new ReLU(), new Adjoint.Nn.Linear(128, 128), new ReLU(),
            new Adjoint.Nn.Linear(128, 10));
        var optimizer = new Adam(net.Parameters(), 0.01);
        return (net, Compiled.Step((Tensor x, Tensor t) =>
        {
            optimizer.ZeroGrad();
            Tensor loss = F.CrossEntropy(net.Call(x), t);
            loss.Backward();
            optimizer.Step();
            return loss;
        }, keepGrads: keepGrads));
    }

    [Fact]
    public void Gradients_are_null_afterwards_and_those_that_somebody_holds_stay()
    {
        (Sequential net, var step) = Model(false);
        (Sequential other, var kept) = Model(true);
        Tensor x = Tensor.Rand(8, 64), t = Tensor.RandInt(0, 10, [8]);
        Tensor own = Tensor.Ones(128, 64), content = own.Clone();
        for (int i = 0; i < 50; i++)
        {
            net.Parameters().First().Grad = i % 3 == 0 ? own : null;
            GraphRunTests.Compare([step.Call(x, t)], [kept.Call(x, t)]);
            net.Parameters().ShouldAllBe(p => p.Grad == null);
            other.Parameters().ShouldAllBe(p => p.Grad != null);
        }
        GraphRunTests.Compare([own], [content]);
        GraphRunTests.Compare([.. net.Parameters().Select(p => p.Detach())], [.. other.Parameters().Select(p => p.Detach())]);
        step.Explain().ShouldContain("1 captured, 1 captures");
    }

    [Fact]
    public void What_adds_up_is_refused_since_it_would_not_be_kept()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        var step = Compiled.Step((Tensor x) => (w * x).Sum().Backward(), keepGrads: false);
        Should.Throw<GraphException>(() => step.Call(Tensor.Ones(2))).Message.ShouldContain("keepGrads");
        w.Grad.ShouldBeNull();
        var called = Compiled.Step((Tensor x) => (w * x).Sum().Backward(), keepGrads: false, fallback: true);
        called.Call(Tensor.Ones(2));
        called.Call(Tensor.Ones(2));
        w.Grad!.ToArray<float>().ShouldBe([2f, 2f]);
    }

    [Fact]
    public void Gradients_of_arguments_are_kept()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        var step = Compiled.Step((Tensor x) =>
        {
            w.Grad = null;
            x.Grad = null;
            (w * x).Sum().Backward();
        }, keepGrads: false);
        for (int i = 0; i < 3; i++)
        {
            Tensor x = Tensor.From([3f, 4f], requiresGrad: true);
            step.Call(x);
            x.Grad!.ToArray<float>().ShouldBe([1f, 2f]);
        }
        w.Grad.ShouldBeNull();
    }

    [Fact]
    public void Programs_of_numbers_keep_none_either()
    {
        Tensor w = Tensor.Scalar(0.5, requiresGrad: true), v = Tensor.Scalar(0.5, requiresGrad: true);
        SGD one = new([w], 0.01), other = new([v], 0.01);
        Action<Tensor> eager = x =>
        {
            other.ZeroGrad();
            (v * x - 1).Square().Backward();
            other.Step();
        };
        var step = Compiled.Step((Tensor x) =>
        {
            one.ZeroGrad();
            (w * x - 1).Square().Backward();
            one.Step();
        }, keepGrads: false);
        for (int i = 0; i < 200; i++)
        {
            Tensor x = Tensor.Scalar(1.5);
            step.Call(x);
            eager(x);
            w.Grad.ShouldBeNull();
            if (i % 60 == 0) Thread.Sleep(20);
        }
        GraphRunTests.Compare([w.Detach()], [v.Detach()]);
    }

    [Fact]
    public void A_run_that_throws_brings_back_the_gradients_that_were_there()
    {
        (Sequential net, var step) = Model(false);
        Tensor x = Tensor.Rand(2, 64), good = Tensor.From([0L, 1]), bad = Tensor.From([0L, 10]);
        step.Call(x, good);
        step.Call(x, good);
        foreach (Tensor p in net.Parameters()) p.Grad = p.Detach().Clone();
        Tensor[] before = [.. net.Parameters().Select(p => p.Grad!)];
        Should.Throw<TensorIndexException>(() => step.Call(x, bad));
        net.Parameters().Select(p => p.Grad).ShouldBe(before);
    }
}
