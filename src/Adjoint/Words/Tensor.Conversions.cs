namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The elements as Float64: PyTorch's <c>x.double()</c>. The tensor itself if they are.</summary>
    public Tensor Double() => To(DType.Float64);

    /// <summary>The elements as Float32: PyTorch's <c>x.float()</c>. The tensor itself if they are.</summary>
    public Tensor Float() => To(DType.Float32);

    /// <summary>The elements as Int64, fractions cut off: PyTorch's <c>x.long()</c>. The tensor itself if they are.</summary>
    public Tensor Long() => To(DType.Int64);

    /// <summary>The elements as Int32, fractions cut off: PyTorch's <c>x.int()</c>. The tensor itself if they are.</summary>
    public Tensor Int() => To(DType.Int32);

    /// <summary>The elements as UInt8: PyTorch's <c>x.byte()</c>. The tensor itself if they are.</summary>
    public Tensor Byte() => To(DType.UInt8);

    /// <summary>Whether the elements are different from zero: PyTorch's <c>x.bool()</c>. The tensor itself if it is of Bool.</summary>
    public Tensor Bool() => To(DType.Bool);

    /// <summary>The elements in the dtype of a C# type: <c>x.To&lt;double&gt;()</c> is <c>x.To(DType.Float64)</c>.</summary>
    /// <exception cref="DTypeException">No tensor holds elements of that type.</exception>
    public Tensor To<T>() where T : unmanaged => To(DTypes.Of<T>());

    /// <summary>The elements in the dtype of another tensor: PyTorch's <c>x.type_as(other)</c>.</summary>
    public Tensor TypeAs(Tensor other) => To(other.Given().DType);

    /// <summary>The only element as a whole number, a fraction cut off.</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public static explicit operator int(Tensor x) => x.Given().Item<int>();

    /// <summary>The only element as a whole number, a fraction cut off.</summary>
    /// <exception cref="ShapeException">The tensor has not exactly one element.</exception>
    public static explicit operator long(Tensor x) => x.Given().Item<long>();

    /// <summary>A copy of the elements as doubles in row-major order, whatever the dtype, as <see cref="Item()"/> is of one.</summary>
    /// <remarks>Of a whole number above 2⁵³ it is the nearest double; <see cref="ToArray{T}"/> gives it as it is.</remarks>
    public double[] ToArray() => ToArray<double>();
}
