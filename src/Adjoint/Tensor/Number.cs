using System.Globalization;
using System.Numerics;
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

    /// <summary>
    /// The dtype of a tensor that is made of nothing but this number: Float32, the default, of a real one, Int64 of a whole one, or Bool.
    /// </summary>
    public DType DType { get; }

    /// <summary>Whether it was of a C# type without fractions: a whole number type, or bool. 2.0 is real.</summary>
    public bool IsWhole => !DType.IsFloatingPoint;

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
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"The greatest whole number of a tensor is {long.MaxValue}. Write it as a double.");

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
    public double ToDouble() => IsWhole ? _bits : BitConverter.Int64BitsToDouble(_bits);

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
        { IsBool: true } => _bits != 0 ? "True" : "False",
        { IsFloatingPoint: true } => ToDouble().ToString(format, formatProvider),
        _ => _bits.ToString(format, formatProvider),
    };

    /// <summary>Its bits where it is whole.</summary>
    internal long ToInt64() => IsWhole ? _bits : (long)ToDouble();

    /// <summary>
    /// Whether a tensor of a dtype can store it: a fraction is cut off, but what is out of range is refused, as PyTorch does.
    /// </summary>
    internal bool Fits(DType dtype)
    {
        if (dtype.IsFloatingPoint || dtype.IsBool) return true;
        // PyTorch reads −1 as the largest number of a dtype without negative ones, as C does.
        (long least, long most) = (dtype.Row.Least == 0 ? -dtype.Row.Most : dtype.Row.Least, dtype.Row.Most);
        // 2⁶³ is the first double that is no long; what long.MaxValue becomes as a double.
        return IsWhole ? _bits >= least && _bits <= most
            : Math.Truncate(ToDouble()) is var whole && whole >= least && (whole <= most && whole < 9223372036854775808.0);
    }

    /// <summary>The number, which a tensor of a dtype can store.</summary>
    /// <exception cref="DTypeException">It cannot.</exception>
    internal Number Fitting(string operation, DType dtype) => Fits(dtype) ? this
        : throw new DTypeException(
            $"{operation}: {this} is out of the range of {dtype}. Convert the tensor first, with "
            + $"To(DType.{(IsWhole ? "Int64" : "Float32")}).");

    /// <summary>
    /// The number as an operand beside a tensor: in its dtype where that is of floating point, so that nothing needs converting.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Tensor Beside(Tensor like)
    {
        if (!like.DType.IsFloatingPoint) return BesideWhole();
        var work = new BesideWork(this, like.DType);
        Dispatch.Floating(like.DType, "Number", ref work);
        return work.Operand!;
    }

    private Tensor BesideWhole() => !IsWhole ? Tensor.NumberOf(ToDouble(), DType.Float64)
        : DType.IsBool ? Tensor.NumberOf((byte)_bits, DType.Bool) : Tensor.NumberOf(_bits, DType.Int64);

    private struct BesideWork(Number number, DType dtype) : IFloatingWork
    {
        public Tensor? Operand { get; private set; }

        // Whole numbers are rounded once: not to double first.
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Operand = Tensor.NumberOf(
            number.IsWhole ? T.CreateTruncating(number._bits) : T.CreateTruncating(BitConverter.Int64BitsToDouble(number._bits)), dtype);
    }
}
