namespace Adjoint.Tests.Scalars;

public class TaylorTests
{
    [Fact]
    public void High_orders_equal_closed_forms()
    {
        double[] sin = Scalar.Derivatives(new Sine(), 0.7, 12), exp = Scalar.Derivatives(new Exponential(), 0.7, 12),
            log = Scalar.Derivatives(new Logarithm(), 0.7, 12);
        double factorial = 1;
        for (int n = 0; n <= 12; n++)
        {
            if (n > 1) factorial *= n - 1;
            sin[n].ShouldBe(Math.Sin(0.7 + n * Math.PI / 2), 1e-12);
            exp[n].ShouldBe(Math.Pow(2, n) * Math.Exp(1.4), 1e-12 * Math.Pow(2, n) * Math.Exp(1.4));
            double expected = n == 0 ? Math.Log(0.7) : (n % 2 == 1 ? 1 : -1) * factorial / Math.Pow(0.7, n);
            log[n].ShouldBe(expected, 1e-12 * Math.Abs(expected));
        }
    }

    [Fact]
    public void Polynomials_end()
    {
        Scalar.Derivatives(new Cube(), 2, 6).ShouldBe([5, 12, 12, 6, 0, 0, 0]);
        Scalar.Derivative(new Cube(), 2, 2).ShouldBe(12);
        Should.Throw<ArgumentOutOfRangeException>(() => Scalar.Derivative(new Cube(), 2, -1));
    }

    /// <summary>tan′ = 1 + tan², so the fifth derivative is 16 + 136 t² + 240 t⁴ + 120 t⁶.</summary>
    [Fact]
    public void Quotients_and_functions_that_save_their_value()
    {
        double t = Math.Tan(0.4), expected = 16 + 136 * t * t + 240 * Math.Pow(t, 4) + 120 * Math.Pow(t, 6);
        Scalar.Derivative(new Quotient(), 0.4, 5).ShouldBe(expected, 1e-11 * expected);
        Scalar.Derivative(new Tangent(), 0.4, 5).ShouldBe(expected, 1e-11 * expected);
    }

    [Theory, MemberData(nameof(OperationCase.All), MemberType = typeof(OperationCase))]
    public void Every_operation_to_the_second_order(OperationCase operation)
    {
        foreach (OperationCase.Sample sample in operation.Samples())
        {
            sample.Series[1].ShouldBe(sample.Forward, 1e-10 * Math.Max(1, Math.Abs(sample.Forward)));
            sample.Series[2].ShouldBe(sample.Second, 1e-10 * Math.Max(1, Math.Abs(sample.Second)));
        }
    }

    private readonly struct Sine : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Sin(); }

    private readonly struct Exponential : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => (2 * x).Exp(); }

    private readonly struct Logarithm : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Log(); }

    private readonly struct Cube : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x * x * x - 3; }

    private readonly struct Quotient : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Sin() / x.Cos(); }

    private readonly struct Tangent : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Tan(); }
}
