namespace Adjoint.Tests.Ops;

/// <summary>Reductions at ties, zeros, NaNs and on nothing: values, gradients and errors as PyTorch has them.</summary>
public class ReductionTests
{
    private static double[] Gradient(Func<Tensor, Tensor> f, params double[] x)
    {
        Tensor leaf = Tensor.From(x, requiresGrad: true);
        f(leaf).Sum().Backward();
        return leaf.Grad!.ToArray<double>();
    }

    [Fact]
    public void Extremes_of_everything_share_the_gradient_among_equals()
    {
        Gradient(x => x.Max(), 1, 3, 3, 2).ShouldBe([0, 0.5, 0.5, 0]);
        Gradient(x => x.Min(), 1, 1, 2).ShouldBe([0.5, 0.5, 0]);
        Gradient(x => x.Amin([0]), 1, 1, 1).ShouldBe([1 / 3.0, 1 / 3.0, 1 / 3.0]);
        Gradient(x => x.Median(), 1, 2, 2, 5).ShouldBe([0, 0.5, 0.5, 0]);
    }

    [Fact]
    public void Extremes_of_a_dimension_give_all_the_gradient_to_the_place_they_name()
    {
        Gradient(x => x.Max(0).Values, 1, 3, 3, 2).ShouldBe([0, 1, 0, 0]);
        Gradient(x => x.Min(0).Values, 2, 1, 1).ShouldBe([0, 1, 0]);
        Tensor.From([1.0, 3, 3, 2]).Max(0).Indices.Item<long>().ShouldBe(1);
        Tensor.From([1, double.NaN, 2]).Max(0).Indices.Item<long>().ShouldBe(1);
    }

    [Fact]
    public void A_product_knows_the_slope_at_zeros()
    {
        Gradient(x => x.Prod(), 2, 0, 3).ShouldBe([0, 6, 0]);
        Gradient(x => x.Prod(), 0, 0, 3).ShouldBe([0, 0, 0]);
        Gradient(x => x.CumProd(0), 2, 0, 3).ShouldBe([1, 8, 0]);
        Gradient(x => x.CumProd(0), 0, 0, 3).ShouldBe([1, 0, 0]);
    }

    [Fact]
    public void A_norm_is_smooth_enough_at_zero()
    {
        Gradient(x => x.Norm(), 0, 0).ShouldBe([0, 0]);
        Gradient(x => x.Norm(1), 0, -2).ShouldBe([0, -1]);
        Gradient(x => x.Norm(double.PositiveInfinity), 2, -2, 1).ShouldBe([0.5, -0.5, 0]);
        Gradient(x => x.Norm(3), 0, 0).ShouldBe([0, 0]);
        Gradient(x => x.Norm(0.5), 0, 1).ShouldBe([0, 1]);
        Gradient(x => x.Norm(double.NegativeInfinity), 2, 1, 1).ShouldBe([0, 0.5, 0.5]);
    }

    [Fact]
    public void Spread_of_equal_numbers_has_gradient_zero_and_of_one_number_is_NaN()
    {
        Gradient(x => x.Std(), 1, 1).ShouldBe([0, 0]);
        Gradient(x => x.Var(), 1, 3).ShouldBe([-2, 2]);
        Gradient(x => x.Var(correction: 0), 1, 3).ShouldBe([-1, 1]);
        Gradient(x => x.Var(), 5).ShouldBe([double.NaN]);
    }

    [Fact]
    public void Sorting_puts_NaN_last_and_keeps_the_order_of_equals()
    {
        Tensor x = Tensor.From([2.0, double.NaN, 1, 2]);
        (Tensor values, Tensor indices) = x.Sort();
        values.ToArray<double>().ShouldBe([1, 2, 2, double.NaN]);
        indices.ToArray<long>().ShouldBe([2, 0, 3, 1]);
        x.ArgSort(descending: true).ToArray<long>().ShouldBe([1, 0, 3, 2]);
        Tensor.From([1.0, 3, 3, 2, 2]).Mode(0).Indices.Item<long>().ShouldBe(4);
        Tensor.From([1.0, 3, 3, double.NaN, 2]).CumMax(0).Indices.ToArray<long>().ShouldBe([0, 1, 2, 3, 3]);
        Tensor.From([3.0, 1, 2, 4]).Median(0).Indices.Item<long>().ShouldBe(2);
        double.IsNaN(x.Median().Item()).ShouldBeTrue();
        Gradient(v => v.TopK(2).Values * Tensor.From([1.0, 10]), 1, 3, 2).ShouldBe([0, 1, 10]);
    }

    [Fact]
    public void Of_nothing_some_have_a_value()
    {
        Tensor none = Tensor.Zeros([0], DType.Float64);
        none.Sum().Item().ShouldBe(0);
        none.Prod().Item().ShouldBe(1);
        none.Mean().Item().ShouldBe(double.NaN);
        none.LogSumExp(0).Item().ShouldBe(double.NegativeInfinity);
        Gradient(x => x.Prod()).ShouldBeEmpty();
        Gradient(x => x.Sum()).ShouldBeEmpty();
    }

    [Fact]
    public void Of_nothing_others_have_none()
    {
        Tensor none = Tensor.Zeros([0]);
        Should.Throw<ShapeException>(() => none.Max()).Message.ShouldContain("no elements");
        Should.Throw<ShapeException>(() => none.ArgMax()).Message.ShouldContain("no elements");
        Should.Throw<ShapeException>(() => none.Amax([])).Message.ShouldContain("no elements");
        Should.Throw<ShapeException>(() => none.Max(0)).Message.ShouldContain("no elements");
        Should.Throw<ShapeException>(() => none.Median(0));
        Tensor.Zeros(2, 0).Max(0).Values.Shape.ShouldBe([0]);
    }

    [Fact]
    public void Wrong_dimensions_and_dtypes_are_named()
    {
        Tensor x = Tensor.Zeros(3);
        Should.Throw<ShapeException>(() => x.Sum(1)).Message.ShouldContain("expected one in [-1, 0]");
        Should.Throw<ShapeException>(() => x.Sum([0, -1])).Message.ShouldContain("more than once");
        Should.Throw<DTypeException>(() => Tensor.Arange(3).Mean()).Message.ShouldContain("Int64");
        Should.Throw<ShapeException>(() => Tensor.Cat([Tensor.Zeros(2, 2), Tensor.Zeros(3, 3)])).Message.ShouldContain("[3, 3]");
        Should.Throw<ShapeException>(() => Tensor.Stack([Tensor.Zeros(2), Tensor.Zeros(3)])).Message.ShouldContain("tensor 1 has [3]");
        Should.Throw<ArgumentException>(() => Tensor.Cat([]));
        Should.Throw<ShapeException>(() => x.TopK(4)).Message.ShouldContain("size 3");
    }

    [Fact]
    public void Whole_numbers_add_and_multiply_as_Int64()
    {
        Tensor.From([true, true]).Sum().DType.ShouldBe(DType.Int64);
        Tensor.From([200, 100], [2]).To(DType.UInt8).Prod().Item<long>().ShouldBe(20000);
        Tensor.From([1, 2, 3]).CumSum(0).ToArray<long>().ShouldBe([1, 3, 6]);
    }

    [Fact]
    public void Outputs_of_unbind_and_split_must_not_be_changed_in_place_but_those_of_TensorSplit_may()
    {
        Tensor x = Tensor.Ones([4], requiresGrad: true) * 1;
        Should.Throw<AutogradException>(() => x.Unbind()[0].MulInPlace(2)).Message.ShouldContain("UnbindBackward0");
        Should.Throw<AutogradException>(() => x.Split(2)[0].MulInPlace(2)).Message.ShouldContain("SplitBackward0");
        Should.Throw<AutogradException>(() => x.Split([1, 3])[0].MulInPlace(2)).Message.ShouldContain("SplitWithSizesBackward0");
        x.TensorSplit(2)[0].MulInPlace(2);
        x.ToArray<float>().ShouldBe([2, 2, 1, 1]);
    }
}
