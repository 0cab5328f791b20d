namespace Adjoint.Tests.Differentiation;

/// <summary>Views, changes in place, hooks, kept gradients and second derivatives, several at once. Numbers from PyTorch.</summary>
public class CombinationTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.Detach().ToArray<double>();

    private static Tensor Longs(params long[] values) => Tensor.From(values);

    private static Tensor First(Tensor y, Tensor x, bool createGraph = true) => Autograd.Grad(y, x, createGraph: createGraph);

    [Fact] // 0.2, 7.25
    public void Hooks_stay_with_the_history_they_were_registered_on()
    {
        var seen = new List<(string, double[])>();
        Tensor x = Leaf(1, 2, 3), b = x * 2.0, v = b[0..2];
        void Watch(Tensor t, string name) => t.RegisterHook(g => { seen.Add((name, Of(g))); });
        Watch(v, "view before");
        Watch(b, "base before");
        v.MulInPlace(3.0);
        Watch(v, "view after");
        Watch(b, "base after");
        (b.Sum() + v.Sum()).Backward();
        Of(x.Grad).ShouldBe([12, 12, 2]);
        seen.Select(s => s.Item1).ShouldBe(["view after", "base after", "base before"]);
        seen[0].Item2.ShouldBe([1, 1]);
        seen[1].Item2.ShouldBe([2, 2, 1]);
        seen[2].Item2.ShouldBe([6, 6, 1]);
    }

    [Fact]
    public void Second_derivatives_go_through_assignments_to_places()
    {
        Tensor x = Leaf(1, 2, 3), w = Leaf(2), y = x * x;
        y[1] = (w * x[0])[0];
        y[0..1].MulInPlace(w);
        Tensor g = First((y * y).Sum(), x);
        Of(g).ShouldBe([24, 0, 108]);
        Tensor?[] h = Autograd.Grad([(g * g).Sum()], [x, w]);
        Of(h[0]).ShouldBe([2688, 0, 23328]);
        Of(h[1]).ShouldBe([1152]);
    }

    [Fact]
    public void Second_derivatives_go_through_masks_and_lists_of_places()
    {
        Tensor x = Leaf(1, 2, 3), mask = Tensor.From([true, false, true]), y = x * x;
        y[mask] = y[mask] * x[1];
        y[Longs(0, 0)] = x[0..1] * 7.0;
        Tensor g = First((y * y).Sum(), x);
        Of(g).ShouldBe([196, 356, 432]);
        Of(First(g.Sum(), x)).ShouldBe([392, 642, 864]);
    }

    [Fact]
    public void Second_derivatives_go_through_copies_into_views()
    {
        Tensor x = Leaf(1, 2, 3, 4), v = Leaf(5), b = (x * x).View(2, 2);
        b[.., 0].CopyInPlace(v * v);
        Tensor?[] g = Autograd.Grad([b.Pow(3).Sum()], [x, v], createGraph: true);
        Of(g[0]).ShouldBe([0, 192, 0, 6144]);
        Of(g[1]).ShouldBe([37500]);
        Tensor?[] h = Autograd.Grad([g[0]!.Sum() + g[1]!.Sum()], [x, v]);
        Of(h[0]).ShouldBe([0, 480, 0, 7680]);
        Of(h[1]).ShouldBe([37500]);
    }

    [Fact]
    public void A_hook_that_changes_the_gradient_of_a_shared_node_is_differentiated_too()
    {
        Tensor x = Leaf(1.5), y = x * x;
        y.RegisterHook(g => g * g);
        Tensor first = First(y * y + y.Sin(), x);
        Of(first)[0].ShouldBe(44.973118487339875, 1e-12);
        Of(First(first, x))[0].ShouldBe(2447.367431433643, 1e-9);
    }

    [Fact]
    public void A_node_hook_changes_what_a_shared_node_sends_on()
    {
        Tensor x = Leaf(2), y = x * x;
        y.GradFn!.RegisterHook((inputs, _) => [inputs[0]! * 0.0, inputs[1]]);
        (y + y * y).Backward();
        Of(x.Grad).ShouldBe([18]);
    }

    [Fact]
    public void A_leaf_hook_runs_once_for_all_uses()
    {
        var seen = new List<double>();
        Tensor x = Leaf(2);
        x.RegisterHook(g => { seen.Add(g.Item<double>()); return g * 10.0; });
        (x * x + x).Backward();
        seen.ShouldBe([5]);
        Of(x.Grad).ShouldBe([50]);
    }

    [Fact]
    public void RetainGrad_follows_a_change_in_place()
    {
        Tensor x = Leaf(2), y = x * 1.0;
        y.RetainGrad();
        y.MulInPlace(3.0);
        (y * y).Backward();
        Of(x.Grad).ShouldBe([36]);
        Of(y.Grad).ShouldBe([12]);
    }

    [Fact]
    public void An_expanded_view_sees_a_change_of_its_base()
    {
        Tensor x = Leaf(1, 2), b = x * 1.0, e = b.Expand(3, 2);
        b.MulInPlace(2.0);
        e.GradFn!.Name.ShouldBe("AsStridedBackward0");
        Of(First(e.Sum(), x)).ShouldBe([6, 6]);
    }

    [Fact]
    public void A_change_under_NoGrad_leaves_the_history_of_values_alone()
    {
        Tensor x = Leaf(1, 2), b = x * 2.0, v = b[0..1];
        using (Autograd.NoGrad()) v.MulInPlace(5.0);
        Of(First(b.Sum() + v.Sum(), x)).ShouldBe([4, 2]);
        Of(b).ShouldBe([10, 4]);
    }

    [Fact]
    public void A_saved_value_changed_between_two_passes_is_noticed()
    {
        Tensor x = Leaf(2), y = x * 3.0, z = y * y;
        z.Backward(retainGraph: true);
        y.AddInPlace(1.0);
        Should.Throw<VersionException>(() => z.Backward());
    }

    [Fact]
    public void Outputs_of_one_node_without_gradient_call_no_hook()
    {
        Tensor x = Leaf(1, 2, 3);
        IReadOnlyList<Tensor> parts = x.Unbind();
        int calls = 0;
        parts[1].RegisterHook(_ => { calls++; });
        parts[0].Backward();
        Of(x.Grad).ShouldBe([1, 0, 0]);
        calls.ShouldBe(0);
    }

    [Fact]
    public void A_hook_may_remove_itself_while_it_runs()
    {
        Tensor x = Leaf(2), y = x * 1.0;
        var calls = new List<int>();
        HookHandle? handle = null;
        handle = y.RegisterHook(_ => { calls.Add(1); handle!.Remove(); });
        y.RegisterHook(_ => { calls.Add(2); });
        y.Backward(retainGraph: true);
        y.Backward();
        calls.ShouldBe([1, 2, 2]);
    }

    [Fact] // 3.40, 3.41
    public void A_gradient_that_is_only_asked_for_leaves_its_own_graph_to_be_run()
    {
        Tensor x = Leaf(3), y = x * x, z = y * y;
        Of(First(z, y, createGraph: false)).ShouldBe([18]);
        y.Backward();
        Of(x.Grad).ShouldBe([6]);
    }

    [Fact] // 3.41
    public void A_backward_pass_to_an_intermediate_tensor_runs_its_node()
    {
        Tensor x = Leaf(3), y = x * x, z = y * y;
        z.Backward(inputs: [y]);
        Of(y.Grad).ShouldBe([18]);
        y.RetainsGrad.ShouldBeTrue();
        x.Grad.ShouldBeNull();
        Should.Throw<AutogradException>(() => y.Backward()).Message.ShouldContain("retainGraph");
    }

    [Fact] // 0.1
    public void All_kinds_of_hooks_of_a_leaf_run_when_it_is_named_as_an_input()
    {
        Tensor x = Leaf(2), y = x * x;
        var order = new List<string>();
        x.RegisterHook(g => { order.Add("tensor"); return g * 3.0; });
        Node accumulate = y.GradFn!.NextFunctions[0].Node!;
        accumulate.RegisterPreHook(_ => { order.Add("pre"); return null; });
        accumulate.RegisterHook((_, _) => { order.Add("post"); return null; });
        x.RegisterPostAccumulateGradHook(_ => order.Add("accumulated"));
        y.Backward(inputs: [x], retainGraph: true);
        Of(x.Grad).ShouldBe([12]);
        order.ShouldBe(["tensor", "pre", "accumulated", "post"]);
        y.Backward();
        Of(x.Grad).ShouldBe([24]);
    }

    [Fact]
    public void No_gradient_means_no_hook_after_accumulation()
    {
        Tensor x = Leaf(2), y = x * x;
        int calls = 0;
        x.RegisterPostAccumulateGradHook(_ => calls++);
        y.GradFn!.RegisterHook((_, _) => [null, null]);
        y.Backward();
        calls.ShouldBe(0);
        x.Grad.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_an_exception_a_kept_graph_runs_as_if_nothing_had_been(bool retain)
    {
        Tensor x = Leaf(2), y = x * x, z = y * y;
        bool fails = true;
        y.RegisterHook(_ => { if (fails) throw new FormatException(); });
        Should.Throw<FormatException>(() => z.Backward(retainGraph: retain));
        fails = false;
        if (retain)
        {
            z.Backward();
            Of(x.Grad).ShouldBe([32]);
        }
        else
        {
            Should.Throw<AutogradException>(() => z.Backward()).Message.ShouldContain("retainGraph");
        }
    }

    [Fact]
    public void Every_view_follows_changes_through_the_others()
    {
        Tensor x = Leaf(1, 2, 3, 4), b = (x * 1.0).View(2, 2), row = b[0], column = b[.., 1];
        row.AddInPlace(10.0);
        column.MulInPlace(3.0);
        row.MulInPlace(2.0);
        Of(b).ShouldBe([22, 72, 3, 12]);
        Tensor s = (row * Tensor.From([1.0, 5])).Sum() + column.Sum() * 3.0;
        Of(First(s, x)).ShouldBe([2, 48, 0, 9]);
    }

    [Fact]
    public void Detaching_a_base_in_place_leaves_its_views_recorded()
    {
        Tensor x = Leaf(1, 2), b = x * 2.0, v = b[0];
        b.DetachInPlace();
        v.RequiresGrad.ShouldBeTrue();
        v.GradFn!.Name.ShouldBe("SelectBackward0");
        Of(First(v, x)).ShouldBe([2, 0]);
    }

    [Fact]
    public void Second_derivatives_go_through_additions_to_places_of_a_view()
    {
        Tensor x = Leaf(1, 2, 3), w = Leaf(2), b = x * 1.0, v = b[1..];
        v.IndexPutInPlace([Longs(0)], w * w, accumulate: true);
        Tensor?[] g = Autograd.Grad([b.Pow(3).Sum()], [x, w], createGraph: true);
        Of(g[0]).ShouldBe([3, 108, 27]);
        Of(g[1]).ShouldBe([432]);
        Tensor?[] h = Autograd.Grad([g[1]!.Sum()], [x, w]);
        Of(h[0]).ShouldBe([0, 144, 0]);
        Of(h[1]).ShouldBe([792]);
    }

    [Fact]
    public void Second_derivatives_go_through_a_chain_of_changes_in_place()
    {
        Tensor x = Leaf(1, 2, 3), w = Leaf(0.5), b = x * x;
        b.ClampInPlace(2, 8);
        b.DivInPlace(w);
        b.PowInPlace(2);
        Tensor?[] g = Autograd.Grad([b.Sum()], [x, w], createGraph: true);
        Of(g[0]).ShouldBe([0, 128, 0]);
        Of(g[1]).ShouldBe([-1344]);
        Tensor?[] h = Autograd.Grad([g[0]!.Sum() + g[1]!.Sum()], [x, w]);
        Of(h[0]).ShouldBe([0, -320, 0]);
        Of(h[1]).ShouldBe([7552]);
    }
}
