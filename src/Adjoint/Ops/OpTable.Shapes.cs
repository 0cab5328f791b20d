namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Views and copies, and what puts elements elsewhere.</summary>
    private static Op[] Shapes() =>
    [
        Clone,
        To,
        View,
        Reshape,
        Expand,
        Transpose,
        T,
        Permute,
        Squeeze,
        SqueezeDim,
        Unsqueeze,
        Select,
        Slice,
        Narrow,
        Diagonal,
        DiagEmbed,
        Unfold,
        AsStrided,
        Unbind,
        Split,
        Chunk,
        Cat,
        Stack,
        Repeat,
        Flip,
        Roll,
        Tril,
        Triu,
        Copy,
        MaskedFill,
        Where,
    ];
}
