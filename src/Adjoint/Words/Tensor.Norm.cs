using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The p-norm along one dimension: <c>x.Norm(dim: 1)</c>.</summary>
    /// <param name="p">p; infinities and 0 as well.</param>
    /// <param name="dim">The dimension; negative ones count from the end; null for all.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    // The form without dimensions comes first: what is given alone is p.
    [OverloadResolutionPriority(-1)]
    public Tensor Norm(double p = 2, int? dim = null, bool keepDim = false) => Norm(p, dim is { } d ? [d] : [], keepDim);
}
