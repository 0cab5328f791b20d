namespace Adjoint.Kernels;

/// <summary>In which order the products that make one element of a matrix product are added up.</summary>
internal enum SumOrder
{
    /// <summary>One after the other. See <see cref="DirectProduct{S, V, T}"/>.</summary>
    Steps,

    /// <summary>
    /// One after the other in equal blocks of at most 512, whose sums are added in their order. See Note [Blocks of a sum].
    /// </summary>
    Blocks,

    /// <summary>The same in slices of 8192. See <see cref="BlockedProduct{S, V, T}"/>.</summary>
    Slices,

    /// <summary>In 64 bytes of partial sums. See <see cref="SkinnyProduct{S, V, T}"/>.</summary>
    Lanes,

    /// <summary>In 128 bytes of partial sums. See Note [Lanes of a dot].</summary>
    TwiceTheLanes,
}
