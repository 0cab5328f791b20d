namespace Adjoint.Tests.Differentiation;

/// <summary>Backward: behaviours of section 3.</summary>
public class BackwardTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    private static double[] Of(Tensor? x) => x!.ToArray<double>();

    [Theory] // 3.1, 3.2
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1, 1 })]
    public void One_element_needs_no_gradient(int[] sizes)
    {
        Tensor x = Tensor.Full(Shape.Of(sizes), 3, DType.Float64, requiresGrad: true);
        (x * x).Backward();
        Of(x.Grad).ShouldBe([6]);
    }

    [Fact] // 3.3
    public void Other_numbers_of_elements_need_one()
    {
        Should.Throw<AutogradException>(() => (Leaf(1, 2) * 2.0).Backward()).Message.ShouldContain("one element");
        Should.Throw<AutogradException>(() => (Tensor.Zeros([0], DType.Float64, true) * 2.0).Backward());
    }

    [Fact] // 3.4, 3.7
    public void Gradient_is_the_vector_of_the_product_and_is_cast()
    {
        Tensor x = Leaf(1, 2);
        (x * x).Backward(Tensor.From([1f, 10f]));
        Of(x.Grad).ShouldBe([2, 40]);
        x.Grad!.DType.ShouldBe(DType.Float64);
    }

    [Fact] // 3.5
    public void Gradient_of_another_shape_is_refused_before_anything_happens()
    {
        Tensor x = Leaf(1, 2, 3), y = x * x;
        Should.Throw<ShapeException>(() => y.Backward(Tensor.Ones([2], DType.Float64)));
        x.Grad.ShouldBeNull();
        y.Backward(y.OnesLike());
    }

    [Fact] // 3.10
    public void Without_history_there_is_nothing_to_do() =>
        Should.Throw<AutogradException>(() => Tensor.Scalar(1).Backward()).Message.ShouldContain("GradFn");

    [Fact] // 3.11, 3.12
    public void Leaves_accumulate_seeds_and_calls()
    {
        Tensor x = Leaf(5);
        x.Backward();
        x.Backward();
        Of(x.Grad).ShouldBe([2]);
    }

    [Fact] // 3.19, 3.21
    public void Second_backward_needs_a_retained_graph()
    {
        Tensor x = Leaf(3), y = x * x;
        y.Backward(retainGraph: true);
        y.Backward();
        Of(x.Grad).ShouldBe([12]);
        Should.Throw<AutogradException>(() => y.Backward()).Message.ShouldContain("retainGraph");
    }

    [Fact] // 3.22, 3.23
    public void Losses_that_share_nodes_share_what_is_freed()
    {
        Tensor x = Leaf(3), shared = x * x;
        Tensor a = shared.Exp(), b = shared.Sin();
        a.Backward();
        Should.Throw<AutogradException>(() => b.Backward());
        Tensor p = x * x, q = x * x;
        p.Backward();
        q.Backward();
    }

    [Fact] // 3.24, 3.26, 3.28
    public void CreateGraph_makes_the_gradient_differentiable_and_retains()
    {
        Tensor x = Leaf(3), y = x * x * x;
        y.Backward(createGraph: true);
        x.Grad!.RequiresGrad.ShouldBeTrue();
        y.Backward();
        Tensor z = Leaf(2);
        (z * z).Backward();
        z.Grad!.RequiresGrad.ShouldBeFalse();
    }

    [Fact] // 3.29
    public void Same_tensor_twice()
    {
        foreach ((Func<Tensor, Tensor> f, double expected) in new (Func<Tensor, Tensor>, double)[]
            { (x => x * x, 6), (x => x + x, 2), (x => x - x, 0), (x => x / x, 0) })
        {
            Tensor x = Leaf(3);
            f(x).Backward();
            Of(x.Grad).ShouldBe([expected]);
        }
    }

    [Fact] // 3.30
    public void A_node_runs_once_after_all_its_consumers()
    {
        Tensor x = Leaf(2), y = x * x;
        int calls = 0;
        y.RegisterHook(g => { calls++; g.Item<double>().ShouldBe(7); });
        (y * 3.0 + (y * 2.0) * 2.0).Backward();
        calls.ShouldBe(1);
        Of(x.Grad).ShouldBe([28]);
    }

    [Fact] // 3.31
    public void Two_to_the_sixty_paths_take_linear_time()
    {
        Tensor x = Leaf(1), y = x;
        for (int i = 0; i < 60; i++) y = y + y;
        y.Backward();
        Of(x.Grad).ShouldBe([Math.Pow(2, 60)]);
    }

    [Fact] // 3.32
    public void A_million_nodes_do_not_overflow_the_stack()
    {
        Tensor x = Leaf(1), y = x;
        for (int i = 0; i < 1_000_000; i++) y = y + 1e-6;
        y.Backward();
        Of(x.Grad).ShouldBe([1]);
    }

    [Fact] // 3.34, 3.35
    public void Several_roots_add_up_also_when_they_depend_on_each_other_or_repeat()
    {
        Tensor x = Leaf(2), y = x * x, z = y * 3.0;
        Autograd.Backward([y, z, z]);
        Of(x.Grad).ShouldBe([28]);
    }

    [Fact] // 3.36, 3.37, 3.38
    public void Roots_are_checked()
    {
        Tensor x = Leaf(1), y = x * 2.0;
        Should.Throw<ArgumentException>(() => Autograd.Backward([y, y], [null]));
        Should.Throw<AutogradException>(() => Autograd.Backward([y, Tensor.Scalar(1)])).Message.ShouldContain("tensor 1");
        Should.Throw<AutogradException>(() => Autograd.Backward([Leaf(1, 2) * 2.0], [null]));
        x.Grad.ShouldBeNull();
    }

    [Fact] // 3.40, 3.41, 3.42, 3.43
    public void Inputs_alone_get_gradients()
    {
        Tensor a = Leaf(2), b = Leaf(3), unused = Leaf(1), h = a * b, y = h * h;
        y.Backward(inputs: [a, h, unused]);
        Of(a.Grad).ShouldBe([36]);
        Of(h.Grad).ShouldBe([12]);
        b.Grad.ShouldBeNull();
        unused.Grad.ShouldBeNull();
        Should.Throw<ArgumentException>(() => (a * b).Backward(inputs: []));
    }

    [Fact] // 3.47
    public void Backward_works_inside_NoGrad()
    {
        Tensor x = Leaf(2), y = x * x;
        using (Autograd.NoGrad()) y.Backward();
        Of(x.Grad).ShouldBe([4]);
    }

    [Fact] // 3.49, 3.50
    public void Zero_gradients_are_zeros_and_detached_paths_stop()
    {
        Tensor x = Leaf(2);
        (x * 0.0).Backward();
        Of(x.Grad).ShouldBe([0]);
        Tensor y = Leaf(3);
        (y.Detach() * y).Backward();
        Of(y.Grad).ShouldBe([3]);
    }

    private sealed class InnerBackward : Function
    {
        protected override Tensor Forward(Tensor x) => x.Clone();

        protected override Tensor? Backward(Tensor g)
        {
            Tensor t = Leaf(4);
            using (Autograd.EnableGrad()) (t * t).Backward();
            return g * t.Grad!;
        }
    }

    private sealed class Failing : Function
    {
        protected override Tensor Forward(Tensor x) => x.Clone();

        protected override Tensor? Backward(Tensor g) => throw new ArithmeticException("inner");
    }

    [Fact] // 3.52
    public void Backward_inside_backward()
    {
        Tensor x = Leaf(1);
        (new InnerBackward().Apply(x * 2.0) * 1.0).Backward();
        Of(x.Grad).ShouldBe([16]);
    }

    [Fact] // 3.55
    public void An_exception_leaves_no_half_state()
    {
        Tensor x = Leaf(2), good = x * x, both = good + new Failing().Apply(good * 5.0);
        Should.Throw<ArithmeticException>(() => both.Backward()).Message.ShouldBe("inner");
        x.Grad.ShouldBeNull();
        good.Backward(retainGraph: true);
        Of(x.Grad).ShouldBe([4]);
        good.Backward();
        Of(x.Grad).ShouldBe([8]);
    }

    [Fact] // 3.58
    public void Grad_has_the_dtype_of_its_leaf()
    {
        Tensor x = Tensor.From([1f, 2f], requiresGrad: true);
        (x * Tensor.From([1.0, 2.0])).Sum().Backward();
        x.Grad!.DType.ShouldBe(DType.Float32);
    }

    [Fact] // 3.60
    public void Gradients_of_one_tensor_are_added_in_the_order_the_nodes_run()
    {
        // In float32 1e8 + 1 = 1e8, so that the sum tells the order: newest first, as in PyTorch.
        for (int i = 0; i < 20; i++)
        {
            Tensor x = Tensor.From([1f], requiresGrad: true);
            Tensor[] parts = [x * 1e8, x * 1.0, x * -1e8, x * 2.0];
            (parts[0] + parts[1] + parts[2] + parts[3]).Backward();
            x.Grad!.Item<float>().ShouldBe(0);
        }
    }
}
