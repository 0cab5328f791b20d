using System.Numerics;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The bits that are set in both, element by element, with broadcasting; of truth values the logical one.</summary>
    /// <param name="other">The others; integers or truth values.</param>
    /// <exception cref="DTypeException">One is of floating point.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BitwiseAnd(Tensor other) => WholeOperation.Of<BitwiseAndFunction>("BitwiseAnd", this, other.Given());

    /// <summary>The bits that are set in both, in place.</summary>
    /// <inheritdoc cref="BitwiseAnd"/>
    public Tensor BitwiseAndInPlace(Tensor other) =>
        WholeOperation.InPlace<BitwiseAndFunction>("BitwiseAndInPlace", this, other.Given());

    /// <summary>The bits that are set in either, element by element, with broadcasting; of truth values the logical one.</summary>
    /// <param name="other">The others; integers or truth values.</param>
    /// <exception cref="DTypeException">One is of floating point.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BitwiseOr(Tensor other) => WholeOperation.Of<BitwiseOrFunction>("BitwiseOr", this, other.Given());

    /// <summary>The bits that are set in either, in place.</summary>
    /// <inheritdoc cref="BitwiseOr"/>
    public Tensor BitwiseOrInPlace(Tensor other) =>
        WholeOperation.InPlace<BitwiseOrFunction>("BitwiseOrInPlace", this, other.Given());

    /// <summary>The bits that are set in one of both, element by element, with broadcasting; of truth values the logical one.</summary>
    /// <param name="other">The others; integers or truth values.</param>
    /// <exception cref="DTypeException">One is of floating point.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor BitwiseXor(Tensor other) => WholeOperation.Of<BitwiseXorFunction>("BitwiseXor", this, other.Given());

    /// <summary>The bits that are set in one of both, in place.</summary>
    /// <inheritdoc cref="BitwiseXor"/>
    public Tensor BitwiseXorInPlace(Tensor other) =>
        WholeOperation.InPlace<BitwiseXorFunction>("BitwiseXorInPlace", this, other.Given());

    /// <summary>All bits inverted, element by element: −x − 1 for integers with a sign; of truth values the opposite.</summary>
    /// <exception cref="DTypeException">The tensor is of floating point.</exception>
    public Tensor BitwiseNot() => BitwiseInversion.Of("BitwiseNot", this);

    /// <summary>All bits inverted, in place.</summary>
    /// <inheritdoc cref="BitwiseNot"/>
    public Tensor BitwiseNotInPlace() => CopyInPlace(BitwiseInversion.Of("BitwiseNotInPlace", this));
}

/// <summary>The bits that are set in both.</summary>
internal readonly struct BitwiseAndFunction : IWholeFunction
{
    public static string Name => "bitwise_and";

    public static bool TakesBool => true;

    public static string Code => "{0} & {1}";

    public static bool HasRegisters<T>() where T : unmanaged => true;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T> => x & y;

    public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryInteger<T> => x & y;
}

/// <summary>The bits that are set in either.</summary>
internal readonly struct BitwiseOrFunction : IWholeFunction
{
    public static string Name => "bitwise_or";

    public static bool TakesBool => true;

    public static string Code => "{0} | {1}";

    public static bool HasRegisters<T>() where T : unmanaged => true;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T> => x | y;

    public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryInteger<T> => x | y;
}

/// <summary>The bits that are set in one of both.</summary>
internal readonly struct BitwiseXorFunction : IWholeFunction
{
    public static string Name => "bitwise_xor";

    public static bool TakesBool => true;

    public static string Code => "{0} ^ {1}";

    public static bool HasRegisters<T>() where T : unmanaged => true;

    public static T Of<T>(T x, T y) where T : unmanaged, IBinaryInteger<T> => x ^ y;

    public static Vector<T> Of<T>(Vector<T> x, Vector<T> y) where T : unmanaged, IBinaryInteger<T> => x ^ y;
}

/// <summary>All bits inverted: those that differ from −1, of which all are set, or from 255.</summary>
internal static class BitwiseInversion
{
    internal static Tensor Of(string method, Tensor x)
    {
        if (x.DType.IsBool) return x.LogicalNot();
        Tensor all = Tensor.Full(Shape.Scalar, x.DType.Row.Least == 0 ? x.DType.Row.Most : -1, x.DType);
        return WholeOperation.Of<BitwiseXorFunction>(method, x, all);
    }
}

public static partial class OpTable
{
    private static Op BitwiseAnd => Op.Of(OpKind.Zero, "bitwise_and",
        (x, y) => (x * 8).To(DType.Int64).BitwiseAnd((y * 8).To(DType.Int64)),
        Matrix, Row, new() { Formula = "x & y, bit by bit", Torch = "(x * 8).long() & (y * 8).long()" });

    private static Op BitwiseOr => Op.Of(OpKind.Zero, "bitwise_or",
        (x, y) => (x * 8).To(DType.Int64).BitwiseOr((y * 8).To(DType.Int64)),
        Matrix, Row, new() { Formula = "x | y, bit by bit", Torch = "(x * 8).long() | (y * 8).long()" });

    private static Op BitwiseXor => Op.Of(OpKind.Zero, "bitwise_xor",
        (x, y) => (x * 8).To(DType.Int64).BitwiseXor((y * 8).To(DType.Int64)),
        Matrix, Row, new() { Formula = "x ^ y, bit by bit", Torch = "(x * 8).long() ^ (y * 8).long()" });

    private static Op BitwiseNot => Op.Of(OpKind.Zero, "bitwise_not", x => (x * 8).To(DType.Int64).BitwiseNot(), Matrix,
        new() { Formula = "~x, bit by bit", Torch = "(x * 8).long().bitwise_not()" });
}
