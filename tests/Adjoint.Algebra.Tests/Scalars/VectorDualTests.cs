namespace Adjoint.Tests.Scalars;

public class VectorDualTests
{
    [Fact]
    public void Every_direction_equals_a_dual_of_its_own()
    {
        double[] x = [.. Enumerable.Range(0, VectorDual.Width).Select(i => 1 + 0.1 * i)];
        VectorDual y = new Mixed().Invoke<VectorDual>([.. x.Select(VectorDual.Variable)]);
        for (int k = 0; k < x.Length; k++)
        {
            Dual<Real<double>>[] along = [.. x.Select((value, i) => new Dual<Real<double>>(new(value), new(i == k ? 1 : 0)))];
            Dual<Real<double>> expected = new Mixed().Invoke<Dual<Real<double>>>(along);
            y.Value.ShouldBe(expected.Value.Value, 1e-14 * Math.Abs(y.Value));
            y.Tangent(k).ShouldBe(expected.Tangent.Value, 1e-12 * Math.Max(1, Math.Abs(expected.Tangent.Value)));
        }
    }

    [Fact]
    public void A_direction_out_of_range_is_an_error()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => VectorDual.Variable(1, VectorDual.Width));
        Should.Throw<ArgumentOutOfRangeException>(() => VectorDual.Constant(1).Tangent(-1));
    }

    [Theory, InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(50)]
    public void Gradients_of_any_length(int n)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(i => 0.5 + Math.Sin(i))];
        double[] forward = Scalar.Forward.Gradient(new Rosenbrock(), x), reverse = Scalar.Reverse.Gradient(new Rosenbrock(), x);
        for (int i = 0; i < n; i++) forward[i].ShouldBe(reverse[i], 1e-11 * Math.Max(1, Math.Abs(reverse[i])));
    }

    /// <summary>Every operator, with numbers on either side.</summary>
    private readonly struct Mixed : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            V y = x[0];
            for (int i = 1; i < x.Length; i++)
            {
                y = (i % 4) switch
                {
                    0 => y + x[i] * x[i - 1] - 2,
                    1 => (3 - y) * x[i] / 2,
                    2 => -(x[i] / (y * y + 1)) + 1 / x[i],
                    _ => (1.5 + y.Sin() * 2).Log() + (x[i] - 1) * 0.5 - x[i].Pow(x[i - 1]),
                };
            }
            return y;
        }
    }
}
