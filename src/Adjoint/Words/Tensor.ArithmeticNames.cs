namespace Adjoint;

/// <summary>The long names of arithmetic, which PyTorch has besides the short ones.</summary>
public sealed partial class Tensor
{
    /// <summary>|x|, element by element: torch.absolute, <see cref="Abs()"/>.</summary>
    /// <exception cref="DTypeException">The tensor is of Bool.</exception>
    public Tensor Absolute() => Tensor.Speaking("Absolute", Abs);

    /// <summary>x = |x|, in place: torch's absolute_, <see cref="AbsInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor AbsoluteInPlace() => Tensor.Speaking("AbsoluteInPlace", AbsInPlace);

    /// <summary>−x, element by element: torch.negative, <see cref="Neg()"/>.</summary>
    /// <exception cref="DTypeException">The tensor is of Bool.</exception>
    public Tensor Negative() => Tensor.Speaking("Negative", Neg);

    /// <summary>x = −x, in place: torch's negative_, <see cref="NegInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor NegativeInPlace() => Tensor.Speaking("NegativeInPlace", NegInPlace);

    /// <summary>x without its fraction, element by element: torch.fix, <see cref="Trunc()"/>.</summary>
    /// <exception cref="DTypeException">The tensor is of Bool.</exception>
    public Tensor Fix() => Tensor.Speaking("Fix", Trunc);

    /// <summary>x = x without its fraction, in place: torch's fix_, <see cref="TruncInPlace()"/>.</summary>
    /// <exception cref="DTypeException">The result does not fit the dtype of x.</exception>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    public Tensor FixInPlace() => Tensor.Speaking("FixInPlace", TruncInPlace);

    /// <summary>x·y, element by element, with broadcasting: torch.multiply, <see cref="Mul(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Multiply(Tensor other) => Tensor.Speaking("Multiply", () => Mul(other.Given()));

    /// <summary>x·y, in place: torch's multiply_, <see cref="MulInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor MultiplyInPlace(Tensor other) => Tensor.Speaking("MultiplyInPlace", () => MulInPlace(other.Given()));

    /// <summary>x/y, element by element, with broadcasting: torch.divide, <see cref="Div(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Divide(Tensor other) => Tensor.Speaking("Divide", () => Div(other.Given()));

    /// <summary>x/y, in place: torch's divide_, <see cref="DivInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor DivideInPlace(Tensor other) => Tensor.Speaking("DivideInPlace", () => DivInPlace(other.Given()));

    /// <summary>x/y, rounded, element by element, with broadcasting: torch.divide, <see cref="Div(Tensor, RoundingMode)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <param name="roundingMode">How: down, or towards 0.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Divide(Tensor other, RoundingMode roundingMode) =>
        Tensor.Speaking("Divide", () => Rounded.Quotient("Divide", this, other.Given(), roundingMode.Known()));

    /// <summary>x/y, rounded, in place: torch's divide_, <see cref="DivInPlace(Tensor, RoundingMode)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <param name="roundingMode">How: down, or towards 0.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor DivideInPlace(Tensor other, RoundingMode roundingMode) =>
        Tensor.Speaking("DivideInPlace", () => Rounded.QuotientInPlace("DivideInPlace", this, other.Given(), roundingMode.Known()));

    /// <summary>x − y, element by element, with broadcasting: torch.subtract, <see cref="Sub(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Subtract(Tensor other) => Tensor.Speaking("Subtract", () => Sub(other.Given()));

    /// <summary>x − y, in place: torch's subtract_, <see cref="SubInPlace(Tensor)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor SubtractInPlace(Tensor other) => Tensor.Speaking("SubtractInPlace", () => SubInPlace(other.Given()));

    /// <summary>x − α·y, element by element, with broadcasting: torch.subtract, <see cref="Sub(Tensor, Number)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <param name="alpha">α.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Subtract(Tensor other, Number alpha) => Tensor.Speaking("Subtract", () => Sub(other.Given(), alpha));

    /// <summary>x − α·y, in place: torch's subtract_, <see cref="SubInPlace(Tensor, Number)"/>.</summary>
    /// <param name="other">The second operand; broadcast to the shape of this tensor.</param>
    /// <param name="alpha">α.</param>
    /// <exception cref="ShapeException">The result would be larger than this tensor.</exception>
    /// <exception cref="DTypeException">The result does not fit the dtype of this tensor.</exception>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor SubtractInPlace(Tensor other, Number alpha) =>
        Tensor.Speaking("SubtractInPlace", () => SubInPlace(other.Given(), alpha));
}
