namespace Adjoint.Tests.Scalars;

/// <summary>ln x₀ + x₀x₁ − sin x₁, the lecture's example.</summary>
internal readonly struct Lecture : IFunction
{
    public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => x[0].Log() + x[0] * x[1] - x[1].Sin();
}

/// <summary>Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)².</summary>
internal readonly struct Rosenbrock : IFunction
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

/// <summary>(r, φ) ↦ (r cos φ, r sin φ, r²): one more result than arguments.</summary>
internal readonly struct Polar : IVectorFunction
{
    public int Outputs => 3;

    public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
    {
        y[0] = x[0] * x[1].Cos();
        y[1] = x[0] * x[1].Sin();
        y[2] = x[0] * x[0];
    }
}

/// <summary>Two sums over any number of arguments: Σ xᵢ² and Σ (i+1)·eˣᵢ.</summary>
internal readonly struct TwoSums : IVectorFunction
{
    public int Outputs => 2;

    public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
    {
        y[0] = V.Constant(0);
        y[1] = V.Constant(0);
        for (int i = 0; i < x.Length; i++)
        {
            y[0] = y[0] + x[i] * x[i];
            y[1] = y[1] + (i + 1) * x[i].Exp();
        }
    }
}

/// <summary>√x above 0, otherwise 3x: at 0 the branch not taken has an infinite slope.</summary>
internal readonly struct Branch : IUnaryFunction
{
    public V Invoke<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, x.Sqrt(), x * 3);
}
