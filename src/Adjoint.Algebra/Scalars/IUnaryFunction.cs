namespace Adjoint;

/// <summary>A function R → R written once and read by every method of differentiation; see <see cref="IFunction"/>.</summary>
public interface IUnaryFunction
{
    /// <summary>y = f(x).</summary>
    /// <typeparam name="V">How the formula is read: a number, a dual number, a tape entry, a symbolic expression.</typeparam>
    V Invoke<V>(V x) where V : IAlgebra<V>;
}
