namespace Adjoint;

/// <summary>Comparisons and logic in place: zeros and ones in the dtype of what was compared.</summary>
public sealed partial class Tensor
{
    /// <summary>x = 1 where x &lt; y, elsewhere 0, in place and in the dtype of x: torch's lt_. The gradient is 0.</summary>
    /// <param name="other">y; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LtInPlace(Tensor other) => Replacement.Relation("LtInPlace", this, other.Given(), Lt);

    /// <summary>x = 1 where x ≤ y, elsewhere 0, in place and in the dtype of x: torch's le_. The gradient is 0.</summary>
    /// <param name="other">y; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LeInPlace(Tensor other) => Replacement.Relation("LeInPlace", this, other.Given(), Le);

    /// <summary>x = 1 where x &gt; y, elsewhere 0, in place and in the dtype of x: torch's gt_. The gradient is 0.</summary>
    /// <param name="other">y; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor GtInPlace(Tensor other) => Replacement.Relation("GtInPlace", this, other.Given(), Gt);

    /// <summary>x = 1 where x ≥ y, elsewhere 0, in place and in the dtype of x: torch's ge_. The gradient is 0.</summary>
    /// <param name="other">y; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor GeInPlace(Tensor other) => Replacement.Relation("GeInPlace", this, other.Given(), Ge);

    /// <summary>x = 1 where x = y, elsewhere 0, in place and in the dtype of x: torch's eq_. The gradient is 0.</summary>
    /// <param name="other">y; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor EqInPlace(Tensor other) => Replacement.Relation("EqInPlace", this, other.Given(), Eq);

    /// <summary>x = 1 where x ≠ y, elsewhere 0, in place and in the dtype of x: torch's ne_. The gradient is 0.</summary>
    /// <param name="other">y; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor NeInPlace(Tensor other) => Replacement.Relation("NeInPlace", this, other.Given(), Ne);

    /// <summary>x = 1 where both elements are different from zero, elsewhere 0, in place: torch's logical_and_.</summary>
    /// <param name="other">The second operand; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LogicalAndInPlace(Tensor other) =>
        Replacement.Plain("LogicalAndInPlace", this, other.Given(), (x, other) => x.LogicalAnd(other));

    /// <summary>x = 1 where an element of either is different from zero, elsewhere 0, in place: torch's logical_or_.</summary>
    /// <param name="other">The second operand; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LogicalOrInPlace(Tensor other) =>
        Replacement.Plain("LogicalOrInPlace", this, other.Given(), (x, other) => x.LogicalOr(other));

    /// <summary>x = 1 where exactly one of both elements is different from zero, elsewhere 0, in place: torch's logical_xor_.</summary>
    /// <param name="other">The second operand; broadcast to the shape of x.</param>
    /// <exception cref="ShapeException">The result would be larger than the tensor.</exception>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LogicalXorInPlace(Tensor other) =>
        Replacement.Plain("LogicalXorInPlace", this, other.Given(), (x, other) => x.LogicalXor(other));

    /// <summary>x = 1 where an element is zero, elsewhere 0, in place: torch's logical_not_.</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor LogicalNotInPlace() => Replacement.Plain("LogicalNotInPlace", this, x => x.LogicalNot());
}
