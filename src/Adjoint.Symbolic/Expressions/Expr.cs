namespace Adjoint.Symbolic;

/// <summary>
/// A formula. Immutable; equal when it says the same (sums and products up to the order of their operands).
/// It is a reading of <see cref="IAlgebra{V}"/>, so any function written once as
/// <c>static V F&lt;V&gt;(V x, V y) where V : IAlgebra&lt;V&gt;</c> yields its formula when called with a <see cref="Variable"/>
/// for each argument.
/// </summary>
/// <remarks>
/// Operators build what was written, left to right, and simplify nothing but arithmetic between constants and the neutral
/// elements (x + 0, x · 1, x · 0); <see cref="Simplify()"/> does the rest. A difference x − y is the sum x + (−1)·y and a
/// quotient x / y the product x · y⁻¹; <see cref="ToString()"/> writes them with − and / again.
/// </remarks>
public abstract partial record Expr : IAlgebra<Expr>
{
    private readonly int _hash;
    private readonly int _depth;

    private protected Expr(int hash, params ReadOnlySpan<Expr> operands)
    {
        foreach (var operand in operands) _depth = Math.Max(_depth, operand._depth + 1);
        _hash = HashCode.Combine(hash, _depth);
    }

    /// <summary>The operands, left to right; empty for constants and variables.</summary>
    public abstract IReadOnlyList<Expr> Operands { get; }

    /// <summary>The same operation on other operands, as many as <see cref="Operands"/>.</summary>
    internal abstract Expr With(IReadOnlyList<Expr> operands);

    /// <summary>Structural equality; sums and products are equal up to the order of their operands.</summary>
    public virtual bool Equals(Expr? other)
    {
        // Note [Equality of formulas]: a formula is a tree in meaning and often a directed graph in memory. Hash and depth are
        // computed once, when a node is made, so different formulas part at once and shared ones are the same reference.
        // The depth matters: iterating a hash x ↦ h(x, x) runs into a cycle after some ten thousand steps, and in a deep formula
        // nodes a whole cycle apart would then have to be compared down to the leaves, again and again.
        if (ReferenceEquals(this, other)) return true;
        if (other is null || _hash != other._hash || _depth != other._depth || EqualityContract != other.EqualityContract) return false;
        CheckStack();
        return true;
    }

    /// <summary>Asked by what goes through formulas by calling itself for every operation inside another.</summary>
    /// <exception cref="InsufficientExecutionStackException">The stack of the thread is about to end.</exception>
    internal void CheckStack()
    {
        if (UserCode.HasStack) return;
        throw new InsufficientExecutionStackException("A formula is nested so deeply that the stack of this thread ends before all of "
            + "it is printed, "
            + $"compared, compiled or simplified; at this place {_depth} operations still lie inside each other. Do it in a new "
                + "Thread(…, maxStackSize) with a larger one.");
    }

    /// <summary>The hash computed when the node was made.</summary>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public static bool IsFormula => true;

    /// <summary>The number <paramref name="value"/>, exact when it is a whole number or a short decimal.</summary>
    public static Expr Constant(double value) => Numeral.Of(value);

    /// <summary>A number as a formula.</summary>
    public static implicit operator Expr(double value) => Numeral.Of(value);

    /// <summary>An exact fraction as a formula.</summary>
    public static implicit operator Expr(Rational value) => new Numeral(value);

    /// <summary>x + y.</summary>
    public static Expr operator +(Expr x, Expr y) => Sum.Of(x.Given(), y.Given());

    /// <summary>x − y, kept as x + (−1)·y.</summary>
    public static Expr operator -(Expr x, Expr y) => Sum.Of(x.Given(), -y.Given());

    /// <summary>x · y.</summary>
    public static Expr operator *(Expr x, Expr y) => Product.Of(x.Given(), y.Given());

    /// <summary>x / y, kept as x · y⁻¹.</summary>
    public static Expr operator /(Expr x, Expr y) => Product.Of(x.Given(), Power.Of(y.Given(), Numeral.MinusOne));

    /// <summary>−x, kept as (−1)·x.</summary>
    public static Expr operator -(Expr x) => Product.Of(Numeral.MinusOne, x.Given());

    /// <summary>The primitive <typeparamref name="TOp"/> of x; its derivative is the slope the operation itself declares.</summary>
    public static Expr Apply<TOp>(Expr x) where TOp : struct, IPrimitive => new UnaryCall(UnaryFunction.Of<TOp>(), x.Given());

    /// <summary>
    /// A composed operation of x: whole where it has a kink or a case distinction, otherwise the formula it is composed of.
    /// </summary>
    public static Expr Apply<TOp>(TOp op, Expr x) where TOp : struct, IUnaryOp =>
        WholeOperations.Find(op) is { } function ? new UnaryCall(function, x.Given()) : op.Value(x);

    /// <summary>The primitive <typeparamref name="TOp"/> of x and y; a power becomes a <see cref="Power"/>.</summary>
    public static Expr Apply<TOp>(Expr x, Expr y) where TOp : struct, IBinaryPrimitive => typeof(TOp) == typeof(PowOp)
        ? Power.Of(x.Given(), y.Given())
        : new BinaryCall(BinaryFunction.Of<TOp>(), x, y);

    /// <summary>
    /// <paramref name="then"/> where x &lt; y, otherwise <paramref name="otherwise"/>; decided at once between constants.
    /// </summary>
    public static Expr IfLess(Expr x, Expr y, Expr then, Expr otherwise) =>
        Conditional.Of(Relation.Less, x.Given(), y.Given(), then.Given(), otherwise.Given());

    /// <summary><paramref name="then"/> where x = y, otherwise <paramref name="otherwise"/>; decided at once between constants.</summary>
    public static Expr IfEqual(Expr x, Expr y, Expr then, Expr otherwise) =>
        Conditional.Of(Relation.Equal, x.Given(), y.Given(), then.Given(), otherwise.Given());

    /// <summary>The formula of a generic function of one variable.</summary>
    /// <param name="function">Usually a method group: <c>Expr.Of(F&lt;Expr&gt;, "x")</c>.</param>
    /// <param name="x">The name of the variable.</param>
    public static Expr Of(Func<Expr, Expr> function, string x)
    {
        UserCode.CheckStack();
        return function.Given()(new Variable(x.Given()));
    }

    /// <summary>The formula of a generic function of two variables.</summary>
    /// <param name="function">Usually a method group: <c>Expr.Of(F&lt;Expr&gt;, "x1", "x2")</c>.</param>
    /// <param name="x">The name of the first variable.</param>
    /// <param name="y">The name of the second variable.</param>
    public static Expr Of(Func<Expr, Expr, Expr> function, string x, string y)
    {
        UserCode.CheckStack();
        return function.Given()(new Variable(x.Given()), new Variable(y.Given()));
    }

    /// <summary>The formula of a function Rⁿ → R.</summary>
    /// <param name="function">The function.</param>
    /// <param name="variables">A name for each of its arguments.</param>
    public static Expr Of<F>(F function, params IEnumerable<string> variables) where F : IFunction
    {
        UserCode.CheckStack();
        return function.Invoke<Expr>([.. variables.Elements().Select(v => new Variable(v))]);
    }

    /// <summary>The formula as a person would type it; <see cref="Parse"/> reads it back.</summary>
    public sealed override string ToString() => PlainText.Print(this);

    internal bool IsZero => this is Numeral n && n.Is(0);

    internal bool IsOne => this is Numeral n && n.Is(1);
}
