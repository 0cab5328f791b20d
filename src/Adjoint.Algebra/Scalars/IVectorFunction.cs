namespace Adjoint;

/// <summary>A function Rⁿ → Rᵐ written once and read by every method of differentiation; see <see cref="IFunction"/>.</summary>
public interface IVectorFunction
{
    /// <summary>m: how many values the function has.</summary>
    int Outputs { get; }

    /// <summary>Writes f(x) to <paramref name="y"/>.</summary>
    /// <typeparam name="V">How the formula is read: a number, a dual number, a tape entry, a symbolic expression.</typeparam>
    /// <param name="x">The n arguments.</param>
    /// <param name="y">The <see cref="Outputs"/> values; every one must be assigned.</param>
    void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>;
}
