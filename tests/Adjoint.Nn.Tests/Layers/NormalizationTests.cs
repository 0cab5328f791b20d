namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Tests.Ops;

public class NormalizationTests
{
    private static Tensor Sample(int seed, params ReadOnlySpan<int> sizes) =>
        Tensor.Randn(Shape.Of(sizes), DType.Float64, generator: new Generator(seed));

    [Fact]
    public void A_layer_norm_has_mean_0_and_biased_variance_1()
    {
        var norm = new LayerNorm([4], dtype: DType.Float64);
        Tensor y = norm.Call(Sample(1, 3, 4) * 5 + 2);
        for (int row = 0; row < 3; row++)
        {
            double[] values = y.Select(0, row).ToArray<double>();
            values.Average().ShouldBe(0, 1e-12);
            values.Average(v => v * v).ShouldBe(1, 1e-4);
        }
        FiniteDifferences.Check(v => F.LayerNorm(v[0], [3, 2], v[1], v[2]), Sample(1, 2, 3, 2), Sample(2, 3, 2), Sample(3, 3, 2));
        norm.ToString().ShouldBe("LayerNorm((4,), eps=1e-05, elementwise_affine=True)");
        Should.Throw<ShapeException>(() => norm.Call(Sample(1, 3, 5)));
    }

    [Fact]
    public void A_batch_norm_tracks_unbiased_variances_and_uses_them_in_evaluation()
    {
        var norm = new BatchNorm1d(2, dtype: DType.Float64);
        Tensor x = Tensor.From([1.0, 10, 3, 30], [2, 2]);
        double[] y = norm.Call(x).ToArray<double>();
        y[0].ShouldBe(-1 / Math.Sqrt(1 + 1e-5), 1e-12);
        y[2].ShouldBe(1 / Math.Sqrt(1 + 1e-5), 1e-12);
        norm.RunningMean!.ToArray<double>().ShouldBe([0.2, 2.0], 1e-12);
        norm.RunningVar!.ToArray<double>().ShouldBe([0.9 + 0.1 * 2, 0.9 + 0.1 * 200], 1e-12);
        norm.NumBatchesTracked!.Item<long>().ShouldBe(1);

        norm.Eval();
        norm.Call(x).ToArray<double>()[0].ShouldBe((1 - 0.2) / Math.Sqrt(1.1 + 1e-5), 1e-12);
        norm.NumBatchesTracked.Item<long>().ShouldBe(1);
        norm.StateDict().Keys.ShouldBe(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]);
        norm.ToString().ShouldBe("BatchNorm1d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
    }

    [Fact]
    public void Gradients_of_a_batch_norm_agree_with_differences()
    {
        FiniteDifferences.Check(v => new BatchNorm1d(3, dtype: DType.Float64).Call(v[0]), Sample(1, 4, 3));
        FiniteDifferences.Check(v => new BatchNorm1d(3, dtype: DType.Float64).Call(v[0]), Sample(1, 2, 3, 2));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_batch_norm_has_first_and_second_derivatives_by_x_and_by_its_parameters_in_both_directions(bool training, bool affine)
    {
        foreach (Shape shape in (Shape[])[[4, 3], [3, 3, 2]])
        {
            var norm = new BatchNorm1d(3, affine: affine, dtype: DType.Float64);
            norm.Call(Sample(5, 6, 3) * 3);
            norm.Train(training);
            if (affine) norm.Weight!.Detach().CopyFrom<double>([0.5, -2, 1.5]);
            Tensor x = Sample(1, [.. shape.Sizes]).RequiresGradInPlace();
            GradCheck.Run(t => norm.Call(t).Sin(), x, new GradCheckOptions { CheckForward = true }).ShouldBeTrue();
            GradCheck.RunSecondOrder(t => norm.Call(t).Sin(), x).ShouldBeTrue();
            if (!affine) continue;
            Tensor[] parameters = [norm.Weight!, norm.Bias!];
            Tensor?[] direct = Autograd.Grad([norm.Call(x).Sin().Sum()], parameters);
            Tensor w = norm.Weight!.Detach().RequiresGradInPlace(), b = norm.Bias!.Detach().RequiresGradInPlace();
            Shape channel = shape.NDim == 2 ? [1, 3] : [1, 3, 1];
            norm.Weight = null;
            norm.Bias = null;
            Tensor?[] composed = Autograd.Grad([(norm.Call(x) * w.View(channel) + b.View(channel)).Sin().Sum()], [w, b]);
            for (int i = 0; i < 2; i++) (direct[i]! - composed[i]!).Abs().Max().Item().ShouldBeLessThan(1e-12);
        }
    }

    [Fact]
    public void Training_on_after_an_evaluation_does_not_change_the_gradients_of_that()
    {
        var norm = new BatchNorm1d(3, dtype: DType.Float64);
        Tensor x = Sample(1, 4, 3).RequiresGradInPlace();
        norm.Eval();
        Tensor expected = Autograd.Grad(norm.Call(x).Square().Sum(), norm.Weight!), loss = norm.Call(x).Square().Sum();
        norm.Train();
        norm.Call(x * 5);
        Autograd.Grad(loss, norm.Weight!).ElementsEqual(expected).ShouldBeTrue();
    }

    /// <summary>All options, dtypes, layouts and numbers of values a channel: refused is what would be 0 whatever the values are.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void One_value_a_channel_cannot_be_normalised_by_itself(bool training, bool tracked)
    {
        Func<Tensor, Tensor>[] layouts =
        [
            x => x, x => x.T.Contiguous().T, x => Tensor.Stack([x, x], -1).Flatten(-2)[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)],
            x => x.NumEl == 0 ? x : x[..1].Expand(x.Shape),
        ];
        foreach (double? momentum in new double?[] { 0.1, null })
            foreach (bool affine in new[] { true, false })
                foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
                    foreach (Shape shape in new Shape[] { [1, 2], [1, 2, 1], [2, 2], [1, 2, 2], [3, 2, 1], [0, 2], [0, 2, 3], [3, 2, 0] })
                        foreach ((int layout, Func<Tensor, Tensor> lay) in layouts.Index())
                        {
                            string what = $"{shape} of {dtype}, layout {layout}, momentum {momentum}, affine {affine}";
                            var norm = new BatchNorm1d(2, momentum: momentum, affine: affine, trackRunningStats: tracked, dtype: dtype);
                            norm.Train(training);
                            Tensor x = lay(Tensor.Randn(shape, dtype));
                            double[] before = tracked ? norm.RunningMean!.ToArray<double>() : [];
                            if ((training || !tracked) && shape.NumEl == 2)
                            {
                                Should.Throw<ShapeException>(() => norm.Call(x), what).Message.ShouldContain(
                                    "more than 1 value per channel");
                                if (tracked) norm.RunningMean!.ToArray<double>().ShouldBe(before, what);
                            }
                            else
                            {
                                Tensor y = norm.Call(x);
                                y.Shape.ShouldBe(shape, what);
                                y.DType.ShouldBe(dtype, what);
                                if (shape.NumEl > 0) y.ToArray<double>().ShouldAllBe(v => double.IsFinite(v), what);
                            }
                        }
    }

    [Fact]
    public void A_batch_norm_works_without_any_of_its_tensors()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 5], [2, 2]);
        double[] plain = new BatchNorm1d(2, dtype: DType.Float64).Call(x).ToArray<double>();
        var norm = new BatchNorm1d(2, dtype: DType.Float64) { Weight = null };
        norm.Call(x).ToArray<double>().ShouldBe(plain);
        norm = new BatchNorm1d(2, dtype: DType.Float64) { Bias = null };
        norm.Call(x).ToArray<double>().ShouldBe(plain);
        norm = new BatchNorm1d(2, dtype: DType.Float64) { RunningVar = null };
        norm.Call(x).ToArray<double>().ShouldBe(plain);
        norm.RunningMean!.ToArray<double>().ShouldBe([0.2, 0.35], 1e-12);
        norm.Eval();
        Should.Throw<TensorException>(() => norm.Call(x)).Message.ShouldContain("RunningVar is null");

        norm = new BatchNorm1d(2, momentum: null, dtype: DType.Float64) { NumBatchesTracked = null };
        norm.Call(x);
        norm.RunningMean!.ToArray<double>().ShouldBe([0, 0]);
        norm = new BatchNorm1d(2, momentum: null, dtype: DType.Float64);
        norm.Call(x);
        norm.Call(Tensor.From([1.0, 2, 3, 7], [2, 2]));
        norm.RunningMean!.ToArray<double>().ShouldBe([2, 4], 1e-12);
        norm.RunningVar!.ToArray<double>().ShouldBe([2, 8.5], 1e-12);
    }

    [Fact]
    public void An_embedding_collects_gradients_except_for_the_padding()
    {
        var table = new Embedding(3, 2, paddingIdx: 0, DType.Float64, new Generator(1));
        table.Weight.ToArray<double>()[..2].ShouldBe([0, 0]);
        Tensor y = table.Call(Tensor.From([1L, 1, 0, 2], [2, 2]));
        y.Shape.ShouldBe(Shape.Of(2, 2, 2));
        y.GradFn!.Name.ShouldBe("EmbeddingBackward0");
        y.Sum().Backward();
        table.Weight.Grad!.ToArray<double>().ShouldBe([0, 0, 2, 2, 1, 1]);
        FiniteDifferences.Check(v => F.Embedding(Tensor.From([1L, 1, 2]), v[0] * v[0]), Sample(1, 3, 2));
        Should.Throw<TensorIndexException>(() => table.Call(Tensor.From([3L]))).Message.ShouldContain("index 3 is out of range");
        Should.Throw<DTypeException>(() => table.Call(Tensor.From([1f])));
        table.ToString().ShouldBe("Embedding(3, 2, padding_idx=0)");
    }
}
