using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// A part of this tensor: a view, as long as only numbers, ranges, new axes and ellipses are given; a copy where an index tensor
    /// or a mask is among them. Assigning writes to that part, in place.
    /// </summary>
    /// <param name="index">One for each dimension, see <see cref="TensorIndex"/>; dimensions that are not named are taken whole.</param>
    /// <exception cref="TensorIndexException">An index is out of range, or there are too many.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> index]
    {
        get => GetPart(index);
        set => SetPart(index, value.Given());
    }

    /// <summary>The whole, behind a new dimension of size 1: <c>x[null]</c>, as Python's None.</summary>
    // Without it the literal would be an empty list, and x[null] be x.
    [IndexerName("Part"), OverloadResolutionPriority(1)]
    public Tensor this[Null? newAxis]
    {
        get => this[TensorIndex.NewAxis];
        set => this[TensorIndex.NewAxis] = value;
    }
}
