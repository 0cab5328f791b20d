namespace Adjoint.Tests.Differentiation;

/// <summary>Changes in place, versions and views: behaviours of section 5.</summary>
public class InPlaceTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static Tensor Matrix(bool requiresGrad = true) => Tensor.From([1.0, 2, 3, 4], [2, 2], requiresGrad);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 5.1, 5.2
    public void Each_change_counts_one()
    {
        Tensor x = Tensor.Zeros(2, 2);
        x.Version.ShouldBe(0);
        x.AddInPlace(1.0).AddInPlace(1.0);
        x.Version.ShouldBe(2);
        _ = x + 1.0;
        x.ZeroInPlace();
        x.FillInPlace(3);
        x.CopyInPlace(Tensor.Ones(2, 2));
        x.Version.ShouldBe(5);
    }

    [Fact] // 5.3, 5.4
    public void Views_and_detached_aliases_share_the_count()
    {
        Tensor x = Tensor.Zeros(2, 2), v = x.Select(0, 0).View(2, 1);
        v.AddInPlace(1.0);
        x.Version.ShouldBe(1);
        x.Detach().AddInPlace(1.0);
        v.Version.ShouldBe(2);
    }

    [Fact] // 5.7, 5.8
    public void Changed_saved_tensor_is_found_at_backward_with_names_and_versions()
    {
        Tensor x = Leaf(1, 2, 3), y = x + 1.0, z = y * y;
        y.AddInPlace(1.0);
        VersionException error = Should.Throw<VersionException>(() => z.Sum().Backward());
        error.Message.ShouldContain("MulBackward0");
        error.Message.ShouldContain("AddBackward0");
        error.Message.ShouldContain("version 1");
        error.Message.ShouldContain("version 0");
        Tensor a = Leaf(1), b = a * 2.0, c = b + 1.0;
        b.AddInPlace(1.0);
        c.Backward();
    }

    [Fact] // 5.8
    public void An_operand_that_no_slope_reads_may_change()
    {
        Tensor w = Leaf(2), x = Tensor.From([3.0]);
        Tensor y = w * x;
        w.Detach().MulInPlace(5.0);
        y.Backward();
        Of(w.Grad).ShouldBe([3]);
    }

    [Fact] // 5.11, 5.12, 5.13
    public void Leaves_that_require_grad_change_only_under_NoGrad()
    {
        Tensor x = Matrix();
        Should.Throw<AutogradException>(() => x.AddInPlace(1.0)).Message.ShouldContain("leaf");
        Should.Throw<AutogradException>(() => x.Select(0, 0).AddInPlace(1.0)).Message.ShouldContain("view of a leaf");
        x.Version.ShouldBe(0);
        using (Autograd.NoGrad()) x.AddInPlace(1.0);
        x.IsLeaf.ShouldBeTrue();
        x.RequiresGrad.ShouldBeTrue();
        x.GradFn.ShouldBeNull();
        x.Version.ShouldBe(1);
    }

    [Fact] // 5.14, 5.15
    public void Changes_of_a_leaf_between_forward_and_backward_are_found()
    {
        Tensor x = Leaf(1, 2), y = (x * x).Sum(), z = (x * x).Sum();
        using (Autograd.NoGrad()) x.AddInPlace(1.0);
        Should.Throw<VersionException>(() => y.Backward());
        x.Detach().AddInPlace(1.0);
        Should.Throw<VersionException>(() => z.Backward());
    }

    [Fact] // 5.16
    public void In_place_becomes_the_newest_history()
    {
        Tensor x = Leaf(3), y = x * 2.0;
        Node old = y.GradFn!;
        y.MulInPlace(y.Detach().Clone());
        y.GradFn!.Name.ShouldBe("MulBackward0");
        y.GradFn!.NextFunctions[0].Node.ShouldBeSameAs(old);
        y.Backward();
        Of(x.Grad).ShouldBe([12]);
    }

    [Fact] // 5.17
    public void A_plain_tensor_may_change_until_it_requires_grad()
    {
        Tensor x = Tensor.Zeros(2, 2), v = x.Select(0, 0);
        x.AddInPlace(1.0);
        x.RequiresGradInPlace();
        Should.Throw<AutogradException>(() => x.AddInPlace(1.0));
        Should.Throw<AutogradException>(() => v.AddInPlace(1.0));
    }

    [Fact] // 5.18, 5.19
    public void A_changed_view_goes_through_CopySlices()
    {
        Tensor leaf = Matrix(), x = leaf.Clone(), v = x.Select(0, 0);
        v.MulInPlace(2.0);
        x.GradFn!.Name.ShouldBe("CopySlices");
        v.GradFn!.Name.ShouldBe("AsStridedBackward0");
        x.Sum().Backward(retainGraph: true);
        Of(leaf.Grad).ShouldBe([2, 2, 1, 1]);
        leaf.Grad = null;
        v.Sum().Backward();
        Of(leaf.Grad).ShouldBe([2, 2, 0, 0]);
    }

    [Fact] // 5.20
    public void Earlier_views_see_a_change_of_the_base()
    {
        Tensor leaf = Matrix(), x = leaf.Clone(), v = x.Select(0, 1);
        Node before = v.GradFn!;
        x.MulInPlace(3.0);
        v.GradFn.ShouldNotBeSameAs(before);
        v.Sum().Backward();
        Of(leaf.Grad).ShouldBe([0, 0, 3, 3]);
    }

    [Fact] // 5.21, 5.22
    public void Overlapping_views_and_views_of_views()
    {
        Tensor leaf = Matrix(), x = leaf.Clone(), row = x.Select(0, 0), column = x.Select(1, 0);
        row.MulInPlace(5.0);
        column.Sum().Backward();
        Of(leaf.Grad).ShouldBe([5, 0, 1, 0]);

        Tensor other = Matrix(), y = other.Clone();
        y.Select(0, 0).Select(0, 1).MulInPlace(2.0);
        y.Sum().Backward();
        Of(other.Grad).ShouldBe([1, 2, 1, 1]);
    }

    [Fact] // 5.23
    public void Also_where_the_base_is_not_contiguous()
    {
        Tensor w = Leaf(7), x = Matrix(requiresGrad: false).T.Detach();
        x.IsContiguous.ShouldBeFalse();
        x.Select(0, 1).MulInPlace(w);
        x.Sum().Backward();
        Of(w.Grad).ShouldBe([2 + 4]);
    }

    [Fact] // 5.24
    public void A_change_with_an_operand_that_requires_grad_makes_the_base_require_it()
    {
        Tensor w = Leaf(3), b = Tensor.From([1.0, 2, 3]);
        b.Narrow(0, 1, 2).MulInPlace(w);
        b.RequiresGrad.ShouldBeTrue();
        b.Sum().Backward();
        Of(w.Grad).ShouldBe([5]);
    }

    [Fact] // 5.27
    public void Views_know_their_base()
    {
        Tensor x = Matrix();
        x.Select(0, 0).IsView.ShouldBeTrue();
        x.Select(0, 0).Select(0, 0).Base.ShouldBeSameAs(x);
        x.Detach().IsView.ShouldBeFalse();
        using (Autograd.NoGrad()) x.Select(0, 0).IsView.ShouldBeTrue();
    }

    [Fact] // 5.28
    public void Outputs_of_Unbind_Split_and_Chunk_cannot_change()
    {
        Tensor x = Matrix() * 1.0;
        Should.Throw<AutogradException>(() => x.Unbind(0)[0].AddInPlace(1.0)).Message.ShouldContain("several views");
        Should.Throw<AutogradException>(() => x.Split(1)[0].AddInPlace(1.0));
        Should.Throw<AutogradException>(() => x.Chunk(2)[1].AddInPlace(1.0));
    }

    [Fact] // 5.31, 5.32
    public void Views_made_under_NoGrad_cannot_change_outside()
    {
        Tensor x = Matrix() * 1.0, v;
        using (Autograd.NoGrad()) v = x.Select(0, 0);
        Should.Throw<AutogradException>(() => v.MulInPlace(2.0)).Message.ShouldContain("NoGrad");
        using (Autograd.NoGrad()) v.MulInPlace(2.0);
        Tensor plain = Tensor.Zeros(2, 2), u;
        using (Autograd.NoGrad()) u = plain.Select(0, 0);
        u.AddInPlace(1.0);
    }

    [Fact] // 5.34, 5.35, 5.36
    public void What_cannot_be_stored_is_refused()
    {
        Should.Throw<ShapeException>(() => Tensor.Zeros(1).Expand(3).AddInPlace(1.0)).Message.ShouldContain("Clone()");
        Should.Throw<ShapeException>(() => Tensor.Zeros(2).AddInPlace(Tensor.Zeros(3, 2)));
        Tensor whole = Tensor.Zeros([2], DType.Int64);
        Should.Throw<DTypeException>(() => whole.AddInPlace(0.5));
        Should.Throw<DTypeException>(() => whole.DivInPlace(2.0));
        whole.Version.ShouldBe(0);
    }

    [Fact] // 5.41, 5.42
    public void Copy_and_fill_cut_the_old_history()
    {
        Tensor x = Leaf(1, 2), y = x * 3.0, source = Tensor.From([4f], requiresGrad: true);
        y.CopyInPlace(source);
        y.Sum().Backward();
        Of(x.Grad).ShouldBe([0, 0]);
        source.Grad!.ToArray<float>().ShouldBe([2f]);
        Tensor u = Leaf(1, 2), v = u * 3.0;
        v.ZeroInPlace();
        v.GradFn.ShouldNotBeNull();
        v.Sum().Backward();
        Of(u.Grad).ShouldBe([0, 0]);
    }

    [Fact] // 5.51
    public void Views_that_no_layout_allows()
    {
        Tensor t = Tensor.Arange(6).View(2, 3).T;
        Should.Throw<ShapeException>(() => t.View(6)).Message.ShouldContain("Reshape");
        Should.Throw<ShapeException>(() => Tensor.Arange(6).View(5));
        Should.Throw<ShapeException>(() => Tensor.Arange(6).View(-1, -1));
        t.Reshape(6).ToArray<long>().ShouldBe([0, 3, 1, 4, 2, 5]);
    }

    [Fact] // 5.56
    public void Unused_outputs_of_a_split_count_as_zeros()
    {
        Tensor x = Leaf(1, 2, 3, 4);
        (x.Split(2)[1] * 5.0).Sum().Backward();
        Of(x.Grad).ShouldBe([0, 0, 5, 5]);
    }

    [Fact] // 5.53, 5.57
    public void Hand_made_updates_under_NoGrad()
    {
        Tensor w = Leaf(1, 2);
        for (int step = 0; step < 3; step++)
        {
            (w * w).Sum().Backward();
            using (Autograd.NoGrad()) w.SubInPlace(w.Grad! * 0.25);
            w.Grad = null;
        }
        Of(w.Detach()).ShouldBe([0.125, 0.25]);
        w.IsLeaf.ShouldBeTrue();
    }

    /// <summary>As in PyTorch: of what a slope does not read nothing is kept, so it may be changed.</summary>
    [Fact]
    public void What_no_gradient_reads_may_be_changed()
    {
        Tensor c = Tensor.From([2.0, 3.0]);
        foreach (
            Func<Tensor, Tensor> f in (Func<Tensor, Tensor>[])[x => x.Remainder(c), x => x.Fmod(c), x => x * c, x => x / c, x => x + c])
        {
            Tensor x = Tensor.From([5.0, 7.0], requiresGrad: true), h = x * 1.0, y = f(h);
            h.MulInPlace(2);
            Should.NotThrow(() => y.Sum().Backward());
        }
        foreach (Func<Tensor, Tensor> f in (Func<Tensor, Tensor>[])[x => x.Pow(c), x => x.Remainder(c), x => x.Atan2(c)])
        {
            Tensor x = Tensor.From([5.0, 7.0], requiresGrad: true), y = f(x), z = y * 1.0;
            y.MulInPlace(2);
            Should.NotThrow(() => z.Sum().Backward());
        }
    }
}
