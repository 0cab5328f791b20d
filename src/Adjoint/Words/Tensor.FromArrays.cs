namespace Adjoint;

/// <remarks>
/// // Note [Arrays are tensors]
/// <c>Tensor x = new[] { 1f, 2f };</c> and <c>x * new[] { 1.0, 2.0 }</c>: an array of numbers is a copy of itself as a tensor, of its own
/// dtype. An operator of C# cannot be generic, so there is one for each type and for vectors and matrices;
/// <see cref="From{T}(T[], Shape, bool, DType?)"/> has the options.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>A vector with a copy of the elements.</summary>
    public static implicit operator Tensor(float[] data) => From(data);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static implicit operator Tensor(float[,] data) => From(data);

    /// <summary>A vector with a copy of the elements.</summary>
    public static implicit operator Tensor(double[] data) => From(data);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static implicit operator Tensor(double[,] data) => From(data);

    /// <summary>A vector with a copy of the elements.</summary>
    public static implicit operator Tensor(int[] data) => From(data);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static implicit operator Tensor(int[,] data) => From(data);

    /// <summary>A vector with a copy of the elements.</summary>
    public static implicit operator Tensor(long[] data) => From(data);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static implicit operator Tensor(long[,] data) => From(data);

    /// <summary>A vector with a copy of the elements.</summary>
    public static implicit operator Tensor(byte[] data) => From(data);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static implicit operator Tensor(byte[,] data) => From(data);

    /// <summary>A vector with a copy of the elements.</summary>
    public static implicit operator Tensor(bool[] data) => From(data);

    /// <summary>A matrix with a copy of the elements.</summary>
    public static implicit operator Tensor(bool[,] data) => From(data);
}
