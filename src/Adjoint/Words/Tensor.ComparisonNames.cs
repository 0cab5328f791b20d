namespace Adjoint;

/// <summary>The long names of comparisons, which PyTorch has besides the short ones.</summary>
public sealed partial class Tensor
{
    /// <summary>Whether x &gt; y, element by element, with broadcasting: torch.greater, <see cref="Gt(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Greater(Tensor other) => Tensor.Speaking("Greater", () => Gt(other.Given()));

    /// <summary>Whether x &gt; y, in place: torch's greater_, <see cref="GtInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor GreaterInPlace(Tensor other) => Tensor.Speaking("GreaterInPlace", () => GtInPlace(other.Given()));

    /// <summary>Whether x ≥ y, element by element, with broadcasting: torch.greater_equal, <see cref="Ge(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor GreaterEqual(Tensor other) => Tensor.Speaking("GreaterEqual", () => Ge(other.Given()));

    /// <summary>Whether x ≥ y, in place: torch's greater_equal_, <see cref="GeInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor GreaterEqualInPlace(Tensor other) => Tensor.Speaking("GreaterEqualInPlace", () => GeInPlace(other.Given()));

    /// <summary>Whether x &lt; y, element by element, with broadcasting: torch.less, <see cref="Lt(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Less(Tensor other) => Tensor.Speaking("Less", () => Lt(other.Given()));

    /// <summary>Whether x &lt; y, in place: torch's less_, <see cref="LtInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor LessInPlace(Tensor other) => Tensor.Speaking("LessInPlace", () => LtInPlace(other.Given()));

    /// <summary>Whether x ≤ y, element by element, with broadcasting: torch.less_equal, <see cref="Le(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LessEqual(Tensor other) => Tensor.Speaking("LessEqual", () => Le(other.Given()));

    /// <summary>Whether x ≤ y, in place: torch's less_equal_, <see cref="LeInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor LessEqualInPlace(Tensor other) => Tensor.Speaking("LessEqualInPlace", () => LeInPlace(other.Given()));

    /// <summary>Whether x ≠ y, element by element, with broadcasting: torch.not_equal, <see cref="Ne(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor NotEqual(Tensor other) => Tensor.Speaking("NotEqual", () => Ne(other.Given()));

    /// <summary>Whether x ≠ y, in place: torch's not_equal_, <see cref="NeInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor NotEqualInPlace(Tensor other) => Tensor.Speaking("NotEqualInPlace", () => NeInPlace(other.Given()));
}
