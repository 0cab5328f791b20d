using Adjoint.Nn;
using Adjoint.Plots;

namespace Adjoint.Tests.Nn;

public class TensorChartTests
{
    [Fact]
    public void A_tensor_that_requires_grad_is_drawn_only_when_detached()
    {
        Tensor x = Tensor.From([1f, 2, 3], requiresGrad: true);
        Should.Throw<AutogradException>(() => x.Plot()).Message.ShouldContain("Draw its Detach()");
        using (Autograd.NoGrad()) Should.Throw<AutogradException>(() => new Chart("t").Line("x", x));
        Should.Throw<AutogradException>(() => new Chart("t").Scatter("x", Tensor.Arange(3), x * 2));
        x.Detach().Plot("x").ToText().ShouldContain("* x");
    }

    [Fact]
    public void Tensors_of_other_shapes_are_refused()
    {
        Should.Throw<ShapeException>(() => Tensor.Ones([2, 2]).Plot()).Message.ShouldContain("Flatten()");
        Should.Throw<ShapeException>(() => new Chart("t").Line("x", Tensor.Ones([2]), Tensor.Ones([3]))).Message.ShouldContain("2 values");
    }
}
