namespace Adjoint.Tests.Differentiation;

/// <summary>Views whose history cannot be made anew, inference tensors and their views: every wrong use says so.</summary>
public class FixedViewTests
{
    private sealed class TimesFive : Function
    {
        protected override Tensor Forward(Tensor x) => x;

        protected override Tensor? Backward(Tensor g) => g * 5;
    }

    private sealed class Twice : Function
    {
        protected override IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> x)
        {
            x[0].AddInPlace(x[1]);
            MarkDirty(x[0]);
            return [x[0], x[1] * 2];
        }

        protected override IReadOnlyList<Tensor?> Backward(IReadOnlyList<Tensor?> g) => g;
    }

    private sealed class Whole : Function
    {
        protected override Tensor Forward(Tensor x) => x * 1;

        protected override Tensor? Backward(Tensor g) => g.To(DType.Int64);
    }

    private static Tensor Leaf => Tensor.From([1.0, 2], requiresGrad: true);

    /// <summary>The history of a part of the base would forget the function's own backward.</summary>
    [Fact] // 8.29
    public void A_view_from_a_custom_function_is_unusable_when_its_base_was_changed()
    {
        Tensor x = Leaf, h = x * 2, y = new TimesFive().Apply(h);
        h.MulInPlace(3);
        y.RequiresGrad.ShouldBeTrue();
        Should.Throw<AutogradException>(() => y.Sum()).Message.ShouldContain("custom function TimesFiveBackward");
        Should.Throw<AutogradException>(() => y.GradFn);
        y.ToArray<double>().ShouldBe([6, 12]);
        h.Sum().Backward();
        x.Grad!.ToArray<double>().ShouldBe([6, 6]);
    }

    [Fact] // 5.31
    public void A_view_made_without_grad_is_unusable_when_its_base_was_changed()
    {
        Tensor x = Leaf, y = x * 1, view;
        using (Autograd.NoGrad()) view = y[..1];
        y.MulInPlace(2);
        Should.Throw<AutogradException>(() => view * 2).Message.ShouldContain("Take the view after the change");
        using (Autograd.NoGrad()) (view * 2).Item<double>().ShouldBe(4);
        view.Detach().Item<double>().ShouldBe(2);
        view.ToString().ShouldBe("tensor([2.], dtype=torch.float64, grad_fn=<Invalid>)");
    }

    [Fact] // 5.31
    public void So_is_one_that_was_changed_without_grad_itself()
    {
        Tensor y = Leaf * 1, view;
        using (Autograd.NoGrad())
        {
            view = y[..1];
            view.MulInPlace(3);
            view.AddInPlace(view);
            (view * 2).Item<double>().ShouldBe(12);
        }
        Should.Throw<AutogradException>(() => view.GradFn).Message.ShouldContain("NoGrad()");
        y.ToArray<double>().ShouldBe([6, 2]);
    }

    [Fact] // 8.26
    public void A_function_with_several_outputs_cannot_change_a_view()
    {
        Tensor whole = Tensor.From([1.0, 2, 3]);
        Should.Throw<AutogradException>(() => new Twice().Apply(whole[..2], Leaf)).Message.ShouldContain("more than one output");
    }

    [Fact] // 6.15
    public void Views_are_inference_tensors_when_what_they_show_is()
    {
        Tensor x = Leaf, normal, inference;
        using (Autograd.InferenceMode())
        {
            normal = x[..1];
            inference = Tensor.From([1.0, 2]);
        }
        (normal.IsInference, normal.IsView, normal.RequiresGrad).ShouldBe((false, true, true));
        (normal * 2).GradFn!.Name.ShouldBe("MulBackward0");
        foreach (Tensor view in new[] { inference[..1], inference.Detach(), inference.View(2, 1) })
        {
            view.IsInference.ShouldBeTrue();
            Should.Throw<AutogradException>(() => view.AddInPlace(1));
        }
        inference.Clone().IsInference.ShouldBeFalse();
    }

    [Fact] // 6.23
    public void A_change_through_a_detached_alias_in_inference_mode_is_noticed()
    {
        Tensor x = Leaf, y = x * x;
        using (Autograd.InferenceMode()) x.Detach().AddInPlace(1);
        Should.Throw<VersionException>(() => y.Sum().Backward());
    }

    [Fact] // 6.14
    public void Enabling_grad_does_not_end_inference_mode()
    {
        using (Autograd.InferenceMode())
        {
            using (Autograd.EnableGrad()) (Leaf * 2).RequiresGrad.ShouldBeFalse();
            using (Autograd.InferenceMode(false)) (Leaf * 2).RequiresGrad.ShouldBeTrue();
            Autograd.IsInferenceModeEnabled.ShouldBeTrue();
        }
        Tensor x = Leaf, y = (x * x).Sum();
        using (Autograd.InferenceMode())
        {
            y.Backward(createGraph: true);
            Autograd.IsGradEnabled.ShouldBeFalse();
        }
        x.Grad!.ToArray<double>().ShouldBe([2, 4]);
        (x.Grad.RequiresGrad, x.Grad.IsInference).ShouldBe((false, true));
        Autograd.IsGradEnabled.ShouldBeTrue();
    }

    [Fact] // 3.7, 8.8
    public void Gradients_of_integers_are_converted()
    {
        Tensor x = Leaf, y = Leaf;
        (x * 3).Backward(Tensor.From([1L, 2]));
        x.Grad!.ToArray<double>().ShouldBe([3, 6]);
        new Whole().Apply(y).Sum().Backward();
        y.Grad!.DType.ShouldBe(DType.Float64);
        y.Grad!.ToArray<double>().ShouldBe([1, 1]);
    }

    /// <summary>PyTorch adds in place whether or not the old gradient has a history.</summary>
    [Fact] // 3.26
    public void A_gradient_with_history_is_added_to_in_place_by_a_plain_pass()
    {
        Tensor x = Tensor.From([2.0], requiresGrad: true);
        (x * x * x).Sum().Backward(createGraph: true);
        Tensor first = x.Grad!;
        (x * x).Sum().Backward();
        x.Grad.ShouldBeSameAs(first);
        first.Item<double>().ShouldBe(16);
        first.RequiresGrad.ShouldBeTrue();
        Autograd.Grad(first.Sum(), x).Item<double>().ShouldBe(12);
    }

    [Fact] // 7.1
    public void A_retained_gradient_is_memory_of_its_own()
    {
        Tensor a = Leaf, b = Leaf, s = a + b;
        s.RetainGrad();
        s.Sum().Backward();
        s.Grad!.MulInPlace(5);
        s.Grad!.ToArray<double>().ShouldBe([5, 5]);
        a.Grad!.ToArray<double>().ShouldBe([1, 1]);
    }

    [Fact] // 7.32
    public void Pack_hooks_see_the_tensor_itself()
    {
        Tensor x = Leaf, seen = null!, y;
        using (Autograd.SavedTensorsHooks(t => seen = t, t => (Tensor)t)) y = x.Sin();
        seen.ShouldBeSameAs(x);
        y.Sum().Backward();
        x.Grad!.ToArray<double>()[0].ShouldBe(Math.Cos(1), 1e-15);
    }

    [Fact] // 13.1
    public void An_input_of_a_checkpoint_that_was_changed_since_is_noticed()
    {
        Tensor x = Leaf, h = x * 1, y = Autograd.Checkpoint(v => (v * v).Sin(), h);
        h.AddInPlace(1);
        Should.Throw<VersionException>(() => y.Sum().Backward()).Message.ShouldContain("input 0");
        x.Grad.ShouldBeNull();
    }
}
