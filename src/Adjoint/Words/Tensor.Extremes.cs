namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The larger of two elements, with broadcasting, as <see cref="Maximum"/>: PyTorch's <c>x.max(other)</c>.</summary>
    /// <param name="other">The second operand; a C# int is a dimension: <see cref="Max(int, bool)"/>.</param>
    public Tensor Max(Tensor other)
    {
        try
        {
            return Maximum(other);
        }
        catch (TensorException e) when (e.IsOf(nameof(Max)))
        {
            throw;
        }
    }

    /// <summary>The smaller of two elements, with broadcasting, as <see cref="Minimum"/>: PyTorch's <c>x.min(other)</c>.</summary>
    /// <param name="other">The second operand; a C# int is a dimension: <see cref="Min(int, bool)"/>.</param>
    public Tensor Min(Tensor other)
    {
        try
        {
            return Minimum(other);
        }
        catch (TensorException e) when (e.IsOf(nameof(Min)))
        {
            throw;
        }
    }
}
