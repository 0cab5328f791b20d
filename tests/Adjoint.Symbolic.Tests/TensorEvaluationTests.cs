using Adjoint.Symbolic;

namespace Adjoint.Tests.Symbolic;

/// <summary>A parsed formula is a generic function too: over tensors it runs, records and differentiates like any other.</summary>
public class TensorEvaluationTests
{
    [Theory]
    [InlineData("ln(x1) + x1*x2 - sin(x2)")]
    [InlineData("max(x1, x2)^2 + atan2(x1, x2)/3 - pi")]
    [InlineData("if(x1 < x2, x1*x2, exp(x1) + 1)")]
    [InlineData("x1^x2 + x1^-2 + 2^x2 + erf(x1)*sigmoid(x2)")]
    public void Values_and_gradients_over_tensors_are_those_over_numbers(string text)
    {
        var f = Expr.Parse(text);
        double[] a = [0.7, 2, 1.5], b = [5, 0.4, 2.5];
        Tensor x1 = Tensor.From(a, requiresGrad: true), x2 = Tensor.From(b, requiresGrad: true);
        Tensor y = f.Evaluate(new Dictionary<string, Tensor> { ["x1"] = x1, ["x2"] = x2 });
        y.Sum().Backward();
        Expr d1 = f.Differentiate("x1"), d2 = f.Differentiate("x2");
        for (int i = 0; i < a.Length; i++)
        {
            y.ToArray<double>()[i].ShouldBe(f.Evaluate(("x1", a[i]), ("x2", b[i])), 1e-12);
            x1.Grad!.ToArray<double>()[i].ShouldBe(d1.Evaluate(("x1", a[i]), ("x2", b[i])), 1e-12);
            x2.Grad!.ToArray<double>()[i].ShouldBe(d2.Evaluate(("x1", a[i]), ("x2", b[i])), 1e-12);
        }
    }

    [Fact]
    public void Shapes_broadcast_numbers_keep_the_dtype_and_transforms_apply()
    {
        var f = Expr.Parse("x*y + 1/3").Compile("x", "y");
        Tensor column = Tensor.From([1f, 2f], [2, 1]), row = Tensor.From([10f, 20f, 30f]);
        Tensor y = f.Invoke<Tensor>([column, row]);
        y.Shape.ShouldBe(Shape.Of(2, 3));
        y.DType.ShouldBe(DType.Float32);
        var cube = Expr.Parse("x^3").Compile("x");
        Tensor h = Transforms.Hessian(t => cube.Invoke<Tensor>([t]).Sum(), Tensor.From([1.0, 2.0]));
        h.ToArray<double>().ShouldBe([6, 0, 0, 12], 1e-12);
    }
}
