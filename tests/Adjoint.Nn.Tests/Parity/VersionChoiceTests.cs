using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Parity;

/// <summary>Where PyTorch 1.13 and 2.x differ, and where 1.13 errs: what we chose.</summary>
public class VersionChoiceTests
{
    [Fact] // 0.3, 0.5
    public void ZeroGrad_sets_null_and_SGD_has_a_default_learning_rate()
    {
        Tensor p = Tensor.From([1f], requiresGrad: true);
        var optimizer = new SGD([p]);
        (p * 1.0).Backward();
        optimizer.Step();
        p.Item<float>().ShouldBe(0.999f);
        optimizer.ZeroGrad();
        p.Grad.ShouldBeNull();
    }

    [Fact] // 0.4
    public void Item_of_several_elements_is_an_error_of_the_tensor() =>
        Should.Throw<ShapeException>(() => Tensor.Zeros(2).Item()).ShouldBeAssignableTo<InvalidOperationException>();

    [Theory] // 0.8
    [InlineData(-3.01, 0)]
    [InlineData(-2.99, -0.49666666666666665)]
    [InlineData(2.99, 1.4966666666666666)]
    [InlineData(3.01, 1)]
    public void Hardswish_beside_its_kinks(double x, double slope)
    {
        Tensor v = Tensor.From([x], requiresGrad: true);
        v.Hardswish().Backward();
        v.Grad!.Item<double>().ShouldBe(slope, 1e-12);
    }

    [Fact] // 0.9
    public void The_variance_of_one_element_has_a_gradient_of_its_shape()
    {
        Tensor x = Tensor.From([1.0], requiresGrad: true);
        x.Var().Backward();
        x.Grad!.Shape.ShouldBe([1]);
        double.IsNaN(x.Grad!.Item<double>()).ShouldBeTrue();
    }
}
