using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// x·2ʸ, the bits moved up; what leaves at the top is lost. Element by element, with broadcasting; a y below 0 or as large as the
    /// number of bits moves
    /// all of them out, as in PyTorch 2.
    /// </summary>
    /// <param name="other">y; integers.</param>
    /// <exception cref="DTypeException">One is not of integers.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BitwiseLeftShift(Tensor other) => WholeOperation.Of<LeftShiftFunction>("BitwiseLeftShift", this, other.Given());

    /// <summary>x·2ʸ, the bits moved up; what leaves at the top is lost, in place.</summary>
    /// <inheritdoc cref="BitwiseLeftShift"/>
    public Tensor BitwiseLeftShiftInPlace(Tensor other) =>
        WholeOperation.InPlace<LeftShiftFunction>("BitwiseLeftShiftInPlace", this, other.Given());

    /// <summary>
    /// ⌊x/2ʸ⌋, the bits moved down; the sign stays. Element by element, with broadcasting; a y below 0 or as large as the number of bits
    /// moves all of them out, as in PyTorch 2.
    /// </summary>
    /// <param name="other">y; integers.</param>
    /// <exception cref="DTypeException">One is not of integers.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BitwiseRightShift(Tensor other) => WholeOperation.Of<RightShiftFunction>("BitwiseRightShift", this, other.Given());

    /// <summary>⌊x/2ʸ⌋, the bits moved down; the sign stays, in place.</summary>
    /// <inheritdoc cref="BitwiseRightShift"/>
    public Tensor BitwiseRightShiftInPlace(Tensor other) =>
        WholeOperation.InPlace<RightShiftFunction>("BitwiseRightShiftInPlace", this, other.Given());
}

/// <summary>The bits of x moved by y places; all of them go where y is below 0 or as large as their number.</summary>
internal readonly struct LeftShiftFunction : IWholeFunction
{
    public static string Name => "bitwise_left_shift";

    public static string Code => "ShiftLeft({0}, {1})";

    public static string Method => """
        // By less than 0 or more than all bits, all of them go.
        static real ShiftLeft(real x, real y) =>
            (real)(y < 0 || y >= 8 * sizeof(real) ? 0 : x << (int)y);
        """;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>
    {
        T bits = T.CreateTruncating(8 * x.GetByteCount());
        if (!T.IsNegative(y) && y < bits) return x << int.CreateTruncating(y);
        return T.Zero;
    }

    public static bool HasRegisters<T>() where T : unmanaged => ShiftRegisters.Are<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryInteger<T> => ShiftRegisters.Left(x, y);
}

/// <summary>The bits of x moved by y places; all of them go where y is below 0 or as large as their number.</summary>
internal readonly struct RightShiftFunction : IWholeFunction
{
    public static string Name => "bitwise_right_shift";

    public static string Code => "ShiftRight({0}, {1})";

    public static string Method => """
        // By less than 0 or more than all bits, all of them go.
        static real ShiftRight(real x, real y) =>
            (real)(y < 0 || y >= 8 * sizeof(real) ? (x < 0 ? -1 : 0) : x >> (int)y);
        """;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T>
    {
        T bits = T.CreateTruncating(8 * x.GetByteCount());
        if (!T.IsNegative(y) && y < bits) return x >> int.CreateTruncating(y);
        return T.IsNegative(x) ? -T.One : T.Zero;
    }

    public static bool HasRegisters<T>() where T : unmanaged => ShiftRegisters.Are<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryInteger<T> => ShiftRegisters.Right(x, y);
}

public static partial class OpTable
{
    private static Op BitwiseLeftShift => Op.Of(OpKind.Zero, "bitwise_left_shift",
        (x, y) => (x * 8).To(DType.Int64).BitwiseLeftShift(y.Abs().To(DType.Int64)), Matrix, Row,
        new() { Formula = "x << y, bit by bit", Torch = "(x * 8).long().bitwise_left_shift(y.abs().long())" });

    private static Op BitwiseRightShift => Op.Of(OpKind.Zero, "bitwise_right_shift",
        (x, y) => (x * 8).To(DType.Int64).BitwiseRightShift(y.Abs().To(DType.Int64)), Matrix, Row,
        new() { Formula = "x >> y, bit by bit", Torch = "(x * 8).long().bitwise_right_shift(y.abs().long())" });
}
