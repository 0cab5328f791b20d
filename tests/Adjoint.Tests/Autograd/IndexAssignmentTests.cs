namespace Adjoint.Tests.Differentiation;

/// <summary>Assignment through the indexer: behaviours of section 5.</summary>
public class IndexAssignmentTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 5.38, 5.40
    public void Assignment_by_index_gives_the_gradient_to_the_value()
    {
        Tensor x = Leaf(1, 2, 3), w = Leaf(5), y = x * 2.0;
        y[1] = w[0];
        (y * Tensor.From([1.0, 10, 100])).Sum().Backward();
        Of(x.Grad).ShouldBe([2, 0, 200]);
        Of(w.Grad).ShouldBe([10]);

        Tensor z = Tensor.Zeros([2], DType.Float64), v = Leaf(4);
        z[0] = v[0];
        z[1] = v[0] * 2.0;
        z.RequiresGrad.ShouldBeTrue();
        z.Sum().Backward();
        Of(v.Grad).ShouldBe([3]);
    }

    [Fact] // 5.39
    public void Assignment_by_mask_and_indices()
    {
        Tensor x = Leaf(1, 2, 3), y = x * 2.0;
        y[Tensor.From([true, false, true])] = 0f;
        y.Sum().Backward();
        Of(x.Grad).ShouldBe([0, 2, 0]);
        Tensor a = Leaf(1, 2, 3), b = a * 2.0;
        b[Tensor.From([0L, 2L])] = Tensor.From([7.0, 8.0]);
        Of(b.Detach()).ShouldBe([7, 4, 8]);
        b.Sum().Backward();
        Of(a.Grad).ShouldBe([0, 2, 0]);
    }

    [Fact] // 5.2, 5.53
    public void Assignment_counts_one_and_keeps_a_leaf_a_leaf_under_NoGrad()
    {
        Tensor w = Leaf(1, 2);
        using (Autograd.NoGrad()) w[0] = Tensor.Scalar(9, DType.Float64);
        w.IsLeaf.ShouldBeTrue();
        w.RequiresGrad.ShouldBeTrue();
        w.Version.ShouldBe(1);
        Of(w.Detach()).ShouldBe([9, 2]);
    }

    [Fact] // 5.55
    public void Reading_by_index_saves_no_values()
    {
        Tensor x = Leaf(1, 2, 3), t = x * 2.0, mask = Tensor.From([true, false, true]);
        t[mask] = t[mask];
        t.Sum().Backward();
        Of(x.Grad).ShouldBe([2, 2, 2]);
    }
}
