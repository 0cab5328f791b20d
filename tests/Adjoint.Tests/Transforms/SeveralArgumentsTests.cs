namespace Adjoint.Tests.Functional;

/// <summary>The functional API with several arguments: against differences, differentiable again, and what it refuses.</summary>
public class SeveralArgumentsTests
{
    private static readonly Tensor A = Tensor.From([0.4, -1.1]), B = Tensor.From([2.0, 0.3, -0.7, 1.5], [2, 2]);

    private static Tensor F(IReadOnlyList<Tensor> xs) => (xs[1].MatMul(xs[0]).Tanh() * xs[0].Exp()).Sum() + xs[1].Square().Prod();

    private static double[] Of(Tensor x) => x.Detach().ToArray<double>();

    /// <summary>∇F at A + t·U, B + t·V, one after the other.</summary>
    private static double[] Gradient(Tensor u, Tensor v, double t) =>
        [.. Transforms.ValueAndGrad(F, new[] { A + u * t, B + v * t }).Gradients.SelectMany(Of)];

    [Fact]
    public void Products_with_the_Hessian_agree_with_differences_of_the_gradient()
    {
        Tensor u = Tensor.From([0.7, -0.2]), v = Tensor.From([0.1, -0.5, 0.3, 0.9], [2, 2]);
        const double h = 1e-5;
        double[] differences = [.. Gradient(u, v, h).Zip(Gradient(u, v, -h), (plus, minus) => (plus - minus) / (2 * h))];
        double[] hvp = [.. Transforms.Hvp(F, [A, B], [u, v]).Products.SelectMany(Of)];
        double[] vhp = [.. Transforms.Vhp(F, [A, B], [u, v]).Products.SelectMany(Of)];
        for (int i = 0; i < hvp.Length; i++)
        {
            hvp[i].ShouldBe(differences[i], 1e-8);
            vhp[i].ShouldBe(hvp[i], 1e-13);
        }
    }

    [Fact]
    public void The_Laplacian_is_the_trace_of_the_Hessian_and_the_divergence_that_of_the_Jacobian()
    {
        IReadOnlyList<IReadOnlyList<Tensor>> h = Transforms.Hessian(F, [A, B]);
        double trace = h[0][0].Trace().Item<double>() + h[1][1].Reshape(4, 4).Trace().Item<double>();
        Transforms.Laplacian(F, [A, B]).Item<double>().ShouldBe(trace, 1e-12);
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> gradient = xs => Transforms.ValueAndGrad(F, xs).Gradients;
        Transforms.Divergence(gradient, [A, B]).Item<double>().ShouldBe(trace, 1e-12);
    }

    [Fact]
    public void A_Laplacian_with_createGraph_trains_the_parameters_behind_it()
    {
        // The residual of a differential equation: Δ(w·sin(x)·y²) = w·(2·sin x − sin x·y²), of which d/dw is asked.
        Tensor w = Tensor.Scalar(3, DType.Float64).RequiresGradInPlace();
        Tensor x = Tensor.From([0.6]), y = Tensor.From([1.7]);
        Func<IReadOnlyList<Tensor>, Tensor> f = xs => (w * xs[0].Sin() * xs[1].Square()).Sum();
        Tensor residual = Transforms.Laplacian(f, [x, y], createGraph: true);
        double slope = Math.Sin(0.6) * (2 - 1.7 * 1.7);
        residual.Detach().Item<double>().ShouldBe(3 * slope, 1e-14);
        Autograd.Grad([residual], [w])[0]!.Item<double>().ShouldBe(slope, 1e-14);
        Transforms.Laplacian(f, [x, y]).RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void Products_with_createGraph_give_third_derivatives()
    {
        Tensor x = Tensor.From([1.5]).RequiresGradInPlace(), y = Tensor.From([-0.5]).RequiresGradInPlace(), one = Tensor.From([1.0]);
        Func<IReadOnlyList<Tensor>, Tensor> f = xs => (xs[0].Pow(3) * xs[1].Pow(2)).Sum();
        foreach (IReadOnlyList<Tensor> hv in (IReadOnlyList<Tensor>[])[
            Transforms.Hvp(f, [x, y], [one, one], createGraph: true).Products,
            Transforms.Vhp(f, [x, y], [one, one], createGraph: true).Products])
        {
            // (Hv)₀ = 6xy² + 6x²y, of which the gradient is (6y² + 12xy, 12xy + 6x²).
            Tensor?[] third = Autograd.Grad([hv[0].Sum()], [x, y], retainGraph: true);
            Of(third[0]!).ShouldBe([6 * 0.25 - 12 * 0.75], 1e-12);
            Of(third[1]!).ShouldBe([-12 * 0.75 + 6 * 2.25], 1e-12);
        }
    }

    [Fact]
    public void The_function_runs_once_for_a_product_and_its_value()
    {
        int calls = 0;
        Func<Tensor, Tensor> f = x =>
        {
            calls++;
            return x.Pow(3).Sum();
        };
        Transforms.Hvp(f, A, A).Value.Item<double>().ShouldBe(0.064 - 1.331, 1e-12);
        calls.ShouldBe(1);
        Transforms.Vhp(f, A, A).Value.Item<double>().ShouldBe(0.064 - 1.331, 1e-12);
        calls.ShouldBe(2);
    }

    [Fact]
    public void The_mode_of_a_Jacobian_follows_from_all_arguments_and_all_results()
    {
        Tensor one = Tensor.From([2.0]), five = Tensor.Ones([5], DType.Float64);
        JacobianBlocks wide = Transforms.JacobianWithReport(xs => [xs[0] * 2.0, xs[1].Sum()], [one, five]);
        (wide.Mode, wide.Passes).ShouldBe((DerivativeMode.Reverse, 2));
        JacobianBlocks tall = Transforms.JacobianWithReport(xs => [xs[0].Expand(7) * xs[1], xs[1]], [one, one]);
        (tall.Mode, tall.Passes).ShouldBe((DerivativeMode.Forward, 2));
        Of(tall.Matrices[1][0]).ShouldBe([0]);
        Of(tall.Matrices[0][1]).ShouldAllBe(entry => entry == 2);
    }

    [Fact]
    public void Results_of_single_precision_stay_so()
    {
        Tensor x = Tensor.From([1f, 2f]);
        Transforms.Hvp(t => t.Pow(3).Sum(), x, x).Hvp.DType.ShouldBe(DType.Float32);
        Transforms.Laplacian(t => t.Pow(3).Sum(), x).DType.ShouldBe(DType.Float32);
        Transforms.Jacobian(xs => [xs[0] * xs[0]], new[] { x }, DerivativeMode.Forward)[0][0].DType.ShouldBe(DType.Float32);
    }

    [Fact] // 9.18, in C# mostly a matter of types
    public void What_is_not_a_tensor_is_refused()
    {
        Tensor whole = Tensor.From([1L, 2L]);
        Should.Throw<DTypeException>(() => Transforms.Jacobian(x => x * 2.0, whole)).Message.ShouldContain("Argument 0");
        Should.Throw<DTypeException>(() => Transforms.Hvp(xs => xs[0].Sum(), [A, whole], [A, A])).Message.ShouldContain("Argument 1");
        Should.Throw<ArgumentNullException>(() => Transforms.Jacobian(xs => xs, new[] { A, null! })).Message.ShouldContain("Element 1");
        foreach (DerivativeMode mode in Enum.GetValues<DerivativeMode>())
        {
            Should.Throw<AutogradException>(() => Transforms.Jacobian(_ => null!, [A], mode)).Message.ShouldContain("returned null");
            Should.Throw<AutogradException>(() => Transforms.Jacobian(_ => [A, null!], [A], mode)).Message.ShouldContain(
                "result 1 is null");
        }
        Should.Throw<AutogradException>(() => Transforms.Hessian(_ => null!, A)).Message.ShouldContain("returned null");
        Should.Throw<ArgumentException>(() => Transforms.Laplacian(_ => A.Sum(), [])).Message.ShouldContain("at least one argument");
    }

    [Fact] // 9.13, 9.15
    public void Vectors_and_results_must_fit()
    {
        Should.Throw<ArgumentException>(() => Transforms.Hvp(F, [A, B], [A])).Message.ShouldContain("2 arguments, but 1");
        Should.Throw<ShapeException>(() => Transforms.Vhp(F, [A, B], [A, A])).Message.ShouldContain("vector 1");
        Should.Throw<AutogradException>(() => Transforms.Hvp(F, [A, B])).Message.ShouldContain("vector 0 may be left out");
        Should.Throw<AutogradException>(() => Transforms.Vhp(xs => xs[0], [A], [A])).Message.ShouldContain("one number");
        Should.Throw<ShapeException>(() => Transforms.Divergence(xs => [xs[0]], [A, B])).Message.ShouldContain("2 arguments");
        Should.Throw<ShapeException>(() => Transforms.Divergence(xs => [xs[1], xs[0]], [A, B])).Message.ShouldContain("[2]");
        Tensor c = Tensor.Scalar(2, DType.Float64);
        Transforms.Hvp(x => x.Pow(3), c).Hvp.Item<double>().ShouldBe(12);      // of one element the vector may be left out
    }

    [Fact]
    public void Empty_arguments_have_empty_derivatives()
    {
        Tensor empty = Tensor.Zeros([0], DType.Float64);
        foreach (DerivativeMode mode in Enum.GetValues<DerivativeMode>())
        {
            IReadOnlyList<IReadOnlyList<Tensor>> j = Transforms.Jacobian(xs => [xs[0] * xs[0], xs[1]], [A, empty], mode);
            j[0][1].Shape.ShouldBe(Shape.Of(2, 0));
            j[1][0].Shape.ShouldBe(Shape.Of(0, 2));
            j[0][0].Shape.ShouldBe(Shape.Of(2, 2));
        }
    }
}
