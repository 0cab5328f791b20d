namespace Adjoint.Tests.Functional;

public class NumericTensorTests
{
    [Theory, InlineData(NumericMethod.Forward, 1e-6), InlineData(NumericMethod.Central, 1e-9), InlineData(NumericMethod.Ridders, 1e-10)]
    public void A_gradient_equals_the_one_of_backward(NumericMethod method, double tolerance)
    {
        Tensor x = Tensor.From([0.3, 1.2, -0.7, 2.0, 0.1, 0.9], Shape.Of(2, 3), requiresGrad: true);
        Tensor numeric = Numeric.Gradient(F, x, method);
        F(x).Backward();
        numeric.Shape.ShouldBe(x.Shape);
        numeric.ToArray<double>().ShouldBe(x.Grad!.ToArray<double>(), tolerance);

        static Tensor F(Tensor t) => (t * t.Sin() + (t * 0.5).Exp()).Sum();
    }

    [Fact]
    public void A_float_tensor_is_differentiated_in_double()
    {
        Tensor gradient = Numeric.Gradient(t => (t * t).Sum(), Tensor.From([1f, 2f]));
        gradient.DType.ShouldBe(DType.Float64);
        gradient.ToArray<double>().ShouldBe([2, 4], 1e-9);
    }

    [Fact]
    public void A_jacobian_has_the_shapes_of_result_and_argument()
    {
        Tensor x = Tensor.From([1.0, 2.0, 3.0, 4.0], Shape.Of(2, 2));
        Tensor jacobian = Numeric.Jacobian(t => t * t, x);
        jacobian.Shape.Sizes.ToArray().ShouldBe([2, 2, 2, 2]);
        double[] expected = new double[16];
        for (int i = 0; i < 4; i++) expected[5 * i] = 2 * (i + 1);
        jacobian.ToArray<double>().ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void A_gradient_needs_one_value() =>
        Should.Throw<ShapeException>(() => Numeric.Gradient(t => t * 2.0, Tensor.From([1.0, 2.0]))).Message.ShouldContain(
            "Numeric.Jacobian");
}
