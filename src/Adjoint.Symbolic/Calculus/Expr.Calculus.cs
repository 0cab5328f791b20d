namespace Adjoint.Symbolic;

public abstract partial record Expr
{
    /// <summary>The highest order of a derivative that is formed.</summary>
    public const int MostOrder = 1000;

    /// <summary>
    /// The derivative as the rules give it, without simplification; <see cref="Simplify()"/> it to read it.
    /// It keeps the guards of the operations' slopes, so it is right at points where the short form is 0·∞.
    /// </summary>
    /// <param name="variable">With respect to which variable.</param>
    /// <param name="order">How many times; from the second derivative on, each is tidied before the next is taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public Expr Differentiate(string variable, int order = 1)
    {
        variable.Given();
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, MostOrder);
        return Differentiate([.. Enumerable.Repeat(variable, order)]);
    }

    /// <summary>The mixed derivative by several variables, one after the other; see <see cref="Differentiate(string, int)"/>.</summary>
    /// <param name="variables">With respect to which variables: x, x, y differentiates three times.</param>
    public Expr Differentiate(IReadOnlyList<string> variables)
    {
        variables.AllGiven();
        var e = this;
        for (int i = 0; i < variables.Count; i++) e = Differentiation.Derive(i == 0 ? e : e.Tidy(), variables[i]);
        return e;
    }

    /// <summary>The derivation of <see cref="Differentiate(string, int)"/>: every rule that was applied, innermost first.</summary>
    /// <param name="variable">With respect to which variable.</param>
    public IReadOnlyList<DerivativeStep> Derivation(string variable)
    {
        variable.Given();
        var steps = new List<DerivativeStep>();
        Differentiation.Derive(this, variable, steps);
        return steps;
    }

    /// <summary>The partial derivatives with respect to the variables given, or to all in the order of their first appearance.</summary>
    /// <param name="variables">The variables; none means all.</param>
    public Expr[] Gradient(params IReadOnlyList<string> variables) =>
        [.. (variables.AllGiven().Count > 0 ? variables : Variables).Select(v => Differentiate(v))];

    /// <summary>The matrix ∂fᵢ/∂xⱼ.</summary>
    /// <param name="formulas">The m formulas.</param>
    /// <param name="variables">The n variables; none means all that occur, in the order of their first appearance.</param>
    /// <returns>An m × n matrix of formulas, unsimplified.</returns>
    public static Expr[,] Jacobian(IReadOnlyList<Expr> formulas, params IReadOnlyList<string> variables)
    {
        formulas.AllGiven();
        variables.AllGiven();
        if (variables.Count == 0) variables = [.. formulas.SelectMany(f => f.Variables).Distinct()];
        var jacobian = new Expr[formulas.Count, variables.Count];
        for (int i = 0; i < formulas.Count; i++)
            for (int j = 0; j < variables.Count; j++)
                jacobian[i, j] = formulas[i].Differentiate(variables[j]);
        return jacobian;
    }

    /// <summary>The matrix ∂²f/∂xᵢ∂xⱼ.</summary>
    /// <param name="variables">The variables; none means all, in the order of their first appearance.</param>
    public Expr[,] Hessian(params IReadOnlyList<string> variables)
    {
        variables.AllGiven();
        if (variables.Count == 0) variables = Variables;
        return Jacobian([.. Gradient(variables).Select(g => g.Tidy())], variables);
    }
}
