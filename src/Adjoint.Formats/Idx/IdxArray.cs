namespace Adjoint.Formats;

/// <summary>The content of an IDX file: unsigned bytes in row-major order.</summary>
/// <param name="Dims">The size of each dimension; their product is the length of <paramref name="Data"/>.</param>
/// <param name="Data">The elements, the last dimension varying fastest.</param>
public sealed record IdxArray(int[] Dims, byte[] Data);
