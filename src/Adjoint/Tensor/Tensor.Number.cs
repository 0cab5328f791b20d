using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <remarks>
/// // Note [A number stays a number]
/// A C# number that becomes a tensor (x.Maximum(1.1), Where(c, 1.0, −1.0), Tensor t = 0.1) is an ordinary tensor without dimensions of
/// the dtype Float32, Int64 or Bool, which also knows the number it was made of, as PyTorch's wrapped numbers do. Operations see
/// the tensor; only where its dtype is converted (<see cref="Elements.Cast"/>) the number itself is converted, and in type
/// promotion it counts by its category alone. So no operation needs an overload for numbers to be exact. What a float does not hold
/// lies behind it in the storage. It is looked at only as long as its rounding is what the tensor holds: whoever
/// writes to the memory, by whatever view or span, makes it a tensor like any other.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>A truth value as a tensor without dimensions of dtype Bool.</summary>
    public static implicit operator Tensor(bool value) => Of(value);

    /// <summary>A whole number as a tensor without dimensions of dtype Int64.</summary>
    public static implicit operator Tensor(byte value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(byte)"/>
    public static implicit operator Tensor(ushort value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(byte)"/>
    public static implicit operator Tensor(int value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(byte)"/>
    public static implicit operator Tensor(uint value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(byte)"/>
    public static implicit operator Tensor(long value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(byte)"/>
    /// <exception cref="ArgumentOutOfRangeException">It is above long.MaxValue.</exception>
    public static implicit operator Tensor(ulong value) => Of(value);

    /// <summary>
    /// A real number as a tensor without dimensions of the default dtype, Float32. As an operand it stays the number: beside a Float64
    /// tensor 0.1 is 0.1, and not the float next to it.
    /// </summary>
    public static implicit operator Tensor(double value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(double)"/>
    public static implicit operator Tensor(float value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(double)"/>
    public static implicit operator Tensor(Half value) => Of(value);

    /// <inheritdoc cref="implicit operator Tensor(double)"/>
    public static implicit operator Tensor(decimal value) => Of(value);

    /// <summary>A number as a tensor without dimensions.</summary>
    public static implicit operator Tensor(Number value) => Of(value);

    /// <summary>Whether it is a number that was used as a tensor, which takes part in type promotion only by its category.</summary>
    internal bool IsNumber
    {
        get => (_flags & Flags.Number) != 0;
        init => _flags = value ? _flags | Flags.Number : _flags;
    }

    /// <summary>The number that this tensor is. See Note [A number stays a number].</summary>
    internal Number AsNumber
    {
        get
        {
            var work = new NumberWork(this);
            Dispatch.Elements(DType, ref work);
            return work.Value;
        }
    }

    /// <summary>An operand that is a number, held in the dtype of this library's choice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor NumberOf<T>(T value, DType dtype) where T : unmanaged
    {
        var x = new Tensor(null, Shape.Scalar, dtype) { IsNumber = true };
        Unsafe.As<long, T>(ref x._number) = value;
        return x;
    }

    /// <summary>
    /// Where one operand is a number and the other none, the number in the dtype of the other, so that it need not be converted again.
    /// </summary>
    internal static (Tensor X, Tensor Y) Fitted(Tensor x, Tensor y) =>
        x.IsNumber == y.IsNumber ? (x, y) : x.IsNumber ? (FittedNumber(x, y), y) : (x, FittedNumber(y, x));

    private static Tensor FittedNumber(Tensor number, Tensor beside)
    {
        Tensor fitted = number.AsNumber.Beside(beside);
        if (GraphCapture.IsAnywhere) GraphCapture.Current?.Fitted(number, fitted);
        return fitted;
    }

    private static Tensor Of(Number value)
    {
        if (value.IsWhole) return value.DType.IsBool ? NumberOf((byte)value.ToInt64(), DType.Bool) : NumberOf(value.ToInt64(), DType.Int64);
        double exact = value.ToDouble();
        if ((float)exact is var rounded && (rounded == exact || double.IsNaN(exact))) return NumberOf(rounded, DType.Float32);
        return new Tensor(Storage.OfNumber(exact), Shape.Scalar, DType.Float32) { IsNumber = true };
    }

    /// <summary>Reads the number that a tensor is. See Note [A number stays a number].</summary>
    private struct NumberWork(Tensor x) : IElementWork
    {
        public Number Value { get; private set; }

        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T rounded = x.First<T>();
            double held = double.CreateTruncating(rounded), exact = x._storage?.Exact ?? held;
            // To the bit: 0 is not −0.
            T again = T.CreateTruncating(exact);
            Value = again.Equals(rounded) && T.IsNegative(again) == T.IsNegative(rounded) ? exact : held;
        }

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T>
        {
            Value = x.DType.IsBool ? !T.IsZero(x.First<T>()) : long.CreateTruncating(x.First<T>());
        }
    }
}
