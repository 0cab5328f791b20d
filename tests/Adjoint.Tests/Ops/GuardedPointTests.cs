using Losses = Adjoint.Nn;

namespace Adjoint.Tests.Ops;

/// <summary>
/// Points where a rule chooses between cases: the case that is not taken must not be felt, at any order and by any method.
/// </summary>
public class GuardedPointTests
{
    private static Tensor T(params double[] values) => Tensor.From(values);

    private static double[] Of(Tensor x) => x.Detach().ToArray<double>();

    /// <summary>Hessians that are known: reverse over reverse, forward over reverse, forward over forward.</summary>
    private static void Hessian(Func<Tensor, Tensor> f, Tensor at, double[] expected, double slack = 1e-12)
    {
        Of(Transforms.Hessian(f, at)).ShouldBe(expected, slack, "forward over reverse");
        Of(Transforms.Hessian(f, at, createGraph: true)).ShouldBe(expected, slack, "reverse over reverse");
        for (int i = 0; i < at.NumEl; i++)
            for (int j = 0; j < at.NumEl; j++)
            {
                Tensor u = at.ZerosLike(), v = at.ZerosLike();
                u.Reshape(-1)[i] = 1.0;
                v.Reshape(-1)[j] = 1.0;
                Transforms.Jvp(x => Transforms.Jvp(f, x, u).Jvp, at, v).Jvp.Item<double>()
                    .ShouldBe(expected[i * at.NumEl + j], slack, "forward over forward");
            }
    }

    [Fact]
    public void The_deviation_of_equal_values()
    {
        foreach (double correction in (double[])[0, 1])
        {
            Hessian(x => x.Std([], correction), T(2, 2, 2), new double[9]);
            Hessian(x => x.Std([0], correction), T(0, 0), new double[4]);
            Hessian(x => x.Reshape(2, 2).Std([1], correction).Square().Sum() * 0.0 + x.Reshape(2, 2).Std([1], correction).Sum(),
                T(1, 1, 3, 3), new double[16]);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(2)]
    [InlineData(2.5)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7.25)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0)]
    public void A_norm_of_zeros_and_beside_zeros(double p)
    {
        Hessian(x => x.Norm(p), T(0, 0), new double[4]);
        Hessian(x => x.Reshape(2, 2).Norm(p, [1]).Sum(), T(0, 0, 0, 0), new double[16]);
        double second = p == 2 ? 1 : 0;
        Hessian(x => x.Norm(p), T(0, 1), [second, 0, 0, 0]);
        if (p is 1.5 or 2 or 2.5 or 3 or 4)
        {
            // A row of zeros beside others leaves theirs alone.
            double[] alone = Of(Transforms.Hessian(x => x.Norm(p), T(1, 2)));
            double[] both = Of(Transforms.Hessian(x => x.Reshape(2, 2).Norm(p, [1]).Sum(), T(0, 0, 1, 2)));
            new[] { both[10], both[11], both[14], both[15] }.ShouldBe(alone, 1e-14);
            both.Take(10).ShouldAllBe(h => h == 0);
        }
        foreach (Func<Tensor, Tensor> f in (Func<Tensor, Tensor>[])[x => x.Norm(p), x => x.Dist(T(0, 0), p)])
            Of(Transforms.Jacobian(f, T(0, 0))).ShouldBe([0, 0]);
    }

    [Fact]
    public void Powers_and_products_with_logarithms_at_0()
    {
        Hessian(y => T(0).Pow(y).Sum(), T(2), [0]);
        Hessian(y => T(0).Pow(y).Sum(), T(0), [0]);
        Hessian(xy => xy[0].Pow(xy[1]), T(0, 2), [2, 0, 0, 0]);
        Hessian(xy => xy[0].Pow(xy[1]), T(0, 3), [0, 0, 0, 0]);
        Hessian(xy => xy[0].Pow(xy[1]), T(2, 3), [12, 4 + 12 * Math.Log(2), 4 + 12 * Math.Log(2), 8 * Math.Log(2) * Math.Log(2)]);
        Hessian(x => x.Logit(0.1).Sum(), T(0, 1, 0.05, 0.95), new double[16]);
        ExtremeTests.Backward(x => x.Logit(0.1), 0, 3).Skip(1).ShouldBe([0, 0, 0]);
        ExtremeTests.Tangents(x => x.Logit(0.1), 1, 3).Skip(1).ShouldBe([0, 0, 0]);
        ExtremeTests.Backward(x => T(0).Pow(x).Sum(), 2, 3).ShouldBe([0, 0, 0, 0]);
        ExtremeTests.Tangents(x => T(0).Pow(x).Sum(), 2, 3).ShouldBe([0, 0, 0, 0]);
        // NaN is not guarded away.
        foreach (double nan in Gradients((x, y) => x.Pow(y), 0, double.NaN)) nan.ShouldBe(double.NaN);
    }

    private static double[] Gradients(Func<Tensor, Tensor, Tensor> f, double x, double y)
    {
        Tensor a = T(x).RequiresGradInPlace(), b = T(y).RequiresGradInPlace();
        f(a, b).Sum().Backward();
        return [a.Grad!.Item<double>(), b.Grad!.Item<double>()];
    }

    /// <summary>Every element-wise operation of the table without a parameter of its own kind: NaN in, NaN out.</summary>
    [Fact]
    public void NaN_is_swallowed_by_no_value()
    {
        // What says so: sign and nan_to_num give numbers, fmax and fmin the other operand, copysign a number with the
        // sign of a NaN, prelu what it does not scale, heaviside steps over it as PyTorch's does; x⁰ and 1ʸ are 1 whatever x and y are.
        string[] by = ["sign", "nan_to_num", "fmax", "fmin", "copysign", "prelu", "heaviside"];
        var swallowed = new List<string>();
        foreach (Op op in OpTable.All.Where(op => op.Kind == OpKind.ElementWise && !by.Contains(op.Name)))
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
                foreach (int layout in (int[])[0, 1, 2])
                    for (int which = 0; which < op.Inputs.Count; which++)
                    {
                        Tensor[] arguments =
                            [.. op.Inputs.Select((input, i) => Laid(Values(input.Sample([6], 1), i == which), dtype, layout))];
                        double[] values = op.Apply(arguments).To(DType.Float64).ToArray<double>();
                        if (values.Where((_, i) => i % 2 == 0).Any(v => !double.IsNaN(v)))
                            swallowed.Add($"{op.Name} {dtype} layout {layout} argument {which}: {string.Join(" ", values)}");
                    }
        swallowed.ShouldBeEmpty();

        static Tensor Values(Tensor x, bool nan) =>
            nan ? x.MaskedFill(Tensor.From([true, false, true, false, true, false]), double.NaN) : x;

        static Tensor Laid(Tensor x, DType dtype, int layout) => layout switch
        {
            0 => x.To(dtype),
            1 => Tensor.Stack([x, x], 1).To(dtype)[.., 0],
            _ => x.To(dtype).Flip(0).Flip(0),
        };
    }

    [Fact]
    public void A_bound_that_is_no_number_leaves_none()
    {
        double nan = double.NaN;
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (
                Tensor x in (Tensor[])[
                    T(-7, 0, 1, 9, double.PositiveInfinity, double.NegativeInfinity).To(dtype), T(1).To(dtype),
                    T(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17).To(dtype)])
            {
                Tensor bound = Tensor.Scalar(nan, dtype), five = Tensor.Scalar(5.0, dtype);
                Tensor[] results =
                [
                    x.Clamp(nan, 5), x.Clamp(-5, nan), x.Clamp(nan), x.Clamp(max: nan), x.ClampMin(nan), x.ClampMax(nan),
                        x.Clamp(bound, null), x.Clamp(null, bound), x.Clamp(bound, five),
                x.Clamp(five, bound), x.Clone().ClampInPlace(nan, 5), x.Clone().ClampInPlace(-5, nan), x.Clone().ClampMinInPlace(nan),
                x.Clone().ClampMaxInPlace(nan),
            ];
                for (int i = 0; i < results.Length; i++)
                    results[i].IsNaN().All().Item<bool>().ShouldBeTrue($"form {i}, {dtype}: {results[i]}");
            }
        Scalar.Value(new Bounded(nan, 5), 1).ShouldBe(nan);
        Scalar.Value(new Bounded(0, nan), 1).ShouldBe(nan);
        Scalar.Value(new Bounded(0, 5), nan).ShouldBe(nan);
        T(1, 9, -3).Clamp(-2, 5).ToArray<double>().ShouldBe([1, 5, -2]);
        T(1, 9, -3).Clamp(T(5), T(2)).ToArray<double>().ShouldBe([2, 2, 2]);
        T(-0.0, 0.0).Clamp(0, 1).ToArray<double>().Select(double.IsNegative).ShouldBe([true, false]);
    }

    private readonly struct Bounded(double min, double max) : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => x.Clamp(min, max);
    }

    [Fact] // asked: NaN in value and in both gradients
    public void Losses_pass_NaN_on()
    {
        foreach (Func<Tensor, Tensor, Tensor> loss in (Func<Tensor, Tensor, Tensor>[])
            [(x, y) => Losses.F.SmoothL1Loss(x, y), (x, y) => Losses.F.SmoothL1Loss(x, y, beta: 0.5), (x, y) => Losses.F.HuberLoss(x, y),
                (x, y) => Losses.F.MseLoss(x, y)])
            foreach ((double x, double y) in ((double, double)[])[(double.NaN, 1), (1, double.NaN)])
            {
                loss(T(x), T(y)).Item<double>().ShouldBe(double.NaN);
                Gradients(loss, x, y).ShouldBe([double.NaN, double.NaN]);
            }
    }

    [Fact]
    public void The_gradient_of_log_sum_exp_is_a_softmax_at_every_size()
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (double size in (double[])[0, 1, 88, 2e4, 2e7, -2e7, 3e9, 1e15, 1e30])
                foreach (double step in (double[])[0, 1, 5])
                {
                    Tensor x = Tensor.From([size, size - step, size, size + step], [2, 2]).To(dtype).RequiresGradInPlace();
                    Check(x.LogSumExp(1).Sum(), x.Softmax(1));
                    Check(x.LogSumExp([0, 1]), x.Flatten().Softmax(0).Reshape(2, 2));
                    Check(x[.., 0].LogAddExp(x[.., 1]).Sum(), x.Softmax(1));

                    void Check(Tensor y, Tensor softmax)
                    {
                        double[] expected = softmax.To(DType.Float64).ToArray<double>();
                        Autograd.Grad(y, x).To(DType.Float64).ToArray<double>().ShouldBe(expected, 1e-6, $"{dtype} {size} {step}");
                    }
                }
        Hessian(x => x.LogSumExp(0), T(1, 2), Of(Transforms.Jacobian(x => x.Softmax(0), T(1, 2))), 1e-14);
        Tensor scalar = Tensor.Scalar(3.0, DType.Float64).RequiresGradInPlace();
        scalar.LogSumExp([]).Backward();
        scalar.Grad!.Item<double>().ShouldBe(1);
    }

    [Fact]
    public void Norms_do_not_overflow_before_they_must()
    {
        foreach (double p in (double[])[0.5, 1.5, 2, 3, 4])
            foreach (double scale in (double[])[1e200, 1e-200, 1e300, 5e-324, 1])
            {
                double[] v = [3 * scale, -4 * scale];
                double expected = Tensor.From([3.0, 4.0]).Norm(p).Item<double>() * scale;
                T(v).Norm(p).Item<double>()
                    .ShouldBe(expected, Math.Max(1e-12 * expected, scale < 1e-300 ? 5e-323 : 0), $"p = {p}, {scale}");
                if (scale is 5e-324) continue;
                double[] small = Of(Transforms.Jacobian(x => x.Norm(p), T(3, -4)));
                Of(Transforms.Jacobian(x => x.Norm(p), T(v))).ShouldBe(small, 1e-12, $"slope, p = {p}, {scale}");
            }
        Tensor.From([3e30f, 4e30f]).Norm().Item<float>().ShouldBe(5e30f, 1e24f);
        Tensor.From([3e-30f, 4e-30f]).Norm().Item<float>().ShouldBe(5e-30f, 1e-36f);
        // Rows of different sizes, with and without the dimension, and what is infinite or no number stays so.
        double three = Math.ScaleB(3, 600), four = Math.ScaleB(4, 600), five = Math.ScaleB(5, 600);
        Tensor rows = Tensor.From([three, four, 3, 4, 0, 0, double.PositiveInfinity, 1, double.NaN, 1], [5, 2]);
        rows.Norm(2, [1]).ToArray<double>().ShouldBe([five, 5, 0, double.PositiveInfinity, double.NaN]);
        rows.Norm(2, [1], keepDim: true).ToArray<double>().ShouldBe([five, 5, 0, double.PositiveInfinity, double.NaN]);
        rows[..2].Norm(2, [0]).ToArray<double>().ShouldBe([three, four]);
    }

    [Theory]
    [InlineData(Losses.Reduction.None, 0)]
    [InlineData(Losses.Reduction.Sum, 0)]
    [InlineData(Losses.Reduction.Mean, 0)]
    [InlineData(Losses.Reduction.Mean, 0.1)]
    [InlineData(Losses.Reduction.Sum, 0.3)]
    public void Class_weights_have_their_gradients(Losses.Reduction reduction, double smoothing)
    {
        foreach (int form in Enumerable.Range(0, 3))
        {
            Shape shape = form == 0 ? [4, 3] : form == 1 ? [2, 3, 2] : [3];
            Tensor x = (Tensor.Arange(shape.NumEl).To(DType.Float64) * 0.7).Sin().Reshape(shape);
            Tensor target = form == 0 ? Tensor.From([2L, 0, -100, 1]) : form == 1 ? Tensor.From([0L, 1, 2, -100], [2, 2])
                : Tensor.Scalar(1, DType.Int64);
            Tensor w = T(0.5, 1.5, 2);
            Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> cross = v =>
                [Losses.F.CrossEntropy(v[0], target, v[1], reduction: reduction, labelSmoothing: smoothing).Sum()];
            Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> nll = v =>
                [Losses.F.NllLoss(v[0], target, v[1], reduction: reduction).Square().Sum()];
            foreach (
                Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f in (Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>[])[cross, nll])
            {
                f([x, w.Clone().RequiresGradInPlace()])[0].Item<double>().ShouldBe(f([x, w])[0].Item<double>(), 1e-14);
                Tensor a = x.Clone().RequiresGradInPlace(), b = w.Clone().RequiresGradInPlace();
                GradCheck.Run(v => f(v), new[] { a, b }, new GradCheckOptions { CheckForward = true }).ShouldBeTrue();
                GradCheck.RunSecondOrder(v => f(v), new[] { a, b }).ShouldBeTrue();
                // The class weights do not change what the input gets.
                Tensor plain = x.Clone().RequiresGradInPlace();
                f([plain, w])[0].Backward();
                f([a, b])[0].Backward();
                Of(a.Grad!).ShouldBe(Of(plain.Grad!), 1e-13);
            }
        }
    }
}
