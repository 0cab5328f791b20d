namespace Adjoint.Tests.Nn.Lazy;

using Adjoint.Nn;
using Adjoint.Optim;

/// <summary>Layers that learn from their first input how large it is.</summary>
public class LazyTests
{
    [Fact]
    public void Its_text_and_its_names_say_what_it_is_by_now()
    {
        var layer = new LazyLinear(3);
        layer.ToString().ShouldBe("LazyLinear(in_features=0, out_features=3, bias=True)");
        layer.StateDict().Keys.ShouldBe(["weight", "bias"]);
        layer.Call(Tensor.Ones(2, 5));
        layer.ToString().ShouldBe("Linear(in_features=5, out_features=3, bias=True)");
        new LazyConv2d(4, 3).ToString().ShouldBe("LazyConv2d(0, 4, kernel_size=(3, 3), stride=(1, 1))");
        new LazyBatchNorm1d().ToString().ShouldBe("LazyBatchNorm1d(0, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
        new LazyBatchNorm1d(affine: false, trackRunningStats: false).Call(Tensor.Randn([4, 3])).Shape.ShouldBe(Shape.Of(4, 3));
    }

    [Fact]
    public void An_optimizer_that_was_made_before_trains_it()
    {
        var net = new Sequential(new LazyConv2d(2, 3), new LazyBatchNorm2d(), new ReLU(), new Flatten(), new LazyLinear(1));
        var optimizer = new Adam(net.Parameters(), 0.1);
        Tensor x = Tensor.Randn([2, 3, 5, 5]);
        net.Call(x).Square().Sum().Backward();
        float[] before = net.GetParameter("4.weight").ToArray<float>();
        optimizer.Step();
        net.GetParameter("4.weight").ToArray<float>().ShouldNotBe(before);
    }

    [Fact]
    public void It_is_copied_and_converted_at_any_time()
    {
        var layer = new LazyLinear(3);
        Module copy = layer.DeepCopy();
        copy.To(DType.Float64);
        copy.Call(Tensor.Ones([2, 4], DType.Float64)).DType.ShouldBe(DType.Float64);
        layer.HasUninitializedParams.ShouldBeTrue();
        layer.Call(Tensor.Ones(2, 5)).DType.ShouldBe(DType.Float32);
        new Sequential(new LazyLinear(4), new ReLU()).Call(Tensor.Ones(2, 3)).Shape.ShouldBe(Shape.Of(2, 4));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Should.Throw<ShapeException>(() => new LazyLinear(3).Call(Tensor.Scalar(1))).Message.ShouldStartWith("LazyLinear: ");
        Should.Throw<ShapeException>(() => new LazyConv2d(4, 3).Call(Tensor.Ones(5, 5))).Message.ShouldStartWith("LazyConv2d: ");
        Should.Throw<ShapeException>(() => new LazyConv2d(4, 3, groups: 2).Call(Tensor.Ones(1, 3, 5, 5))).Message.ShouldStartWith("LazyConv2d: groups");
        var layer = new LazyLinear(3);
        layer.Call(Tensor.Ones(2, 5));
        Should.Throw<ShapeException>(() => layer.Call(Tensor.Ones(2, 4))).Message.ShouldStartWith("Linear: ");
        var lazy = new LazyLinear(3);
        Should.Throw<Exception>(() => Graph.Capture(x => lazy.Call(x), Tensor.Ones(2, 5))).Message.ShouldContain("LazyLinear.Weight");
        lazy.HasUninitializedParams.ShouldBeTrue();
        Should.Throw<StateDictException>(() => lazy.LoadStateDict(new Dictionary<string, Tensor> { ["weight"] = Tensor.Ones(4, 2), ["bias"] = Tensor.Ones(3) }));
    }
}
