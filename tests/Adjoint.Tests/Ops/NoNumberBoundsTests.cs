namespace Adjoint.Tests.Ops;

/// <summary>Elements and bounds that are no numbers, as PyTorch has them: the result is NaN, and nothing has its gradient.</summary>
public class NoNumberBoundsTests
{
    private const double NaN = double.NaN;

    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static void Same(Tensor y, Tensor[] leaves, double[] value, params double[][] gradients)
    {
        y.ToArray<double>().ShouldBe(value);
        y.Sum().Backward();
        for (int i = 0; i < leaves.Length; i++) leaves[i].Grad!.ToArray<double>().ShouldBe(gradients[i], $"argument {i}");
    }

    [Fact]
    public void A_clamp_beside_NaN_passes_no_gradient()
    {
        Tensor x = Leaf(NaN, 1, NaN, 1, 2), y = Leaf(1, NaN, NaN, 1, 1);
        Same(x.ClampMin(y), [x, y], [NaN, NaN, NaN, 1, 2], [0, 0, 0, 1, 1], [0, 0, 0, 0, 0]);
        (x, y) = (Leaf(NaN, 1, NaN, 1, 2), Leaf(1, NaN, NaN, 1, 1));
        Same(x.ClampMax(y), [x, y], [NaN, NaN, NaN, 1, 1], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]);
        (x, y) = (Leaf(NaN, 1, NaN, 1, 2), Leaf(1, NaN, NaN, 1, 1));
        Tensor z = Leaf(2, 2, 2, 2, NaN);
        Same(x.Clamp(y, z), [x, y, z], [NaN, NaN, NaN, 1, NaN], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Bounds_of_other_shapes_and_dtypes_are_kept_to()
    {
        Tensor x = Tensor.From([-3L, 0, 3]);
        x.Clamp(Tensor.From([-1L]), Tensor.From([[1L], [2]])).ToArray<long>().ShouldBe([-1, 0, 1, -1, 0, 2]);
        Tensor y = x.ClampMin(Tensor.From([NaN, -0.5, 0.5]));
        y.DType.ShouldBe(DType.Float64);
        y.ToArray<double>().ShouldBe([NaN, 0, 3]);
    }

    [Fact]
    public void Both_extremes_beside_NaN_are_NaN()
    {
        Tensor x = Tensor.From([[NaN, 1, NaN, 1], [1, 2, 1, 2]]);
        (Tensor min, Tensor max) = x.Aminmax(1);
        min.ToArray<double>().ShouldBe([NaN, 1]);
        max.ToArray<double>().ShouldBe([NaN, 2]);
        (min, max) = x.Aminmax();
        (min.Item(), max.Item()).ShouldBe((NaN, NaN));
    }

    /// <summary>The result may be changed in place, and at ±∞ the slope is what it is everywhere.</summary>
    [Fact]
    public void The_slope_of_copysign_is_one_of_signs()
    {
        Tensor x = Leaf(double.PositiveInfinity, double.NegativeInfinity, NaN, 0, -0.0, 2, -2), y = Leaf(-1, -1, -1, -1, 1, -0.0, 0);
        Same(x.CopySign(y), [x, y],
            [double.NegativeInfinity, double.NegativeInfinity, NaN, -0.0, 0, -2, 2], [-1, 1, NaN, 0, 0, -1, -1], [0, 0, 0, 0, 0, 0, 0]);
    }
}
