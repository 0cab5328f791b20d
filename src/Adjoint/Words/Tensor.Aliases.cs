namespace Adjoint;

/// <summary>Second names that PyTorch has for an operation.</summary>
public sealed partial class Tensor
{
    /// <summary>+x, which is the tensor itself: torch.positive.</summary>
    /// <exception cref="DTypeException">The tensor is of Bool.</exception>
    public Tensor Positive() => DType.IsBool
        ? throw new DTypeException($"Positive: there is no + of Bool, but the tensor is {DType} {Shape}. Convert it with To.") : this;

    /// <summary>The sign of each element: torch.sgn, of real numbers <see cref="Sign"/>.</summary>
    public Tensor Sgn() => Tensor.Speaking("Sgn", Sign);

    /// <summary>x = sign x, in place: <see cref="Sgn"/>.</summary>
    public Tensor SgnInPlace() => Tensor.Speaking("SgnInPlace", SignInPlace);

    /// <summary>x / y, element by element, with broadcasting: torch.true_divide, <see cref="Div(Tensor)"/>.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor TrueDivide(Tensor other)
    {
        try
        {
            return Div(other.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(TrueDivide)))
        {
            throw;
        }
    }

    /// <summary>x /= y, in place: torch's true_divide_.</summary>
    /// <inheritdoc cref="TrueDivide"/>
    public Tensor TrueDivideInPlace(Tensor other)
    {
        try
        {
            return DivInPlace(other.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(TrueDivideInPlace)))
        {
            throw;
        }
    }

    /// <summary>The tensors one above the other: torch.row_stack, <see cref="VStack(IReadOnlyList{Tensor})"/>.</summary>
    /// <exception cref="ShapeException">Other sizes differ.</exception>
    public static Tensor RowStack(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Joining.VStack(Joining.Some(tensors, nameof(RowStack)));
        }
        catch (TensorException e) when (e.IsOf(nameof(RowStack)))
        {
            throw;
        }
    }

    /// <summary>x[i]·y[j] of two vectors: torch.ger, <see cref="Outer"/>.</summary>
    /// <param name="other">y.</param>
    /// <exception cref="ShapeException">One is no vector.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Ger(Tensor other)
    {
        try
        {
            return Outer(other.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(Ger)))
        {
            throw;
        }
    }

    /// <summary>Added up to a shape that broadcasts to that of the tensor: PyTorch's sum_to_size, <see cref="SumTo"/>.</summary>
    /// <param name="shape">The shape.</param>
    /// <exception cref="ShapeException">The shape does not broadcast to that of the tensor.</exception>
    public Tensor SumToSize(Shape shape)
    {
        try
        {
            return SumTo(shape.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(SumToSize)))
        {
            throw;
        }
    }
}
