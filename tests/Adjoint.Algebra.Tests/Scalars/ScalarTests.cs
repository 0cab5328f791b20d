namespace Adjoint.Tests.Scalars;

public class ScalarTests
{
    private static readonly double[] s_point = [2, 5];

    [Fact]
    public void The_lectures_gradient_by_every_method()
    {
        double[] expected = [5.5, 2 - Math.Cos(5)];
        Scalar.Value(new Lecture(), s_point).ShouldBe(11.652, 1e-3);
        foreach (
            double[] gradient in new[] { Scalar.Gradient(new Lecture(), s_point), Scalar.Forward.Gradient(new Lecture(), s_point),
                Scalar.Reverse.Gradient(new Lecture(), s_point) })
            gradient.ShouldBe(expected, 1e-14);
        Numeric.Gradient(new Lecture(), s_point).ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Jacobians_agree_and_the_cheaper_mode_is_chosen_by_shape()
    {
        double[] at = [3, 0.5];
        Jacobian tall = Scalar.Jacobian(new Polar(), at), reverse = Scalar.Reverse.Jacobian(new Polar(), at);
        (tall.Mode, tall.Passes, tall.Evaluations).ShouldBe((DerivativeMode.Forward, 2, 1));
        (reverse.Mode, reverse.Passes, reverse.Evaluations).ShouldBe((DerivativeMode.Reverse, 3, 1));
        double[,] expected = { { Math.Cos(0.5), -3 * Math.Sin(0.5) }, { Math.Sin(0.5), 3 * Math.Cos(0.5) }, { 6, 0 } };
        Same(tall.Matrix, expected, 1e-15);
        Same(reverse.Matrix, expected, 1e-15);
        Same(Numeric.Jacobian(new Polar(), at), expected, 1e-9);

        double[] many = [.. Enumerable.Range(0, 40).Select(i => 0.1 * i)];
        Jacobian wide = Scalar.Jacobian(new TwoSums(), many), forward = Scalar.Forward.Jacobian(new TwoSums(), many);
        (wide.Mode, wide.Passes, wide.Evaluations).ShouldBe((DerivativeMode.Reverse, 2, 1));
        (forward.Mode, forward.Passes, forward.Evaluations).ShouldBe((DerivativeMode.Forward, 40, 3));
        Same(forward.Matrix, wide.Matrix, 1e-12);
    }

    [Fact]
    public void Products_with_the_jacobian_are_adjoint_to_each_other()
    {
        double[] at = [3, 0.5], v = [0.3, -1.1], u = [2, -1, 0.5];
        double[] forward = Scalar.Forward.Jvp(new Polar(), at, v), reverse = Scalar.Reverse.Vjp(new Polar(), at, u);
        forward.Zip(u, (a, b) => a * b).Sum().ShouldBe(reverse.Zip(v, (a, b) => a * b).Sum(), 1e-14);
        Scalar.Forward.DirectionalDerivative(new Lecture(), s_point, [1, 0]).ShouldBe(5.5, 1e-14);
        Should.Throw<ArgumentException>(() => Scalar.Forward.Jvp(new Polar(), at, u)).Message.ShouldContain("2 arguments");
        Should.Throw<ArgumentException>(() => Scalar.Reverse.Vjp(new Polar(), at, v)).Message.ShouldContain("3 results");
    }

    [Fact]
    public void The_hessian_is_symmetric_and_known()
    {
        double[,] lecture = Scalar.Hessian(new Lecture(), s_point);
        Same(lecture, new double[,] { { -0.25, 1 }, { 1, Math.Sin(5) } }, 1e-15);

        double[] x = [.. Enumerable.Range(0, 20).Select(i => 1 + 0.1 * Math.Sin(i))];
        double[,] hessian = Scalar.Hessian(new Rosenbrock(), x);
        for (int i = 0; i < 20; i++)
            for (int j = 0; j < 20; j++)
            {
                double expected = i == j ? (i < 19 ? 1200 * x[i] * x[i] - 400 * x[i + 1] + 2 : 0) + (i > 0 ? 200 : 0)
                    : Math.Abs(i - j) == 1 ? -400 * x[Math.Min(i, j)] : 0;
                hessian[i, j].ShouldBe(expected, 1e-10);
            }

        double[] v = [.. Enumerable.Range(0, 20).Select(i => Math.Cos(i))], product = Scalar.Hvp(new Rosenbrock(), x, v);
        for (int i = 0; i < 20; i++) product[i].ShouldBe(Enumerable.Range(0, 20).Sum(j => hessian[i, j] * v[j]), 1e-9);
    }

    [Fact]
    public void No_arguments_and_no_dependence()
    {
        Scalar.Gradient(new Rosenbrock(), []).ShouldBeEmpty();
        Scalar.Reverse.Gradient(new Rosenbrock(), [3.0]).ShouldBe([0]);
        Scalar.Reverse.Jacobian(new TwoSums(), []).Columns.ShouldBe(0);
        Scalar.Gradient(x => x[1], [1, 2, 3]).ShouldBe([0, 1, 0]);
    }

    [Fact]
    public void Lambdas_are_differentiated_too()
    {
        Scalar.Derivative(x => x * x.Sin() + 2 / x, 2).ShouldBe(Math.Sin(2) + 2 * Math.Cos(2) - 0.5, 1e-15);
        Scalar.Gradient(x => x[0].Log() + x[0] * x[1] - x[1].Sin(), s_point).ShouldBe([5.5, 2 - Math.Cos(5)], 1e-14);
    }

    [Fact]
    public void A_gradient_of_the_wrong_length_is_an_error() =>
        Should.Throw<ArgumentException>(() => Scalar.Reverse.Gradient(new Lecture(), s_point, new double[3])).Message.ShouldContain(
            "2 arguments");

    private static void Same(double[,] found, double[,] expected, double tolerance)
    {
        (found.GetLength(0), found.GetLength(1)).ShouldBe((expected.GetLength(0), expected.GetLength(1)));
        for (int i = 0; i < found.GetLength(0); i++)
            for (int j = 0; j < found.GetLength(1); j++)
                found[i, j].ShouldBe(expected[i, j], tolerance * Math.Max(1, Math.Abs(expected[i, j])), $"[{i}, {j}]");
    }
}
