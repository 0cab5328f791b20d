namespace Adjoint.Tests.Scalars;

public class DualTests
{
    [Fact]
    public void Tangent_is_the_derivative()
    {
        Dual<Real<double>> x = Dual<Real<double>>.Variable(new(2)), y = Dual<Real<double>>.Constant(new Real<double>(5));
        Dual<Real<double>> z = new Lecture().Invoke<Dual<Real<double>>>([x, y]);
        z.Value.Value.ShouldBe(Math.Log(2) + 10 - Math.Sin(5), 1e-14);
        z.Tangent.Value.ShouldBe(5.5, 1e-14);
    }

    /// <summary>d/dx (x · d/dy (x + y)) is 1; confusing the two infinitesimals gives 2.</summary>
    [Fact]
    public void Nested_infinitesimals_are_not_confused()
    {
        Dual<Real<double>> x = Dual<Real<double>>.Variable(new(1));
        Dual<Dual<Real<double>>> y = Dual<Dual<Real<double>>>.Variable(Dual<Real<double>>.Constant(1));
        Dual<Real<double>> inner = (Dual<Dual<Real<double>>>.Constant(x) + y).Tangent;
        (x * inner).Tangent.Value.ShouldBe(1);
    }

    [Fact]
    public void Five_levels_give_the_fifth_derivative()
    {
        var x = Lift(Lift(Lift(Lift(Lift(new Real<double>(0.7))))));
        var y = x.Sin() * (2 * x).Exp();
        double expected = Math.Pow(5, 2.5) * Math.Exp(1.4) * Math.Sin(0.7 + 5 * Math.Atan2(1, 2));
        y.Tangent.Tangent.Tangent.Tangent.Tangent.Value.ShouldBe(expected, 1e-11 * Math.Abs(expected));

        static Dual<V> Lift<V>(V value) where V : IAlgebra<V> => Dual<V>.Variable(value);
    }

    [Fact]
    public void A_select_takes_the_tangent_of_its_branch_alone()
    {
        Scalar.Forward.Derivative(new Branch(), 0).ShouldBe(3);
        Scalar.Forward.Derivative(new Branch(), 4).ShouldBe(0.25);
        Scalar.Reverse.Derivative(new Branch(), 0).ShouldBe(3);
        Scalar.Reverse.Derivative(new Branch(), 4).ShouldBe(0.25);
    }

    [Fact]
    public void A_constant_beside_an_infinite_slope_does_no_harm()
    {
        Scalar.Forward.Derivative(new RootOfZeroPlusX(), 3).ShouldBe(1);
        Scalar.Forward.Gradient(new PowerOfNegative(), [-2.0]).ShouldBe([-4.0]);
        Scalar.Reverse.Gradient(new PowerOfNegative(), [-2.0]).ShouldBe([-4.0]);
        Scalar.Hessian(new PowerOfNegative(), [-2.0])[0, 0].ShouldBe(2);
    }

    [Fact]
    public void Programs_may_branch_on_the_primal_part()
    {
        Dual<Real<double>> x = Dual<Real<double>>.Variable(new(3)), zero = Dual<Real<double>>.Constant(0.0);
        Dual<Real<double>> y = x > zero ? x * x : -x;
        y.Tangent.Value.ShouldBe(6);
        (x < zero).ShouldBeFalse();
    }

    [Fact]
    public void Works_over_floats() =>
        new Lecture().Invoke<Dual<Real<float>>>([Dual<Real<float>>.Variable(new(2)), Dual<Real<float>>.Constant(5)])
            .Tangent.Value.ShouldBe(5.5f, 1e-6f);

    private readonly struct RootOfZeroPlusX : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => V.Constant(0).Sqrt() + x;
    }

    private readonly struct PowerOfNegative : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => x[0].Pow(V.Constant(2));
    }
}
