using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>A capture leaves no trace: neither in values nor in histories and versions that later changes meet.</summary>
public class GraphTraceTests
{
    [Fact]
    public void A_view_that_was_looked_at_meanwhile_has_the_history_of_the_next_change()
    {
        Tensor x = Tensor.From([1.0, 2.0], requiresGrad: true), y = x * 1, view = y[0];
        Graph.Capture(() =>
        {
            y.MulInPlace(2);
            return view * 3;
        });
        y.MulInPlace(5);
        view.Backward();
        x.Grad!.ToArray().ShouldBe([5.0, 0.0]);
    }

    [Fact]
    public void A_view_that_was_changed_meanwhile_has_the_history_of_before()
    {
        Tensor x = Tensor.From([1.0, 2.0], requiresGrad: true), y = x * 1, view = y[..1];
        int version = y.Version;
        Graph.Capture(() =>
        {
            view.MulInPlace(2);
            return y * 3;
        });
        y.Version.ShouldBe(version);
        y.MulInPlace(5);
        (view.Sum() + y.Sum()).Backward();
        x.Grad!.ToArray().ShouldBe([10.0, 5.0]);
    }

    [Fact]
    public void What_was_saved_of_a_change_that_was_taken_back_is_not_taken_for_the_next_change()
    {
        Tensor w = Tensor.From([3.0], requiresGrad: true);
        Tensor? kept = null;
        Graph.Capture(() =>
        {
            using (Autograd.NoGrad()) w.MulInPlace(2);
            return kept = (w * w).Sum();
        });
        w.ToArray().ShouldBe([3.0]);
        w.Version.ShouldBe(0);
        using (Autograd.NoGrad()) w.MulInPlace(5);
        Should.Throw<VersionException>(() => kept!.Backward());
    }

    [Fact]
    public void What_was_recorded_before_is_differentiated_after()
    {
        Tensor w = Tensor.From([3.0], requiresGrad: true), y = (w * w).Sum();
        Graph.Capture(() =>
        {
            using var _ = Autograd.NoGrad();
            w.MulInPlace(2);
            w.AddInPlace(1);
        });
        y.Backward();
        w.Grad!.ToArray().ShouldBe([6.0]);
    }

    [Fact]
    public void Memory_that_the_function_gives_back_does_not_keep_the_rest_changed()
    {
        Tensor given = Tensor.Ones(1000), buffer = Tensor.Ones(3), leaf = Tensor.From([1.0], requiresGrad: true);
        byte[] state = Rng.GetState();
        Should.Throw<ObjectDisposedException>(() => Graph.Capture(() =>
        {
            given.MulInPlace(2);
            buffer.MulInPlace(2);
            (leaf * 2).Backward();
            Tensor drawn = Tensor.Rand(3);
            given.Dispose();
            return buffer + drawn;
        }));
        buffer.ToArray<float>().ShouldBe([1f, 1f, 1f]);
        leaf.Grad.ShouldBeNull();
        Rng.GetState().ShouldBe(state);
    }

    [Fact]
    public void Whether_gradients_are_wanted_is_brought_back()
    {
        Tensor x = Tensor.From([1.0, 2.0]);
        Graph.Capture(() =>
        {
            x.RequiresGrad = true;
            return (x * x).Sum();
        });
        x.RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void A_history_that_is_let_go_is_brought_back()
    {
        Tensor x = Tensor.From([1.0, 2.0], requiresGrad: true), y = x * 2;
        Graph.Capture(() => y.DetachInPlace() * 3);
        y.Sum().Backward();
        x.Grad!.ToArray().ShouldBe([2.0, 2.0]);
    }

    [Fact]
    public void What_would_replace_the_data_of_parameters_is_refused_before_it_does()
    {
        var layer = new Adjoint.Nn.Linear(2, 2);
        Action convert = () => layer.To(DType.Float64);
        Should.Throw<GraphException>(() => Graph.Capture(convert));
        layer.Weight.DType.ShouldBe(DType.Float32);
    }

    [Fact]
    public void Batches_that_no_operation_makes_are_refused()
    {
        var data = new Adjoint.Data.TensorDataset(Tensor.Arange(6).Reshape(6, 1));
        Should.Throw<GraphException>(() => Graph.Capture(() => data.GetBatch([1, 2])[0] * 2)).Message.ShouldContain("batch of a dataset");
    }
}
