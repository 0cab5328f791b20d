namespace Adjoint.Tests.Differentiation;

/// <summary>Hooks and RetainGrad: behaviours of section 7.</summary>
public class HookTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Fact] // 7.1, 7.2
    public void RetainGrad_keeps_and_accumulates()
    {
        Tensor x = Leaf(3), y = x * x, z = y * 2.0;
        y.RetainGrad();
        y.RetainGrad();
        y.RetainsGrad.ShouldBeTrue();
        z.Backward(retainGraph: true);
        z.Backward();
        Of(y.Grad).ShouldBe([4]);
        x.RetainGrad();
        x.RetainsGrad.ShouldBeFalse();
        Should.Throw<AutogradException>(() => Tensor.Scalar(1).RetainGrad());
    }

    [Fact] // 7.6, 7.7, 7.8
    public void Tensor_hooks_see_the_whole_gradient_and_may_replace_it_in_order()
    {
        Tensor x = Leaf(2), y = x * 3.0;
        var seen = new List<double>();
        y.RegisterHook(g => { seen.Add(g.Item<double>()); });
        y.RegisterHook(g => g * 2.0);
        y.RegisterHook(g => { seen.Add(g.Item<double>()); return null; });
        (y + y).Backward();
        seen.ShouldBe([2, 4]);
        Of(x.Grad).ShouldBe([12]);
    }

    [Fact] // 7.9, 7.10
    public void Hooks_come_off()
    {
        Tensor x = Leaf(2), y = x * 3.0;
        HookHandle handle = y.RegisterHook(g => g * 0.0);
        handle.Remove();
        handle.Remove();
        y.Backward();
        Of(x.Grad).ShouldBe([3]);
        Should.Throw<AutogradException>(() => Tensor.Scalar(1).RegisterHook(_ => null));
    }

    [Fact] // 7.11, 7.12
    public void A_hook_may_not_change_shape_or_dtype()
    {
        Tensor x = Leaf(1, 2), y = x * 3.0, z = x * 4.0;
        y.RegisterHook(g => g.Sum());
        Should.Throw<ShapeException>(() => y.Sum().Backward());
        z.RegisterHook(g => g.To(DType.Float32));
        Should.Throw<DTypeException>(() => z.Sum().Backward());
    }

    [Fact] // 7.16, 7.17
    public void Leaf_hooks_run_before_accumulation_in_the_mode_of_the_pass()
    {
        Tensor x = Leaf(2);
        x.Grad = Tensor.From([100.0]);
        double before = 0;
        bool mode = true;
        x.RegisterHook(g => { before = x.Grad!.Item<double>(); mode = Autograd.IsGradEnabled; return g * 2.0; });
        (x * 3.0).Backward();
        before.ShouldBe(100);
        mode.ShouldBeFalse();
        Of(x.Grad).ShouldBe([106]);
        (x * 3.0).Backward(createGraph: true);
        mode.ShouldBeTrue();
    }

    [Fact] // 7.19, 7.20, 7.22
    public void Node_hooks_before_and_after()
    {
        Tensor x = Leaf(2), y = x * x;
        y.GradFn!.RegisterPreHook(gs => [gs[0]! * 10.0]);
        y.GradFn!.RegisterPreHook(_ => null);
        y.GradFn!.RegisterHook((inputs, outputs) =>
        {
            outputs[0]!.Item<double>().ShouldBe(10);
            inputs.Length.ShouldBe(2);
            return [inputs[0], inputs[1]! * 0.0];
        });
        y.Backward();
        Of(x.Grad).ShouldBe([20]);

        Tensor z = x * x;
        z.GradFn!.RegisterHook((inputs, _) => [inputs[0]]);
        Should.Throw<AutogradException>(() => z.Backward()).Message.ShouldContain("expected");
    }

    [Fact] // 7.24, 7.29, 7.30
    public void Hooks_after_accumulation()
    {
        Tensor x = Leaf(2), y = x * x;
        double seen = 0;
        x.RegisterPostAccumulateGradHook(leaf =>
        {
            seen = leaf.Grad!.Item<double>();
            using (Autograd.NoGrad()) leaf.SubInPlace(leaf.Grad!);
            leaf.Grad = null;
        });
        y.Backward();
        seen.ShouldBe(4);
        Of(x.Detach()).ShouldBe([-2]);
        x.Grad.ShouldBeNull();
        Should.Throw<AutogradException>(() => y.RegisterPostAccumulateGradHook(_ => { }));
        Autograd.Grad([x * x], [x]);
        seen.ShouldBe(4);
    }

    [Fact] // 7.26
    public void Tensor_hooks_run_before_RetainGrad_before_pre_hooks()
    {
        Tensor x = Leaf(2), y = x * 3.0;
        y.RetainGrad();
        y.GradFn!.RegisterPreHook(gs => [gs[0]! * 100.0]);
        y.RegisterHook(g => g * 2.0);
        y.Backward();
        Of(y.Grad).ShouldBe([2]);
        Of(x.Grad).ShouldBe([600]);
    }

    [Fact] // 7.32, 7.33
    public void Saved_tensor_hooks_pack_and_unpack()
    {
        Tensor x = Leaf(3), y;
        int packed = 0, unpacked = 0, outer = 0;
        using (Autograd.SavedTensorsHooks(t => { outer++; return t; }, t => (Tensor)t))
        using (Autograd.SavedTensorsHooks(
            t => { packed++; return t.ToArray<double>(); }, o => { unpacked++; return Tensor.From((double[])o); }))
            y = x * x;
        (packed, unpacked, outer).ShouldBe((2, 0, 0));
        y.Backward();
        unpacked.ShouldBeGreaterThanOrEqualTo(2);
        Of(x.Grad).ShouldBe([6]);
    }

    [Fact]
    public void Packed_tensors_keep_their_place_in_the_graph()
    {
        Tensor x = Leaf(0.5), y;
        using (Autograd.SavedTensorsHooks(t => t.ToArray<double>(), o => Tensor.From((double[])o)))
            y = (x * x).Exp();
        Tensor g = Autograd.Grad([y], [x], createGraph: true)[0]!;
        Tensor h = Autograd.Grad([g], [x])[0]!;
        h.Item<double>().ShouldBe((2 + 4 * 0.25) * Math.Exp(0.25), 1e-12);
    }
}
