namespace Adjoint.Symbolic;

public abstract partial record Expr
{
    /// <summary>
    /// The formula with its arithmetic done: nested sums and products joined, numbers folded, like terms and powers of one base
    /// gathered. Products of sums stay as they are.
    /// </summary>
    public Expr Tidy() => Tidying.Tidy(this);

    /// <summary>The formula with every product of sums and every whole power of a sum multiplied out, in ascending powers.</summary>
    /// <exception cref="InvalidOperationException">The result would have more than <see cref="Expansion.MaxTerms"/> terms.</exception>
    public Expr Expand() => Expansion.Expand(this);

    /// <summary>
    /// The polynomial in one variable as a product of powers: its content, x, linear factors with rational roots and what is left,
    /// split where factors repeat: 16x(1 − x)(1 − 2x)². A formula that is no such polynomial is returned tidied.
    /// </summary>
    public Expr Factor() => Factoring.Factor(this);

    /// <summary>
    /// The shortest formula found that has the same value. Every step is proven by evaluation at random points before it is taken;
    /// a step that fails the proof is not. The result is defined wherever this formula is, except that a choice made only
    /// at single points (a guard against 0·∞) may be dropped.
    /// </summary>
    public Expr Simplify() => new Simplifier().Run(this);

    /// <summary>As <see cref="Simplify()"/>, with the steps that were taken.</summary>
    /// <param name="steps">What was done, in order.</param>
    public Expr Simplify(out IReadOnlyList<SimplificationStep> steps)
    {
        var simplifier = new Simplifier();
        var simple = simplifier.Run(this);
        steps = simplifier.Steps;
        return simple;
    }
}
