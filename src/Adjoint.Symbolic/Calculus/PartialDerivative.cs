using System.Globalization;

namespace Adjoint.Symbolic;

/// <summary>
/// Which derivative of a function: ∂f/∂x, ∂²f/∂x², ∂²f/∂x∂y. It differentiates once by every name; the same names count as one
/// variable's power, in the order of their first appearance. (The order of differentiation does not matter where the derivatives are
/// continuous, and every method differentiates in the same one.)
/// </summary>
public sealed class PartialDerivative
{
    private readonly (string Name, int Power)[] _powers;

    /// <summary>The derivative by some variables, one after the other.</summary>
    /// <param name="variables">The names: x, x, y is ∂³f/∂x²∂y.</param>
    /// <exception cref="ArgumentException">There are no names.</exception>
    public PartialDerivative(params IReadOnlyList<string> variables)
    {
        variables.AllGiven();
        if (variables.Count == 0)
            throw new ArgumentException("A derivative needs a variable to differentiate by; there is none.", nameof(variables));
        _powers = [.. variables.GroupBy(v => v).Select(g => (g.Key, g.Count()))];
        Variables = [.. variables.Distinct().SelectMany(v => variables.Where(w => w == v))];
    }

    /// <summary>The names, equal ones side by side.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>How often it differentiates.</summary>
    public int Order => Variables.Count;

    /// <summary>∂ⁿf/∂xⁿ.</summary>
    /// <param name="variable">x.</param>
    /// <param name="order">n.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not positive.</exception>
    public static PartialDerivative Pure(string variable, int order)
    {
        variable.Given();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, Expr.MostOrder);
        return new([.. Enumerable.Repeat(variable, order)]);
    }

    /// <summary>The formula of this derivative, as the rules give it.</summary>
    /// <param name="f">The function.</param>
    public Expr Of(Expr f) => f.Given().Differentiate(Variables);

    /// <summary>As a book writes it: <c>∂³f/∂x²∂y</c>.</summary>
    /// <param name="f">The function's name.</param>
    public string ToText(string f = "f") =>
        $"∂{Raised(Order)}{f.Given()}/{string.Concat(_powers.Select(p => $"∂{p.Name}{Raised(p.Power)}"))}";

    /// <summary>As LaTeX: <c>\frac{\partial^{3} f}{\partial x^{2} \, \partial y}</c>.</summary>
    /// <param name="f">The function's name.</param>
    public string ToLatex(string f = "f")
    {
        f.Given();
        var below = _powers.Select(p => $@"\partial {new Variable(p.Name).ToLatex()}{Power(p.Power)}");
        return $@"\frac{{\partial{Power(Order)} {f}}}{{{string.Join(@" \, ", below)}}}";

        static string Power(int n) => n == 1 ? "" : $"^{{{n}}}";
    }

    /// <summary>The names with commas: <c>x,x,y</c>.</summary>
    public override string ToString() => string.Join(",", Variables);

    private static string Raised(int n) =>
        n == 1 ? "" : string.Concat(n.ToString(CultureInfo.InvariantCulture).Select(d => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d - '0']));
}
