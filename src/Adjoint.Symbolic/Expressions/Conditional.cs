namespace Adjoint.Symbolic;

/// <summary>How a <see cref="Conditional"/> compares.</summary>
public enum Relation
{
    /// <summary>x &lt; y.</summary>
    Less,

    /// <summary>x = y.</summary>
    Equal,
}

/// <summary>A choice between two formulas: <see cref="Then"/> where x &lt; y (or x = y), otherwise <see cref="Otherwise"/>.</summary>
/// <param name="Relation">How x and y are compared.</param>
/// <param name="X">The left side of the comparison.</param>
/// <param name="Y">The right side of the comparison.</param>
/// <param name="Then">The formula where the comparison holds.</param>
/// <param name="Otherwise">The formula elsewhere, also where x or y is not a number.</param>
public sealed record Conditional(Relation Relation, Expr X, Expr Y, Expr Then, Expr Otherwise)
    : Expr(HashCode.Combine(Relation, X, Y, Then, Otherwise), X, Y, Then, Otherwise)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [X, Y, Then, Otherwise];

    /// <summary>The choice, made at once when it is between numbers or between two equal formulas.</summary>
    public static Expr Of(Relation relation, Expr x, Expr y, Expr then, Expr otherwise)
    {
        x.Given();
        y.Given();
        then.Given();
        otherwise.Given();
        if (then.Equals(otherwise)) return then;
        if (x is not Numeral m || y is not Numeral n) return new Conditional(relation, x, y, then, otherwise);
        bool holds = relation == Relation.Less ? m.Value < n.Value : m.Value == n.Value;
        return holds ? then : otherwise;
    }

    /// <summary>
    /// <paramref name="then"/> where x ≤ y. Not the reverse of y &lt; x: where one of them is not a number, neither holds.
    /// </summary>
    internal static Expr IfAtMost(Expr x, Expr y, Expr then, Expr otherwise) =>
        Of(Relation.Less, x, y, then, Of(Relation.Equal, x, y, then, otherwise));

    /// <summary>The choice as it is written: x ≤ y where that is what both comparisons say together.</summary>
    internal (string Relation, Expr Otherwise) AsWritten() =>
        Relation == Relation.Less && Otherwise is Conditional { Relation: Relation.Equal } equal
            && equal.X.Equals(X) && equal.Y.Equals(Y) && equal.Then.Equals(Then) ? ("<=", equal.Otherwise)
        : (Relation == Relation.Less ? "<" : "=", Otherwise);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => Of(Relation, operands[0], operands[1], operands[2], operands[3]);
}
