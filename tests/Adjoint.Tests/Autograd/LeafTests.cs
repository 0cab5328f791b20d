using Adjoint.Nn;

namespace Adjoint.Tests.Differentiation;

/// <summary>Leaves, flags and dtypes: behaviours of section 1.</summary>
public class LeafTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact] // 1.1
    public void Data_gives_a_plain_leaf()
    {
        Tensor x = Tensor.From([1f, 2f]);
        x.RequiresGrad.ShouldBeFalse();
        x.IsLeaf.ShouldBeTrue();
        x.GradFn.ShouldBeNull();
        x.Grad.ShouldBeNull();
    }

    [Fact] // 1.2
    public void RequiresGrad_at_creation_gives_a_leaf_without_grad()
    {
        Tensor x = Leaf(1, 2);
        x.RequiresGrad.ShouldBeTrue();
        x.IsLeaf.ShouldBeTrue();
        x.GradFn.ShouldBeNull();
        x.Grad.ShouldBeNull();
    }

    [Fact] // 1.3
    public void Result_of_an_input_that_requires_grad_is_recorded()
    {
        Tensor y = Leaf(1) + Tensor.From([2.0]);
        y.RequiresGrad.ShouldBeTrue();
        y.IsLeaf.ShouldBeFalse();
        y.GradFn!.Name.ShouldBe("AddBackward0");
    }

    [Fact] // 1.4
    public void Result_without_inputs_that_require_grad_is_a_leaf()
    {
        Tensor y = Tensor.From([1.0]) * 2.0;
        y.RequiresGrad.ShouldBeFalse();
        y.IsLeaf.ShouldBeTrue();
    }

    [Fact] // 1.5, 1.6
    public void Integers_cannot_require_grad()
    {
        Should.Throw<DTypeException>(() => Tensor.From([1, 2], requiresGrad: true)).Message.ShouldContain("floating point");
        Should.Throw<DTypeException>(() => Tensor.Zeros([2], DType.Int64).RequiresGradInPlace());
        Should.Throw<DTypeException>(() => Tensor.Zeros([2], DType.Bool, requiresGrad: true));
    }

    [Fact] // 1.8
    public void RequiresGradInPlace_returns_the_same_object()
    {
        Tensor x = Tensor.Zeros(2);
        x.RequiresGradInPlace().ShouldBeSameAs(x);
        x.RequiresGrad.ShouldBeTrue();
        x.RequiresGradInPlace(false).RequiresGrad.ShouldBeFalse();
    }

    [Fact] // 1.9
    public void Flag_of_a_computed_tensor_cannot_be_cleared() =>
        Should.Throw<AutogradException>(() => (Leaf(1) * 2.0).RequiresGrad = false).Message.ShouldContain("Detach()");

    [Fact] // 1.11
    public void Detach_shares_storage_and_has_no_history()
    {
        Tensor y = Leaf(1, 2) * 2.0;
        Tensor d = y.Detach();
        d.ShouldNotBeSameAs(y);
        d.SharesStorageWith(y).ShouldBeTrue();
        d.RequiresGrad.ShouldBeFalse();
        d.IsLeaf.ShouldBeTrue();
        d.GradFn.ShouldBeNull();
    }

    [Fact] // 1.12, 1.13
    public void Clone_has_its_own_storage_and_passes_the_gradient()
    {
        Tensor x = Leaf(1, 2);
        Tensor c = x.Clone();
        c.SharesStorageWith(x).ShouldBeFalse();
        c.GradFn!.Name.ShouldBe("CloneBackward0");
        (c * 3.0).Sum().Backward();
        x.Grad!.ToArray<double>().ShouldBe([3, 3]);
        x.Detach().Clone().RequiresGrad.ShouldBeFalse();
        x.Clone().Detach().IsLeaf.ShouldBeTrue();
    }

    [Fact] // 1.15, 1.16, 1.19
    public void Assigned_grad_must_fit()
    {
        Tensor x = Leaf(1, 2);
        Should.Throw<ShapeException>(() => x.Grad = Tensor.Zeros([3], DType.Float64));
        Should.Throw<DTypeException>(() => x.Grad = Tensor.Zeros([2], DType.Float32));
        x.Grad = Tensor.Ones([2], DType.Float64);
        x.Grad = null;
        x.Grad.ShouldBeNull();
        Tensor plain = Tensor.Zeros(2);
        plain.Grad = Tensor.Ones(2);
        plain.Grad.ShouldNotBeNull();
    }

    [Fact] // 1.20
    public void Comparisons_never_require_grad()
    {
        Tensor x = Leaf(1, 2);
        (x > 1.5 * x).RequiresGrad.ShouldBeFalse();
        x.Eq(x).DType.ShouldBe(DType.Bool);
    }

    [Fact] // 1.25, 1.26, 1.27
    public void Casts_pass_gradients_in_the_source_dtype_or_cut()
    {
        Tensor x = Tensor.From([1f, 2f], requiresGrad: true);
        Tensor y = x.To(DType.Float64);
        y.GradFn!.Name.ShouldBe("ToCopyBackward0");
        y.Sum().Backward();
        x.Grad!.DType.ShouldBe(DType.Float32);
        x.To(DType.Int64).RequiresGrad.ShouldBeFalse();
        x.To(DType.Float32).ShouldBeSameAs(x);
    }

    [Fact] // 1.28
    public void Contiguous_copies_only_when_needed()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4], [2, 2], requiresGrad: true);
        x.Contiguous().ShouldBeSameAs(x);
        Tensor t = x.Transpose(0, 1).Contiguous();
        t.IsContiguous.ShouldBeTrue();
        t.RequiresGrad.ShouldBeTrue();
        t.SharesStorageWith(x).ShouldBeFalse();
    }

    [Fact] // 1.29
    public void Spans_of_tensors_that_require_grad_are_refused_outside_NoGrad()
    {
        Tensor x = Leaf(1, 2);
        Should.Throw<AutogradException>(() => { x.AsSpan<double>(); }).Message.ShouldContain("Detach()");
        using (Autograd.NoGrad()) x.AsSpan<double>()[0].ShouldBe(1);
        x.Detach().AsSpan<double>()[1].ShouldBe(2);
    }

    [Fact] // 1.30, 1.31, 1.32
    public void Numbers_are_read_from_one_element_only()
    {
        Leaf(4).Item<double>().ShouldBe(4);
        Should.Throw<ShapeException>(() => Leaf(1, 2).Item<double>());
        Should.Throw<ShapeException>(() => (bool)Leaf(1, 2));
        Should.Throw<ShapeException>(() => (bool)Tensor.Zeros(0));
        ((bool)Tensor.From([1f], [1, 1])).ShouldBeTrue();
    }

    [Fact] // 1.35
    public void Views_of_leaves_are_not_leaves()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4], [2, 2], requiresGrad: true);
        x.Select(0, 0).IsLeaf.ShouldBeFalse();
        x.T.IsLeaf.ShouldBeFalse();
        x.View(4).GradFn!.Name.ShouldBe("ViewBackward0");
    }

    [Fact] // 1.36, 1.47
    public void Leaf_made_under_NoGrad_may_require_grad_later_but_not_in_old_graphs()
    {
        Tensor w = Leaf(2), y;
        using (Autograd.NoGrad()) y = w * 3.0;
        Tensor z = y * w;
        y.RequiresGradInPlace();
        z.Backward(Tensor.From([1.0]));
        y.Grad.ShouldBeNull();
        w.Grad!.Item<double>().ShouldBe(6);
    }

    [Fact] // 1.37
    public void In_place_with_an_operand_that_requires_grad_records()
    {
        Tensor x = Tensor.From([1.0, 2]);
        x.AddInPlace(Leaf(1, 1));
        x.RequiresGrad.ShouldBeTrue();
        x.GradFn!.Name.ShouldBe("AddBackward0");
    }

    [Fact] // 1.38
    public void Like_factories_do_not_inherit_the_flag()
    {
        Leaf(1).OnesLike().RequiresGrad.ShouldBeFalse();
        Leaf(1).ZerosLike().RequiresGrad.ShouldBeFalse();
    }

    [Fact] // 1.41
    public void Numbers_do_not_raise_float32()
    {
        (Tensor.Zeros(2) * 2.0).DType.ShouldBe(DType.Float32);
        Tensor.Scalar(2.5).DType.ShouldBe(DType.Float32);
        (Tensor.From([1, 2]) * 2.5).DType.ShouldBe(DType.Float32);
    }

    [Fact] // 1.43
    public void DetachInPlace_makes_a_leaf_and_leaves_recorded_users_alone()
    {
        Tensor x = Leaf(2);
        Tensor y = x * x, z = y * y;
        y.DetachInPlace();
        y.IsLeaf.ShouldBeTrue();
        y.RequiresGrad.ShouldBeFalse();
        z.Backward();
        x.Grad!.Item<double>().ShouldBe(32);
    }

    [Fact] // 1.48
    public void Unreachable_leaf_keeps_a_null_grad()
    {
        Tensor a = Leaf(1), b = Leaf(1);
        (a * 2.0).Backward();
        b.Grad.ShouldBeNull();
    }

    public static TheoryData<string, Func<Tensor, (Tensor Values, Tensor Indices)>, double[]> Selections => new()
    {
        { "max", x => x.Max(0), [1, 0, 0] },
        { "min", x => x.Min(0), [0, 1, 0] },
        { "sort", x => x.Sort(), [1, 1, 1] },
        { "topk", x => x.TopK(2), [1, 0, 1] },
        { "median", x => x.Median(0), [0, 0, 1] },
        { "kthvalue", x => x.KthValue(2), [0, 0, 1] },
        { "mode", x => x.Mode(), [0, 1, 0] },
        { "cummax", x => x.CumMax(0), [3, 0, 0] },
    };

    [Theory] // 1.20, 1.21
    [MemberData(nameof(Selections))]
    public void Values_that_were_selected_require_grad_and_their_indices_do_not(
        string name, Func<Tensor, (Tensor Values, Tensor Indices)> select, double[] gradient)
    {
        Tensor x = Leaf(3, 1, 2);
        (Tensor values, Tensor indices) = select(x);
        values.RequiresGrad.ShouldBeTrue();
        indices.RequiresGrad.ShouldBeFalse();
        indices.DType.ShouldBe(DType.Int64);
        values.Sum().Backward();
        x.Grad!.ToArray<double>().ShouldBe(gradient, name);
    }

    [Fact] // 1.24
    public void Remainders_pass_the_gradient_and_the_quotient()
    {
        Tensor a = Leaf(5.5, -5.5), b = Leaf(2, 2);
        Tensor?[] ofRemainder = Autograd.Grad([a.Remainder(b).Sum()], [a, b]), ofFmod = Autograd.Grad([a.Fmod(b).Sum()], [a, b]);
        ofRemainder[0]!.ToArray<double>().ShouldBe([1, 1]);
        ofRemainder[1]!.ToArray<double>().ShouldBe([-2, 3]);
        ofFmod[0]!.ToArray<double>().ShouldBe([1, 1]);
        ofFmod[1]!.ToArray<double>().ShouldBe([-2, 2]);
    }

    [Fact] // 1.33, 1.34
    public void A_deep_copy_of_a_leaf_has_its_own_grad()
    {
        Tensor x = Leaf(1, 2);
        (x * x).Sum().Backward();
        Tensor copy = x.DeepCopy();
        copy.RequiresGrad.ShouldBeTrue();
        copy.IsLeaf.ShouldBeTrue();
        copy.SharesStorageWith(x).ShouldBeFalse();
        copy.Grad!.ToArray<double>().ShouldBe([2, 4]);
        copy.Grad!.SharesStorageWith(x.Grad!).ShouldBeFalse();
        (copy * 1.0).Sum().Backward();
        x.Grad!.ToArray<double>().ShouldBe([2, 4]);
        Should.Throw<AutogradException>(() => (x * 2.0).DeepCopy()).Message.ShouldContain("MulBackward0");
    }

    [Fact] // 1.39, 1.40
    public void A_parameter_is_a_leaf_over_the_same_memory_even_if_it_was_computed()
    {
        Tensor computed = Leaf(1, 2) * 2.0, p = computed.AsParameter();
        p.IsLeaf.ShouldBeTrue();
        p.RequiresGrad.ShouldBeTrue();
        p.GradFn.ShouldBeNull();
        p.SharesStorageWith(computed).ShouldBeTrue();
        Should.Throw<DTypeException>(() => Tensor.From([1, 2]).AsParameter());
        Tensor.From([1, 2]).AsParameter(requiresGrad: false).IsParameter.ShouldBeTrue();
    }
}
