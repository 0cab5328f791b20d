namespace Adjoint.Tests.Differentiation;

/// <summary>The structure of the graph: behaviours of section 2.</summary>
public class GraphTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact] // 2.2
    public void Broadcasting_makes_no_node_of_its_own()
    {
        Tensor a = Tensor.Ones([2, 1], DType.Float64, requiresGrad: true), b = Tensor.Ones([3], DType.Float64, requiresGrad: true);
        (a + b).GradFn!.NextFunctions.ShouldAllBe(e => e.Node is AccumulateGrad);
    }

    [Fact] // 2.3, 2.4
    public void Inputs_without_grad_have_an_edge_to_nowhere()
    {
        Tensor x = Leaf(1);
        IReadOnlyList<Edge> edges = (x + 5.0).GradFn!.NextFunctions;
        edges.Count.ShouldBe(2);
        edges[1].ShouldBe(new Edge(null, 0));
        (Tensor.From([1.0]) * x).GradFn!.NextFunctions[0].Node.ShouldBeNull();
    }

    [Fact] // 2.5, 2.6
    public void A_leaf_has_one_accumulator_for_all_uses()
    {
        Tensor x = Leaf(1);
        IReadOnlyList<Edge> edges = (x * x).GradFn!.NextFunctions;
        edges[0].Node.ShouldBeSameAs(edges[1].Node);
        ((AccumulateGrad)edges[0].Node!).Variable.ShouldBeSameAs(x);
        x.Exp().GradFn!.NextFunctions[0].Node.ShouldBeSameAs(edges[0].Node);
        edges[0].Node!.Name.ShouldBe("AccumulateGrad");
    }

    [Fact] // 2.8
    public void GradFn_is_the_same_object_each_time()
    {
        Tensor y = Leaf(1) * 2.0;
        y.GradFn.ShouldBeSameAs(y.GradFn);
    }

    [Fact] // 2.9
    public void Outputs_of_one_operation_share_a_node()
    {
        IReadOnlyList<Tensor> parts = Tensor.From([1.0, 2, 3, 4], [2, 2], requiresGrad: true).Unbind(0);
        parts[0].GradFn.ShouldBeSameAs(parts[1].GradFn);
        parts[1].OutputNr.ShouldBe(1);
        (parts[1] * 2.0).GradFn!.NextFunctions[0].InputNr.ShouldBe(1);
    }

    [Fact] // 2.11
    public void A_saved_input_is_the_very_same_object()
    {
        Tensor x = Leaf(1), y = Leaf(2);
        IReadOnlyDictionary<string, object?> saved = (x * y).GradFn!.Saved;
        saved["self"].ShouldBeSameAs(x);
        saved["other"].ShouldBeSameAs(y);
    }

    [Fact] // 2.14, 2.15
    public void Parameters_stay_readable_after_backward_but_tensors_do_not()
    {
        Tensor x = Leaf(2);
        Node node = x.Pow(3.0).GradFn!;
        node.Saved["exponent"].ShouldBe(3.0);
        Tensor y = x.Exp();
        y.Backward();
        Should.Throw<AutogradException>(() => y.GradFn!.Saved).Message.ShouldContain("retainGraph");
    }

    [Fact] // 2.16
    public void Intermediates_may_be_dropped()
    {
        Tensor x = Leaf(2), z = Chain(x);
        GC.Collect();
        z.Backward();
        x.Grad!.Item<double>().ShouldBe(Math.Exp(4) * 4, 1e-12);

        static Tensor Chain(Tensor x) => (x * x).Exp();
    }

    [Fact] // 2.17
    public void Metadata_belongs_to_the_user()
    {
        Tensor y = Leaf(1) * 2.0;
        y.GradFn!.Metadata.ShouldBeEmpty();
        y.GradFn!.Metadata["who"] = "me";
        y.GradFn!.Metadata["who"].ShouldBe("me");
        y.Backward();
    }

    [Fact] // 2.18
    public void A_node_can_be_called()
    {
        Tensor x = Leaf(1, 2, 3);
        Tensor?[] gradients = x.Pow(2.0).GradFn!.Call(Tensor.From([1.0, 10, 100]));
        gradients[0]!.ToArray<double>().ShouldBe([2, 40, 600]);
    }

    [Fact] // 2.20
    public void Each_forward_makes_its_own_nodes()
    {
        Tensor x = Leaf(1);
        (x * 2.0).GradFn.ShouldNotBeSameAs((x * 2.0).GradFn);
    }

    [Fact] // 2.21
    public void What_no_node_saved_is_released()
    {
        Tensor x = Leaf(1, 2);
        (WeakReference dead, Tensor z) = Build(x);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        dead.IsAlive.ShouldBeFalse();
        z.Backward();

        static (WeakReference, Tensor) Build(Tensor x)
        {
            Tensor y = x * 2.0;
            return (new WeakReference(y), y.Exp().Sum());
        }
    }
}
