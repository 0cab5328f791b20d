namespace Adjoint.Tests.Scalars;

public class TapeTests
{
    [Fact]
    public void One_sweep_gives_all_adjoints()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x1 = tape.Variable(2), x2 = tape.Variable(5);
        Var<Real<double>> v1 = x1.Log(), v2 = x1 * x2, v3 = x2.Sin(), v4 = v1 + v2, v5 = v4 - v3;
        tape.Backward(v5);
        double[] adjoints = [.. new[] { v5, v4, v3, v2, v1, x1, x2 }.Select(v => tape.Adjoint(v).Value)];
        adjoints[..5].ShouldBe([1, 1, -1, 1, 1]);
        adjoints[5].ShouldBe(5.5, 1e-14);
        adjoints[6].ShouldBe(2 - Math.Cos(5), 1e-14);
        tape.Length.ShouldBe(7);
    }

    [Fact]
    public void Using_a_number_twice_adds_up()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x = tape.Variable(3), y = x * x + x / x - x;
        tape.Backward(y);
        tape.Adjoint(x).Value.ShouldBe(5);
    }

    [Fact]
    public void Variables_may_be_made_between_operations()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x = tape.Variable(2), y = x * x;
        ReadOnlySpan<Var<Real<double>>> late = tape.Variables([new(3), new(4)]);
        Var<Real<double>> z = y * late[0] * late[1] + tape.Variable(5);
        tape.Backward(z);
        (tape.Adjoint(x).Value, tape.Adjoint(late[0]).Value, tape.Adjoint(late[1]).Value).ShouldBe((48, 16, 12));
        tape.Backward(x);
        (tape.Adjoint(x).Value, tape.Adjoint(y).Value).ShouldBe((1, 0));

        // A shorter program on the same memory must not see the entries of the longer one.
        tape.Reset();
        ReadOnlySpan<Var<Real<double>>> two = tape.Variables([new(3), new(4)]);
        tape.Backward(two[1]);
        (tape.Adjoint(two[0]).Value, tape.Adjoint(two[1]).Value).ShouldBe((0, 1));
        tape.Backward(two[0] * two[1]);
        (tape.Adjoint(two[0]).Value, tape.Adjoint(two[1]).Value).ShouldBe((4, 3));
    }

    [Fact]
    public void Constants_are_not_recorded()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x = tape.Variable(3), c = Var<Real<double>>.Constant(2), d = (c * c + 1).Exp() / 2;
        d.IsConstant.ShouldBeTrue();
        tape.Length.ShouldBe(1);
        tape.Backward(x * c + c * x);
        tape.Adjoint(x).Value.ShouldBe(4);
        tape.Adjoint(c).Value.ShouldBe(0);
        tape.Backward(d);
        tape.Adjoint(x).Value.ShouldBe(0);
        tape.Backward(x * x.Detach());
        tape.Adjoint(x).Value.ShouldBe(3);
    }

    [Fact]
    public void Several_results_with_seeds_are_a_vector_jacobian_product()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x = tape.Variable(2), y = x * x, z = x.Exp();
        tape.Backward([y, z], [new(10), new(1)]);
        tape.Adjoint(x).Value.ShouldBe(40 + Math.Exp(2), 1e-13);
        tape.Adjoint(z).Value.ShouldBe(1);
        Should.Throw<ArgumentException>(() => tape.Backward([y, z], [new(10)])).Message.ShouldContain("2 results need 2 seeds");
    }

    [Fact]
    public void What_is_newer_than_the_result_has_no_adjoint()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x = tape.Variable(2), y = x * x, later = y * y;
        tape.Backward(later);
        tape.Backward(y);
        tape.Adjoint(later).Value.ShouldBe(0);
        tape.Adjoint(x).Value.ShouldBe(4);
    }

    [Fact]
    public void A_reused_tape_allocates_nothing()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => 1 + 0.01 * i)], gradient = new double[100];
        for (int warm = 0; warm < 3; warm++) Scalar.Reverse.Gradient(new Rosenbrock(), x, gradient);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 10; k++) Scalar.Reverse.Gradient(new Rosenbrock(), x, gradient);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_million_operations()
    {
        Tape<Real<double>> tape = new(capacity: 0);
        Var<Real<double>> x = tape.Variable(1), y = x;
        for (int k = 0; k < 1_000_000; k++) y += x;
        tape.Backward(y);
        tape.Adjoint(x).Value.ShouldBe(1_000_001);
        tape.Length.ShouldBe(1_000_001);
    }

    [Fact]
    public void A_number_from_before_a_reset_is_an_error()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> old = tape.Variable(1);
        tape.Reset();
        Var<Real<double>> x = tape.Variable(2);
        Should.Throw<InvalidOperationException>(() => old * x).Message.ShouldContain("Reset");
        Should.Throw<InvalidOperationException>(() => old.Sin()).Message.ShouldContain("Reset");
        Should.Throw<InvalidOperationException>(() => tape.Backward(old));
        Should.Throw<InvalidOperationException>(() => tape.Adjoint(x)).Message.ShouldContain("Backward");
    }

    [Fact]
    public void Two_tapes_in_one_operation_are_an_error() =>
        Should.Throw<InvalidOperationException>(() => new Tape<Real<double>>().Variable(1) + new Tape<Real<double>>().Variable(2))
            .Message.ShouldContain("two different tapes");

    [Fact]
    public void Every_thread_has_its_tape()
    {
        double[] sums = new double[8];
        Parallel.For(0, sums.Length, thread =>
        {
            for (int k = 0; k < 200; k++)
            {
                double[] x = [.. Enumerable.Range(0, 20).Select(i => 1 + 0.1 * thread + 0.01 * i)];
                double[] reverse = Scalar.Reverse.Gradient(new Rosenbrock(), x), forward = Scalar.Forward.Gradient(new Rosenbrock(), x);
                sums[thread] = Math.Max(sums[thread], reverse.Zip(forward, (r, f) => Math.Abs(r - f)).Max());
            }
        });
        sums.Max().ShouldBeLessThan(1e-9);
    }

    [Fact]
    public void A_program_may_branch_and_loop()
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>> x = tape.Variable(3), y = x, bound = Var<Real<double>>.Constant(100);
        int steps = 0;
        while (y < bound)
        {
            y *= x;
            steps++;
        }
        steps.ShouldBe(4);
        tape.Backward(y > bound ? y : -y);
        tape.Adjoint(x).Value.ShouldBe(5 * 81);
    }

    [Fact]
    public void A_gradient_inside_a_function_does_not_disturb_the_outer_tape() =>
        Scalar.Reverse.Gradient(new WithGradientInside(), [3.0]).ShouldBe([5.5]);

    [Fact]
    public void A_function_that_throws_does_not_spoil_the_next_gradient()
    {
        Should.Throw<FormatException>(() => Scalar.Reverse.Gradient(new Throwing(), [1.0, 2.0]));
        Scalar.Reverse.Gradient(new Lecture(), [2.0, 5.0])[0].ShouldBe(5.5, 1e-14);
    }

    [Fact]
    public void Reverse_over_reverse()
    {
        Tape<Var<Real<double>>> outer = new();
        Tape<Real<double>> inner = new();
        Var<Real<double>> x = inner.Variable(2);
        Var<Var<Real<double>>> lifted = outer.Variable(x);
        outer.Backward(lifted * lifted * lifted);
        Var<Real<double>> slope = outer.Adjoint(lifted);
        slope.Value.Value.ShouldBe(12);
        inner.Backward(slope);
        inner.Adjoint(x).Value.ShouldBe(12);
    }

    /// <summary>x₀ times the gradient of the lecture's function at (2, 5), a number.</summary>
    private readonly struct WithGradientInside : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            V y = x[0] * 1;
            double slope = Scalar.Reverse.Gradient(new Lecture(), [2.0, 5.0])[0];
            return y * slope;
        }
    }

    private readonly struct Throwing : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => throw new FormatException($"{x[0] * x[1]}");
    }
}
