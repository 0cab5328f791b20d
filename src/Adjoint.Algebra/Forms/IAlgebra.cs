namespace Adjoint;

/// <summary>
/// The operations a formula may use. A function written once as
/// <c>static V F&lt;V&gt;(V x, V y) where V : IAlgebra&lt;V&gt;</c> is evaluated, vectorised, recorded, or differentiated
/// numerically, symbolically, forward and in reverse, depending only on which <typeparamref name="V"/> it is read over.
/// </summary>
/// <typeparam name="V">The number type: one number, one SIMD register, a tensor, a dual number, a tape entry, a formula.</typeparam>
public interface IAlgebra<V> where V : IAlgebra<V>
{
    /// <summary>The constant <paramref name="value"/> as a <typeparamref name="V"/>; its derivative is zero.</summary>
    static abstract V Constant(double value);

    /// <summary>x + y.</summary>
    static abstract V operator +(V x, V y);

    /// <summary>x − y.</summary>
    static abstract V operator -(V x, V y);

    /// <summary>x · y.</summary>
    static abstract V operator *(V x, V y);

    /// <summary>x / y.</summary>
    static abstract V operator /(V x, V y);

    /// <summary>−x.</summary>
    static abstract V operator -(V x);

    /// <summary>x + c.</summary>
    static virtual V operator +(V x, double c) => x + V.Constant(c);

    /// <summary>c + x.</summary>
    static virtual V operator +(double c, V x) => V.Constant(c) + x;

    /// <summary>x − c.</summary>
    static virtual V operator -(V x, double c) => x - V.Constant(c);

    /// <summary>c − x.</summary>
    static virtual V operator -(double c, V x) => V.Constant(c) - x;

    /// <summary>x · c.</summary>
    static virtual V operator *(V x, double c) => x * V.Constant(c);

    /// <summary>c · x.</summary>
    static virtual V operator *(double c, V x) => V.Constant(c) * x;

    /// <summary>x / c.</summary>
    static virtual V operator /(V x, double c) => x / V.Constant(c);

    /// <summary>c / x.</summary>
    static virtual V operator /(double c, V x) => V.Constant(c) / x;

    /// <summary>The primitive function <typeparamref name="TOp"/> of x: exp, log, sin and the others that are not composed.</summary>
    static abstract V Apply<TOp>(V x) where TOp : struct, IPrimitive;

    /// <summary>
    /// Another operation inside a formula. By default its own formula stands in its place; a reading that keeps operations whole
    /// (tensors record one node for it) overrides this.
    /// </summary>
    static virtual V Apply<TOp>(TOp op, V x) where TOp : struct, IUnaryOp => op.Value(x);

    /// <summary>
    /// The same as <see cref="Apply{TOp}(V)"/>; over registers, with the code of the function in place of a call: for functions whose
    /// loops should contain no call. See Note [Calls in formulas] in <see cref="IPrimitive"/>.
    /// </summary>
    static virtual V Inlined<TOp>(V x) where TOp : struct, IPrimitive => V.Apply<TOp>(x);

    /// <summary>The same as <see cref="Apply{TOp}(TOp,V)"/>, as <see cref="Inlined{TOp}(V)"/>.</summary>
    static virtual V Inlined<TOp>(TOp op, V x) where TOp : struct, IUnaryOp => V.Apply(op, x);

    /// <summary>The primitive function <typeparamref name="TOp"/> of x and y: pow, atan2.</summary>
    static abstract V Apply<TOp>(V x, V y) where TOp : struct, IBinaryPrimitive;

    /// <summary>The same, as <see cref="Inlined{TOp}(V)"/>.</summary>
    static virtual V Inlined<TOp>(V x, V y) where TOp : struct, IBinaryPrimitive => V.Apply<TOp>(x, y);

    /// <summary>
    /// Whether x is certainly zero together with every derivative it carries; false where finding out would cost something.
    /// What is multiplied by such an x is left out, so that an infinite slope at a constant does no harm.
    /// </summary>
    static virtual bool IsZero(V x) => false;

    /// <summary>
    /// Whether what is computed is itself a formula, for people to read: then a rule is the one of the textbook, rather than one that
    /// keeps its digits, and does not overflow, at every argument.
    /// </summary>
    static virtual bool IsFormula => false;

    /// <summary><paramref name="then"/> where x &lt; y, otherwise <paramref name="otherwise"/> (also when x or y is NaN).</summary>
    static abstract V IfLess(V x, V y, V then, V otherwise);

    /// <summary><paramref name="then"/> where x = y, otherwise <paramref name="otherwise"/> (also when x or y is NaN).</summary>
    static abstract V IfEqual(V x, V y, V then, V otherwise);
}
