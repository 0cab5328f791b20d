namespace Adjoint.Tests.Scalars;

public class RowSweepTests
{
    /// <summary>37 results (two full sweeps and a part of one) that share much, little and nothing, some with infinite slopes.</summary>
    private readonly struct Mixture : IVectorFunction
    {
        public int Outputs => 37;

        public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
        {
            V shared = x[0] * x[1].Sin();
            for (int i = 0; i < y.Length; i++)
                y[i] = (i % 7) switch
                {
                    0 => shared * x[i % x.Length] + i,
                    1 => x[2],
                    2 => V.Constant(i),
                    3 => x[3].Sqrt() * x[0],                          // x[3] is 0: an infinite slope
                    4 => (0 * x[3].Sqrt()) + shared,                  // 0·∞ along x[3], nothing wrong along the others
                    5 => y[i - 5] / (x[1] + i),
                    _ => (x[0] - x[0]) * x[3].Sqrt() + x[2] * x[2],
                };
        }
    }

    [Fact]
    public void Sixteen_rows_at_once_are_what_each_row_is_alone()
    {
        double[] x = [1.5, -0.7, 2, 0];
        Jacobian jacobian = Scalar.Reverse.Jacobian(new Mixture(), x);
        jacobian.Passes.ShouldBe(37);
        for (int i = 0; i < jacobian.Rows; i++)
        {
            double[] row = Alone(i, x);
            for (int j = 0; j < x.Length; j++) jacobian[i, j].ShouldBe(row[j], $"∂y{i}/∂x{j}");
        }
        double.IsNaN(jacobian[4, 3]).ShouldBeTrue();
        jacobian[3, 3].ShouldBe(double.PositiveInfinity);
        jacobian[2, 3].ShouldBe(0);
    }

    private static double[] Alone(int i, double[] x)
    {
        Tape<Real<double>> tape = new();
        Var<Real<double>>[] variables = [.. tape.Variables([.. x.Select(v => new Real<double>(v))])], y = new Var<Real<double>>[37];
        new Mixture().Invoke<Var<Real<double>>>(variables, y);
        if (y[i].IsConstant) return new double[x.Length];
        tape.Backward(y[i]);
        return [.. variables.Select(v => tape.Adjoint(v).Value)];
    }

    [Theory, InlineData(1), InlineData(7), InlineData(8), InlineData(17)]
    public void Long_tapes_and_few_rows_are_swept_one_by_one_with_the_same_result(int rows)
    {
        double[] x = [0.5, 0.999];
        foreach (int steps in (int[])[10, 300_000 / rows])
        {
            Jacobian jacobian = Scalar.Reverse.Jacobian(new Powers(rows, steps), x);
            for (int i = 0; i < rows; i++)
            {
                jacobian[i, 0].ShouldBe((i + 1) * Math.Pow(0.999, steps), 1e-12);
                jacobian[i, 1].ShouldBe((i + 1) * 0.5 * steps * Math.Pow(0.999, steps - 1), 1e-9);
            }
        }
    }

    /// <summary>yᵢ = (i + 1)·x₀·x₁ⁿ, multiplied out.</summary>
    private readonly struct Powers(int rows, int steps) : IVectorFunction
    {
        public int Outputs => rows;

        public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
        {
            for (int i = 0; i < y.Length; i++)
            {
                V power = x[0];
                for (int k = 0; k < steps; k++) power = power * x[1];
                y[i] = (i + 1) * power;
            }
        }
    }

    [Fact]
    public void No_results_and_no_arguments()
    {
        Scalar.Reverse.Jacobian(new Nothing(), [1, 2]).Rows.ShouldBe(0);
        Scalar.Reverse.Jacobian(new Fixed(), []).Columns.ShouldBe(0);
    }

    private readonly struct Nothing : IVectorFunction
    {
        public int Outputs => 0;

        public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
        {
        }
    }

    private readonly struct Fixed : IVectorFunction
    {
        public int Outputs => 2;

        public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V> => y.Fill(V.Constant(3));
    }
}
