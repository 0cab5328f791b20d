using System.Globalization;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>
/// A C# number on its way into an operation: every number type and bool converts to it by itself, and nothing is rounded before
/// the operation knows in which dtype it computes.
/// </summary>
/// <remarks>
/// In type promotion it counts as a Python number does in PyTorch: only by its category (bool, whole, real). So <c>x + 0.1</c>
/// keeps the dtype of a floating-point x, and makes a Float32 of an integer one; <c>x + 5L</c> keeps both.
/// </remarks>
/// <example><code>
/// Tensor x = Tensor.From([1.0]);
/// x.Add(0.2).Item();      // 1.2: the number was never a float
/// </code></example>
public readonly struct Number : IEquatable<Number>, IFormattable
{
    private readonly long _bits;

    private Number(DType dtype, long bits) => (DType, _bits) = (dtype, bits);

    /// <summary>The dtype of a tensor that is made of nothing but this number: Float32, the default, of a real one, Int64 of a whole one, or Bool.</summary>
    public DType DType { get; }

    /// <summary>Whether it was of a C# type without fractions: a whole number type, or bool. 2.0 is real.</summary>
    public bool IsWhole => DType != DType.Float32;

    /// <summary>A truth value; in arithmetic with whole numbers true is 1.</summary>
    public static implicit operator Number(bool value) => new(DType.Bool, value ? 1 : 0);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(byte value) => new(DType.Int64, value);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(ushort value) => new(DType.Int64, value);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(int value) => new(DType.Int64, value);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(uint value) => new(DType.Int64, value);

    /// <summary>A whole number.</summary>
    public static implicit operator Number(long value) => new(DType.Int64, value);

    /// <summary>A whole number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is above long.MaxValue, and so in no tensor.</exception>
    public static implicit operator Number(ulong value) => value <= long.MaxValue ? new(DType.Int64, (long)value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The greatest whole number of a tensor is {long.MaxValue}. Write it as a double.");

    /// <summary>A real number.</summary>
    public static implicit operator Number(Half value) => (double)value;

    /// <summary>A real number.</summary>
    public static implicit operator Number(float value) => (double)value;

    /// <summary>A real number.</summary>
    public static implicit operator Number(double value) => new(DType.Float32, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A real number: the nearest double.</summary>
    public static implicit operator Number(decimal value) => (double)value;

    /// <summary>Whether both have the same category and value.</summary>
    public static bool operator ==(Number x, Number y) => x.Equals(y);

    /// <summary>Whether the categories or the values differ.</summary>
    public static bool operator !=(Number x, Number y) => !x.Equals(y);

    /// <summary>The number as a double.</summary>
    public double ToDouble() => DType == DType.Float32 ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    /// <inheritdoc/>
    public bool Equals(Number other) => DType == other.DType && (IsWhole ? _bits == other._bits : ToDouble().Equals(other.ToDouble()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Number other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DType, IsWhole ? _bits : ToDouble().GetHashCode());

    /// <summary>The number as C# writes it, in every culture.</summary>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => DType switch
    {
        DType.Bool => _bits != 0 ? "True" : "False",
        DType.Int64 => _bits.ToString(format, formatProvider),
        _ => ToDouble().ToString(format, formatProvider),
    };

    /// <summary>Its bits where it is whole.</summary>
    internal long ToInt64() => IsWhole ? _bits : (long)ToDouble();

    /// <summary>Whether a tensor of a dtype can store it: a fraction is cut off, but what is out of range is refused, as PyTorch does.</summary>
    internal bool Fits(DType dtype)
    {
        if (dtype.IsFloatingPoint || dtype == DType.Bool) return true;
        (double least, double most) = dtype switch
        {
            // PyTorch reads −1 as 255, as C does.
            DType.UInt8 => (-byte.MaxValue, byte.MaxValue),
            DType.Int32 => (int.MinValue, int.MaxValue),
            // 2⁶³ is the first double that is no long.
            _ => (long.MinValue, 9223372036854774784.0),
        };
        return IsWhole ? dtype == DType.Int64 || (_bits >= least && _bits <= most) : Math.Truncate(ToDouble()) is var whole && whole >= least && whole <= most;
    }

    /// <summary>The number, which a tensor of a dtype can store.</summary>
    /// <exception cref="DTypeException">It cannot.</exception>
    internal Number Fitting(string operation, DType dtype) => Fits(dtype) ? this
        : throw new DTypeException($"{operation}: {this} is out of the range of {dtype}. Convert the tensor first, with To(DType.{(IsWhole ? "Int64" : "Float32")}).");

    /// <summary>The number as an operand beside a tensor: in its dtype where that is of floating point, so that nothing needs converting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Tensor Beside(Tensor like) => like.DType == DType.Float32 && DType == DType.Float32
        ? Tensor.NumberOf((float)BitConverter.Int64BitsToDouble(_bits), DType.Float32) : BesideOther(like.DType);

    private Tensor BesideOther(DType like) => (like, DType) switch
    {
        (DType.Float32, _) => Tensor.NumberOf((float)_bits, DType.Float32),
        (DType.Float64, _) or (_, DType.Float32) => Tensor.NumberOf(ToDouble(), DType.Float64),
        (_, DType.Bool) => Tensor.NumberOf((byte)_bits, DType.Bool),
        _ => Tensor.NumberOf(_bits, DType.Int64),
    };
}
