namespace Adjoint.Tests.Differentiation;

/// <summary>Checkpointing: behaviours of section 13.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CheckpointTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 13.1, 13.2, 13.11
    public void Same_value_and_gradients_and_a_second_run()
    {
        Tensor x = Leaf(0.5, 1), w = Leaf(2, 3);
        int runs = 0;
        Tensor F(Tensor t)
        {
            runs++;
            return (t * w).Sin().Exp();
        }

        F(x).Sum().Backward();
        double[] gx = Of(x.Grad), gw = Of(w.Grad);
        x.Grad = w.Grad = null;
        runs = 0;
        Tensor y = Autograd.Checkpoint(F, x);
        runs.ShouldBe(1);
        y.Sum().Backward();
        runs.ShouldBe(2);
        Of(x.Grad).ShouldBe(gx);
        Of(w.Grad).ShouldBe(gw);
    }

    [Fact] // 13.4
    public void Works_with_Grad_and_inputs()
    {
        Tensor x = Leaf(0.5), y = Autograd.Checkpoint(t => t.Exp().Sin(), x);
        double expected = Math.Cos(Math.Exp(0.5)) * Math.Exp(0.5);
        Autograd.Grad([y], [x], retainGraph: true)[0]!.Item<double>().ShouldBe(expected, 1e-14);
        y.Backward(inputs: [x]);
        x.Grad!.Item<double>().ShouldBe(expected, 1e-14);
    }

    [Fact] // 13.6, 13.8
    public void Random_numbers_are_drawn_again_and_the_stream_stays_where_it_was()
    {
        Rng.ManualSeed(3);
        Tensor x = Tensor.Ones([64], DType.Float64, requiresGrad: true);
        Tensor y = Autograd.Checkpoint(t => t.Exp() * Noise(), x);
        byte[] state = Rng.GetState();
        Tensor expected = y.Detach();
        y.Sum().Backward();
        Of(x.Grad).ShouldBe(Of(expected));
        Rng.GetState().ShouldBe(state);
    }

    private static Tensor Noise()
    {
        var values = new double[64];
        for (int i = 0; i < values.Length; i++) values[i] = Rng.Default.NextDouble();
        return Tensor.From(values);
    }

    [Fact] // 13.12, nested
    public void Several_inputs_and_outputs_and_nesting()
    {
        Tensor a = Leaf(2), b = Leaf(3);
        IReadOnlyList<Tensor> ys = Autograd.Checkpoint(
            xs => new[] { xs[0] * xs[1], Autograd.Checkpoint(t => (t * t).Exp(), xs[0] * 0.1) }, new[] { a, b });
        (ys[0] + ys[1]).Backward();
        a.Grad!.Item<double>().ShouldBe(3 + Math.Exp(0.04) * 0.4 * 0.1, 1e-12);
        b.Grad!.Item<double>().ShouldBe(2);
    }

    [Fact] // 13.13
    public void Sequential_in_segments()
    {
        Tensor x = Leaf(0.3), plain = x.Sin().Exp().Tanh().Sin();
        Func<Tensor, Tensor>[] steps = [t => t.Sin(), t => t.Exp(), t => t.Tanh(), t => t.Sin()];
        Tensor y = Autograd.CheckpointSequential(steps, 2, x);
        y.Item<double>().ShouldBe(plain.Item<double>());
        y.Backward();
        x.Grad!.Item<double>().ShouldBe(Autograd.Grad([plain], [x])[0]!.Item<double>(), 1e-15);
    }

    [Fact]
    public void A_function_that_does_something_else_the_second_time_is_an_error()
    {
        Tensor x = Leaf(1, 2);
        int runs = 0;
        Tensor y = Autograd.Checkpoint(t => runs++ == 0 ? t.Exp().Sin() : t * 2.0, x);
        Should.Throw<AutogradException>(() => y.Sum().Backward()).Message.ShouldContain("both times");
    }
}
