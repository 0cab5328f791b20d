using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>Compiled functions within others, within captures, checkpoints and themselves.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledNestedTests
{
    // Long enough for verifications and for calls in turns.
    private const int Calls = 500;

    /// <summary>What the inner one captured is no variable of the outer one: neither is captured again and again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_compiled_function_is_called_in_another_one(bool asDelegate)
    {
        Tensor w = Tensor.Rand(8, 8);
        Func<Tensor, Tensor> plain = x => (x.MatMul(w).Tanh() + x).Relu();
        var inner = Compiled.Function(plain);
        Func<Tensor, Tensor> called = inner.Call;
        Func<Tensor, Tensor> twice = asDelegate ? x => called(x * 2) + called(x) : x => inner.Call(x * 2) + inner.Call(x);
        var outer = Compiled.Function(twice);
        for (int i = 0; i < Calls; i++)
        {
            Tensor x = Tensor.Randn(4, 8);
            GraphRunTests.Compare([outer.Call(x), inner.Call(x)], [plain(x * 2) + plain(x), plain(x)]);
        }
        outer.Explain().ShouldStartWith("1 captured, 1 captures in all");
        outer.Explain().ShouldNotContain("changes its own variables");
        // Another weight is another one for both.
        w = Tensor.Rand(8, 8);
        Tensor y = Tensor.Randn(4, 8);
        GraphRunTests.Compare([outer.Call(y), inner.Call(y)], [plain(y * 2) + plain(y), plain(y)]);
    }

    [Fact]
    public void A_step_is_called_in_another_step()
    {
        Trained eager = new(isCompiled: false), compiled = new(isCompiled: true);
        for (int i = 0; i < Calls; i++)
        {
            Tensor x = Tensor.Randn(3 + i % 3, 4);
            GraphRunTests.Compare([compiled.Both(x)], [eager.Both(x)]);
            if (i % 7 == 0) GraphRunTests.Compare([compiled.One(x)], [eager.One(x)]);
        }
        GraphRunTests.Compare([.. compiled.Net.Parameters()], [.. eager.Net.Parameters()]);
    }

    [Fact]
    public void A_compiled_function_calls_itself()
    {
        Compiled<Func<Tensor, Tensor>>? f = null;
        f = Compiled.Function(x => x.NumEl == 1 ? x * x : f!.Call(x[..(x.NumEl / 2)]) + f.Call(x[(x.NumEl / 2)..]));
        for (int i = 0; i < 100; i++)
        {
            Tensor x = Tensor.Randn(8);
            Tensor s = x * x, pairs = Tensor.Stack([s[0] + s[1], s[2] + s[3], s[4] + s[5], s[6] + s[7]]);
            GraphRunTests.Compare([f.Call(x)], [((pairs[0] + pairs[1]) + (pairs[2] + pairs[3])).Reshape(1)]);
        }
    }

    [Fact]
    public void A_compiled_function_makes_another_one()
    {
        var f = Compiled.Function((Tensor x) => Compiled.Function((Tensor y) => y.Exp() * 2).Call(x) + 1);
        for (int i = 0; i < 200; i++)
        {
            Tensor x = Tensor.Randn(5);
            GraphRunTests.Compare([f.Call(x)], [x.Exp() * 2 + 1]);
        }
    }

    [Fact]
    public void Captures_and_checkpoints_see_the_function_itself()
    {
        Tensor w = Tensor.Randn(4, 4).RequiresGradInPlace(), x = Tensor.Randn(3, 4);
        Func<Tensor, Tensor> plain = x => x.MatMul(w).Tanh();
        var f = Compiled.Function(plain);
        using (Autograd.NoGrad())
            for (int i = 0; i < 3; i++) GraphRunTests.Compare([f.Call(x)], [plain(x)]);
        Graph graph = Graph.Capture(x => f.Call(x).Sum(), x);
        graph.Operations.Select(op => op.Name).ShouldBe(Graph.Capture(x => plain(x).Sum(), x).Operations.Select(op => op.Name));

        Autograd.Checkpoint(f.Call, x).Sum().Backward();
        Tensor got = w.Grad!;
        w.Grad = null;
        Autograd.Checkpoint(plain, x).Sum().Backward();
        GraphRunTests.Compare([got], [w.Grad!]);

        var step = Compiled.Step((Tensor x) =>
        {
            w.Grad = null;
            Autograd.Checkpoint(f.Call, x).Sum().Backward();
        });
        for (int i = 0; i < 100; i++)
        {
            step.Call(x);
            GraphRunTests.Compare([w.Grad!], [got]);
        }
    }

    [Fact]
    public void What_throws_in_an_inner_function_leaves_both_as_they_were()
    {
        Tensor w = Tensor.Ones(2);
        Tensor[] held = [w];
        bool throws = true;
        var inner = Compiled.Function((Tensor x) => throws ? throw new InvalidDataException("now") : x * held[0]);
        var outer = Compiled.Step((Tensor x) =>
        {
            using (Autograd.NoGrad()) w.AddInPlace(x);
            return inner.Call(x) + 1;
        });
        Tensor one = Tensor.Ones(2);
        Should.Throw<InvalidDataException>(() => outer.Call(one));
        w.ToArray<float>().ShouldBe([1f, 1f]);
        throws = false;
        outer.Call(one).ToArray<float>().ShouldBe([3f, 3f]);
        throws = true;
        Should.Throw<InvalidDataException>(() => outer.Call(one));
        w.ToArray<float>().ShouldBe([2f, 2f]);
        throws = false;
        outer.Call(one).ToArray<float>().ShouldBe([4f, 4f]);
    }

    private sealed class Trained
    {
        internal Trained(bool isCompiled)
        {
            Rng.ManualSeed(5);
            Net = new Sequential(new Adjoint.Nn.Linear(4, 8), new Tanh(), new Adjoint.Nn.Linear(8, 2));
            var optimizer = new Adam(Net.Parameters(), 0.01);
            Func<Tensor, Tensor> one = x =>
            {
                optimizer.ZeroGrad();
                Tensor loss = Net.Call(x).Square().Mean();
                loss.Backward();
                optimizer.Step();
                return loss.Detach();
            };
            One = isCompiled ? Compiled.Step(one).Call : one;
            Func<Tensor, Tensor> both = x => One(x) + One(x * 0.5);
            Both = isCompiled ? Compiled.Step(both).Call : both;
        }

        internal Sequential Net { get; }

        internal Func<Tensor, Tensor> One { get; }

        internal Func<Tensor, Tensor> Both { get; }
    }
}
