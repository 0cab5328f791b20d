namespace Adjoint.Benchmarks.Scalars;

/// <summary>The jobs of benchmarks/scalar/jobs.hpp, word for word, over any algebra.</summary>
internal static class ScalarJobs
{
    public const int Size = 1000;
    public const int Side = 100;

    /// <summary>A thousand times v = v·x + b, of (v₀, x, b).</summary>
    public readonly struct Loop : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            V v = x[0], factor = x[1], summand = x[2];
            for (int k = 0; k < Size; k++) v = v * factor + summand;
            return v;
        }
    }

    /// <summary>Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².</summary>
    public readonly struct Rosenbrock : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            V sum = V.Constant(0);
            for (int i = 0; i + 1 < x.Length; i++)
            {
                V bend = x[i + 1] - x[i] * x[i], gap = 1 - x[i];
                sum = sum + (100 * (bend * bend) + gap * gap);
            }
            return sum;
        }
    }

    /// <summary>Speelpenning's product of all arguments.</summary>
    public readonly struct Product : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            V product = x[0];
            for (int i = 1; i < x.Length; i++) product = product * x[i];
            return product;
        }
    }

    /// <summary>(w·x + b − y)² of (w, b).</summary>
    public readonly struct Neuron(double x, double y) : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> p) where V : IAlgebra<V>
        {
            V error = p[0] * x + p[1] - y;
            return error * error;
        }
    }

    /// <summary>tanh(A·x).</summary>
    public readonly struct TanhOfProduct(double[] a) : IVectorFunction
    {
        public int Outputs => Side;

        public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
        {
            for (int i = 0; i < y.Length; i++)
            {
                ReadOnlySpan<double> row = a.AsSpan(i * x.Length, x.Length);
                V sum = V.Constant(0);
                for (int j = 0; j < row.Length; j++) sum = sum + row[j] * x[j];
                y[i] = sum.Tanh();
            }
        }
    }

    /// <summary>One row of <see cref="TanhOfProduct"/>.</summary>
    public readonly struct TanhOfRow(double[] a, int row) : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
        {
            ReadOnlySpan<double> factors = a.AsSpan(row * x.Length, x.Length);
            V sum = factors[0] * x[0];
            for (int j = 1; j < factors.Length; j++) sum = sum + factors[j] * x[j];
            return sum.Tanh();
        }
    }

    public static double[] Start() => [.. Enumerable.Range(0, Size).Select(i => 1 + 0.001 * Math.Sin(i))];

    public static double[] Matrix() => [.. Enumerable.Range(0, Side * Side).Select(k => 0.1 * Math.Sin(100 * (k / Side) + k % Side))];

    public static double[] At() => [.. Enumerable.Range(0, Side).Select(j => Math.Cos(j))];
}
