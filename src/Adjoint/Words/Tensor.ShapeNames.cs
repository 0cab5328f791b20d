namespace Adjoint;

/// <summary>Second names that PyTorch has for what joins, parts and turns tensors.</summary>
public sealed partial class Tensor
{
    /// <summary>A view with a dimension elsewhere: torch.moveaxis, <see cref="MoveDim(int, int)"/>.</summary>
    /// <param name="source">The dimension; negative ones count from the end.</param>
    /// <param name="destination">Where it goes.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor MoveAxis(int source, int destination) => Tensor.Speaking("MoveAxis", () => MoveDim(source, destination));

    /// <summary>A view with several dimensions elsewhere: torch.moveaxis, <see cref="MoveDim(ReadOnlySpan{int},
    /// ReadOnlySpan{int})"/>.</summary>
    /// <inheritdoc cref="MoveDim(ReadOnlySpan{int}, ReadOnlySpan{int})"/>
    public Tensor MoveAxis(ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        int[] from = sources.ToArray(), to = destinations.ToArray();
        return Tensor.Speaking("MoveAxis", () => MoveDim(from, to));
    }

    /// <summary>The tensors one after the other: torch.concat, <see cref="Cat(IReadOnlyList{Tensor}, int)"/>.</summary>
    /// <inheritdoc cref="Cat(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Concat(IReadOnlyList<Tensor> tensors, int dim = 0)
    {
        Joining.Some(tensors, "Concat");
        return Tensor.Speaking("Concat", () => Cat(tensors, dim));
    }

    /// <summary>The tensors one after the other: torch.concatenate, <see cref="Cat(IReadOnlyList{Tensor}, int)"/>.</summary>
    /// <inheritdoc cref="Cat(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Concatenate(IReadOnlyList<Tensor> tensors, int dim = 0)
    {
        Joining.Some(tensors, "Concatenate");
        return Tensor.Speaking("Concatenate", () => Cat(tensors, dim));
    }

    /// <summary>Pieces of given sizes along a dimension: torch.split_with_sizes, <see cref="Split(ReadOnlySpan{int}, int)"/>.</summary>
    /// <inheritdoc cref="Split(ReadOnlySpan{int}, int)"/>
    public Tensor[] SplitWithSizes(ReadOnlySpan<int> sizes, int dim = 0)
    {
        try
        {
            return Split(sizes, dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(SplitWithSizes)))
        {
            throw;
        }
    }

    /// <summary>∫ y dx by trapezia of one width: torch.trapz, <see cref="Trapezoid(double, int)"/>.</summary>
    /// <inheritdoc cref="Trapezoid(double, int)"/>
    public Tensor TrapZ(double dx = 1, int dim = -1) => Tensor.Speaking("TrapZ", () => Trapezoid(dx, dim));

    /// <summary>∫ y dx by trapezia between places: torch.trapz, <see cref="Trapezoid(Tensor, int)"/>.</summary>
    /// <inheritdoc cref="Trapezoid(Tensor, int)"/>
    public Tensor TrapZ(Tensor x, int dim = -1)
    {
        x.Given();
        return Tensor.Speaking("TrapZ", () => Trapezoid(x, dim));
    }

    /// <summary>The places whose elements are not zero, [count, dimensions]: torch.argwhere, <see cref="NonZero"/>.</summary>
    public Tensor ArgWhere() => Tensor.Speaking("ArgWhere", NonZero);

    /// <summary>Whether each element is real: a Bool tensor, true everywhere as there are no complex numbers here.</summary>
    public Tensor IsReal() => Ones(Shape, DType.Bool);
}
