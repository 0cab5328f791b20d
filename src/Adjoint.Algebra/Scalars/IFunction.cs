namespace Adjoint;

/// <summary>
/// A function Rⁿ → R written once, so that one and the same formula is evaluated and differentiated by every method:
/// numerically, symbolically, forward and in reverse. (C# delegates cannot be generic; a struct with a generic method can.)
/// </summary>
/// <example><code>
/// readonly struct Lecture : IFunction
/// {
///     public V Invoke&lt;V&gt;(ReadOnlySpan&lt;V&gt; x) where V : IAlgebra&lt;V&gt; => x[0].Log() + x[0] * x[1] - x[1].Sin();
/// }
///
/// double[] gradient = Scalar.Gradient(new Lecture(), [2, 5]);
/// </code></example>
public interface IFunction
{
    /// <summary>y = f(x).</summary>
    /// <typeparam name="V">How the formula is read: a number, a dual number, a tape entry, a symbolic expression.</typeparam>
    /// <param name="x">The n arguments.</param>
    V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V>;
}
