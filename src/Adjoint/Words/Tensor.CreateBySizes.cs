using System.Runtime.CompilerServices;

namespace Adjoint;

/// <remarks>
/// // Note [Sizes with options]
/// <c>Ones(3, 4, requiresGrad: true)</c>: C# ends an argument list of any length with the sizes, so there is one form for each number of
/// dimensions up to four, as people write them. A literal 0 would also be a DType; the forms that take sizes alone have the higher
/// priority, so that Ones(3, 0) is a tensor of three rows without columns.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>Zeros in 1 dimension; see <see cref="Zeros(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Zeros(int d0, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Zeros(Adjoint.Shape.Of(d0), dtype, requiresGrad);

    /// <summary>Zeros in 2 dimensions; see <see cref="Zeros(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Zeros(int d0, int d1, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Zeros(Adjoint.Shape.Of(d0, d1), dtype, requiresGrad);

    /// <summary>Zeros in 3 dimensions; see <see cref="Zeros(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Zeros(int d0, int d1, int d2, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Zeros(Adjoint.Shape.Of(d0, d1, d2), dtype, requiresGrad);

    /// <summary>Zeros in 4 dimensions; see <see cref="Zeros(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Zeros(int d0, int d1, int d2, int d3, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Zeros(Adjoint.Shape.Of(d0, d1, d2, d3), dtype, requiresGrad);

    /// <summary>Ones in 1 dimension; see <see cref="Ones(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Ones(int d0, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Ones(Adjoint.Shape.Of(d0), dtype, requiresGrad);

    /// <summary>Ones in 2 dimensions; see <see cref="Ones(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Ones(int d0, int d1, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Ones(Adjoint.Shape.Of(d0, d1), dtype, requiresGrad);

    /// <summary>Ones in 3 dimensions; see <see cref="Ones(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Ones(int d0, int d1, int d2, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Ones(Adjoint.Shape.Of(d0, d1, d2), dtype, requiresGrad);

    /// <summary>Ones in 4 dimensions; see <see cref="Ones(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Ones(int d0, int d1, int d2, int d3, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Ones(Adjoint.Shape.Of(d0, d1, d2, d3), dtype, requiresGrad);

    /// <summary>Memory as it comes: the elements are undefined until they are written.</summary>
    [OverloadResolutionPriority(1)]
    public static Tensor Empty(params ReadOnlySpan<int> sizes) => Empty(Adjoint.Shape.Of(sizes));

    /// <summary>Memory as it comes in 1 dimension; see <see cref="Empty(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Empty(int d0, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Empty(Adjoint.Shape.Of(d0), dtype, requiresGrad);

    /// <summary>Memory as it comes in 2 dimensions; see <see cref="Empty(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Empty(int d0, int d1, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Empty(Adjoint.Shape.Of(d0, d1), dtype, requiresGrad);

    /// <summary>Memory as it comes in 3 dimensions; see <see cref="Empty(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Empty(int d0, int d1, int d2, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Empty(Adjoint.Shape.Of(d0, d1, d2), dtype, requiresGrad);

    /// <summary>Memory as it comes in 4 dimensions; see <see cref="Empty(Adjoint.Shape, DType, bool)"/>.</summary>
    public static Tensor Empty(int d0, int d1, int d2, int d3, DType dtype = DType.Float32, bool requiresGrad = false) =>
        Empty(Adjoint.Shape.Of(d0, d1, d2, d3), dtype, requiresGrad);

    /// <summary>Uniform numbers in [0, 1) in 1 dimension; see <see cref="Rand(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Rand(int d0, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Rand(Adjoint.Shape.Of(d0), dtype, requiresGrad, generator);

    /// <summary>Uniform numbers in [0, 1) in 2 dimensions; see <see cref="Rand(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Rand(int d0, int d1, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Rand(Adjoint.Shape.Of(d0, d1), dtype, requiresGrad, generator);

    /// <summary>Uniform numbers in [0, 1) in 3 dimensions; see <see cref="Rand(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Rand(
        int d0, int d1, int d2, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Rand(Adjoint.Shape.Of(d0, d1, d2), dtype, requiresGrad, generator);

    /// <summary>Uniform numbers in [0, 1) in 4 dimensions; see <see cref="Rand(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Rand(
        int d0, int d1, int d2, int d3, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Rand(Adjoint.Shape.Of(d0, d1, d2, d3), dtype, requiresGrad, generator);

    /// <summary>Normally distributed numbers in 1 dimension; see <see cref="Randn(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Randn(int d0, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Randn(Adjoint.Shape.Of(d0), dtype, requiresGrad, generator);

    /// <summary>Normally distributed numbers in 2 dimensions; see <see cref="Randn(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Randn(int d0, int d1, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Randn(Adjoint.Shape.Of(d0, d1), dtype, requiresGrad, generator);

    /// <summary>Normally distributed numbers in 3 dimensions; see <see cref="Randn(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Randn(
        int d0, int d1, int d2, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Randn(Adjoint.Shape.Of(d0, d1, d2), dtype, requiresGrad, generator);

    /// <summary>Normally distributed numbers in 4 dimensions; see <see cref="Randn(Adjoint.Shape, DType, bool, Generator)"/>.</summary>
    public static Tensor Randn(
        int d0, int d1, int d2, int d3, DType dtype = DType.Float32, bool requiresGrad = false, Generator? generator = null) =>
        Randn(Adjoint.Shape.Of(d0, d1, d2, d3), dtype, requiresGrad, generator);
}
