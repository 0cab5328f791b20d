namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// <see cref="Remainder(Tensor)"/>: it has the sign of the divisor, as Python's <c>%</c> and unlike that of C# numbers.
    /// </summary>
    /// <exception cref="ArgumentException">A whole number is divided by zero.</exception>
    public static Tensor operator %(Tensor x, Tensor y) => x.Given().Remainder(y.Given(), nameof(y));

    /// <summary>The remainder by a number, with the sign of the number.</summary>
    /// <inheritdoc cref="operator %(Tensor, Tensor)"/>
    public static Tensor operator %(Tensor x, Number c) => x.Given().Remainder(c, nameof(c));

    /// <summary>The remainder of a number, with the sign of the divisor.</summary>
    /// <inheritdoc cref="operator %(Tensor, Tensor)"/>
    public static Tensor operator %(Number c, Tensor x) => c.Beside(x.Given()).Remainder(x, nameof(x));

    /// <summary>The tensor itself.</summary>
    public static Tensor operator +(Tensor x) => x.Given();

    /// <summary><see cref="LogicalNot"/>, as Python writes it for masks: <c>x[~mask]</c>.</summary>
    /// <exception cref="DTypeException">The tensor is not of Bool: PyTorch turns the bits of whole numbers there.</exception>
    public static Tensor operator ~(Tensor x) => x.Given().DType.IsBool ? x.LogicalNot()
        : throw new DTypeException(
            $"~ is the opposite of a Bool tensor, but this one is of {x.DType}. Write !x for where it is zero, or -x - 1 for turned bits.");
}
