namespace Adjoint.Tests.Functional;

public class NumericTests
{
    [Theory]
    [InlineData(NumericMethod.Forward, 1e-6, 2)]
    [InlineData(NumericMethod.Central, 1e-9, 2)]
    [InlineData(NumericMethod.Adaptive, 1e-9, 6)]
    [InlineData(NumericMethod.Ridders, 1e-11, 24)]
    public void Every_method_within_its_accuracy_and_its_evaluations(NumericMethod method, double tolerance, int evaluations)
    {
        int calls = 0;
        NumericDerivative derivative = Numeric.Estimate(x => { calls++; return Math.Exp(x) * Math.Sin(3 * x); }, 0.8, method);
        double exact = Math.Exp(0.8) * (Math.Sin(2.4) + 3 * Math.Cos(2.4));
        derivative.Value.ShouldBe(exact, tolerance * Math.Abs(exact));
        Math.Abs(derivative.Value - exact).ShouldBeLessThan(10 * derivative.Error);
        calls.ShouldBeLessThanOrEqualTo(evaluations);
        derivative.Evaluations.ShouldBe(calls);
    }

    [Theory, InlineData(1e-3), InlineData(1.0), InlineData(1e6)]
    public void Adaptive_and_extrapolated_steps_suit_the_scale(double scale)
    {
        double exact = 1 / scale;
        Numeric.Derivative(Math.Log, scale, NumericMethod.Adaptive).ShouldBe(exact, 1e-6 * exact);
        Numeric.Derivative(Math.Log, scale).ShouldBe(exact, 1e-8 * exact);
    }

    [Fact]
    public void Ridders_starts_again_where_the_function_is_not_defined() =>
        Numeric.Ridders(Math.Log, 1e-6, 1).Value.ShouldBe(1e6, 1e-2);

    public static TheoryData<string, Func<double, double>, double, double> Narrow => new()
    {
        { "the end of the domain within the first step", Math.Acos, 0.9, -1 / Math.Sqrt(1 - 0.81) },
        { "poles within the first step", x => 1 / Math.Tan(7 / x), 0.4, 43.75 / Math.Pow(Math.Sin(17.5), 2) },
        { "a pole at 22 hundredths", x => 1 / Math.Cos(Math.Pow(x, 4)), 2.1, 30.5802312518642 },
        { "an oscillation far below the first step", x => Math.Sin(1000 * x), 0.4, 1000 * Math.Cos(400) },
        { "a steep slope", x => Math.Exp(50 * x), 2, 50 * Math.Exp(100) },
    };

    [Theory, MemberData(nameof(Narrow))]
    public void Extrapolation_sees_what_lies_within_its_first_step(string what, Func<double, double> f, double x, double exact)
    {
        NumericDerivative derivative = Numeric.Ridders(f, x);
        derivative.Value.ShouldBe(exact, 1e-10 * Math.Abs(exact), what);
        Math.Abs(derivative.Value - exact).ShouldBeLessThan(100 * derivative.Error);
    }

    [Theory, InlineData(1, 1e-13), InlineData(2, 1e-12), InlineData(3, 1e-11), InlineData(4, 1e-10), InlineData(5, 1e-9),
        InlineData(6, 1e-6)]
    public void Higher_orders_lose_about_a_digit_each(int order, double tolerance)
    {
        int calls = 0;
        NumericDerivative derivative = Numeric.Ridders(x => { calls++; return Math.Exp(2 * x); }, 0.3, order: order);
        derivative.Value.ShouldBe(Math.Pow(2, order) * Math.Exp(0.6), tolerance * Math.Pow(2, order));
        derivative.Evaluations.ShouldBe(calls);
        (calls % (order + 1)).ShouldBe(0);
    }

    [Fact]
    public void Mixed_derivatives_by_nested_differences()
    {
        double[] x = [0.7, -1.2];
        int calls = 0;
        double F(double[] at)
        {
            calls++;
            return Math.Exp(at[0] * at[1]) * Math.Sin(at[1]);
        }
        NumericDerivative mixed = Numeric.Partial(F, x, 0, 1);
        double e = Math.Exp(-0.84), exact = e * ((1 - 0.84) * Math.Sin(-1.2) - 1.2 * Math.Cos(-1.2));
        mixed.Value.ShouldBe(exact, 1e-11);
        mixed.Evaluations.ShouldBe(calls);
        Numeric.Partial(F, x, 1, 0).Value.ShouldBe(exact, 1e-11);
        Numeric.Partial(F, x, 0, 0, 0).Value.ShouldBe(Math.Pow(-1.2, 3) * e * Math.Sin(-1.2), 1e-9);
        x.ShouldBe([0.7, -1.2]);
        Should.Throw<ArgumentException>(() => Numeric.Partial(F, x)).Message.ShouldContain("a variable to differentiate by");
        Should.Throw<ArgumentOutOfRangeException>(() => Numeric.Partial(F, x, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Numeric.Partial(F, x, -1));
    }

    [Fact]
    public void Nowhere_defined_gives_no_number()
    {
        NumericDerivative derivative = Numeric.Ridders(_ => double.NaN, 1);
        derivative.Value.ShouldBe(double.NaN);
        derivative.Error.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void A_constant_and_a_line_are_exact()
    {
        Numeric.Derivative(_ => 3, 1).ShouldBe(0);
        Numeric.Derivative(x => 2 * x, 4).ShouldBe(2, 1e-14);
        Numeric.Derivative(x => 2 * x, 4, NumericMethod.Adaptive).ShouldBe(2, 1e-9);
    }

    [Theory, InlineData(NumericMethod.Forward, 6), InlineData(NumericMethod.Central, 10), InlineData(NumericMethod.Adaptive, 30)]
    public void A_gradient_costs_evaluations_in_proportion_to_its_length(NumericMethod method, int evaluations)
    {
        int calls = 0;
        double[] x = [1, 2, 3, 4, 5];
        NumericGradient gradient = Numeric.EstimateGradient(at => { calls++; return at.Sum(v => v * v * v); }, x, method);
        gradient.Evaluations.ShouldBe(evaluations);
        calls.ShouldBe(evaluations);
        for (int i = 0; i < x.Length; i++) gradient.Values[i].ShouldBe(3 * x[i] * x[i], 1e-4);
        x.ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Steps_must_be_positive()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Numeric.Forward(Math.Sin, 1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Numeric.Central(Math.Sin, 1, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => Numeric.Ridders(Math.Sin, 1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Numeric.Ridders(Math.Sin, 1, order: 0));
    }
}
