namespace Adjoint.Tests.Surface;

/// <summary>The sum of squares of however many numbers there are: a function of the caller's that fails for none.</summary>
internal readonly struct SquaredNorm : IUnaryFunction, IFunction, IVectorFunction
{
    public int Outputs => 2;

    public V Invoke<V>(V x) where V : IAlgebra<V> => x * x;

    public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>
    {
        V sum = V.Constant(0);
        foreach (V each in x) sum += each * each;
        return sum;
    }

    public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V> => y.Fill(Invoke(x));
}
